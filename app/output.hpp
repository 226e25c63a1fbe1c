#pragma once
/// Writing what commands have computed.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/context.hpp"
#include "engine/base/string_column.hpp"
#include "engine/comm/agreement.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

[[nodiscard]] std::vector<std::string> strings(const StringColumn& column);

/// Runs `work`, which communicates over `grid.group()` only, on the first replica group; its errors
/// are thrown by all. Collective over all ranks.
template <class Work>
void on_first_replica(const Context& context, const comm::ProcessGrid& grid, Work&& work) {
  std::optional<Error> failure;
  if (grid.replica() == 0) {
    try {
      std::forward<Work>(work)();
    } catch (...) {
      failure = comm::current_error();
    }
  }
  comm::agree(context.world(), failure);
}

/// Writes a table of which each rank of a replica group holds a slice; the first group writes.
/// Collective over all ranks; errors are thrown by all.
void write_slices(const std::string& path, const Context& context, const comm::ProcessGrid& grid,
                  const io::Table& slice);

/// Writes a table that every rank holds in full. Collective over all ranks.
void write_whole(const std::string& path, const Context& context, const io::Table& table);

/// FOLDER/results.h5 of tables that every rank holds in full. Collective over all ranks.
void write_results_file(const std::string& folder, const Context& context,
                        std::vector<std::pair<std::string, io::Table>> tables,
                        const std::map<std::string, std::string>& attributes);

/// Whether these files can be written, before work that lasts: throws `ErrorKind::usage` where one
/// would replace an input or another output, whatever they are called, `ErrorKind::io` as
/// `io::check_writable` does. Empty names are none. Collective.
void check_outputs(const Context& context, const std::vector<std::string>& inputs,
                   const std::vector<std::string>& outputs);

/// Makes a folder for results. Collective; throws `ErrorKind::io`.
void make_folder(const std::string& path, const Context& context);

}  // namespace tradegraph::app
