#pragma once
/// Writing what commands have computed.

#include <string>
#include <vector>

#include "app/context.hpp"
#include "engine/base/string_column.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

[[nodiscard]] std::vector<std::string> strings(const StringColumn& column);

/// Writes a table of which each rank of a replica group holds a slice; the first group writes.
/// Collective over all ranks; errors are thrown by all.
void write_slices(const std::string& path, const Context& context, const comm::ProcessGrid& grid,
                  const io::Table& slice);

/// Writes a table that every rank holds in full. Collective over all ranks.
void write_whole(const std::string& path, const Context& context, const io::Table& table);

/// Makes a folder for results. Collective; throws `ErrorKind::io`.
void make_folder(const std::string& path, const Context& context);

}  // namespace tradegraph::app
