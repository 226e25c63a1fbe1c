#include "app/output.hpp"

#include <filesystem>

#include "engine/base/parallel.hpp"
#include "engine/comm/agreement.hpp"
#include "io/csv_writer.hpp"
#include "io/results_file.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::app {

std::vector<std::string> strings(const StringColumn& column) {
  std::vector<std::string> result(static_cast<std::size_t>(column.size()));
  parallel_pieces(column.size(), [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) result[static_cast<std::size_t>(i)] = column[i];
  });
  return result;
}

void write_slices(const std::string& path, const Context& context, const comm::ProcessGrid& grid,
                  const io::Table& slice) {
  on_first_replica(context, grid, [&] { io::write_csv(grid.group(), path, slice); });
}

namespace {

/// All rows on rank 0, none elsewhere.
io::Table on_root(const Context& context, io::Table table) {
  if (context.world().is_root()) return table;
  for (auto& column : table.columns) std::visit([](auto& cells) { cells.clear(); }, column.cells);
  return table;
}

}  // namespace

void write_whole(const std::string& path, const Context& context, const io::Table& table) {
  io::write_csv(context.world(), path, on_root(context, table));
}

void write_results_file(const std::string& folder, const Context& context,
                        std::vector<std::pair<std::string, io::Table>> tables,
                        const std::map<std::string, std::string>& attributes) {
  for (auto& [name, table] : tables) table = on_root(context, std::move(table));
  io::write_results(context.world(), folder + "/results.h5", tables, attributes);
}

namespace {

bool is_same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::equivalent(a, b, error)) return true;
  // Made absolute first: of a file that is not there yet nothing else would be.
  const auto path = fs::weakly_canonical(fs::absolute(a), error);
  return !error && path == fs::weakly_canonical(fs::absolute(b), error);
}

}  // namespace

void check_outputs(const Context& context, const std::vector<std::string>& inputs,
                   const std::vector<std::string>& outputs) {
  comm::collectively(context.world(), [&] {
    if (!context.world().is_root()) return;
    auto others = inputs;
    for (const auto& output : outputs) {
      if (output.empty()) continue;
      for (const auto& other : others) {
        require(other.empty() || !is_same_file(output, other), ErrorKind::usage,
                "cannot write " + output + ": that would replace " + other +
                    ", which this command reads or writes too");
      }
      io::check_writable(output);
      others.push_back(output);
    }
  });
}

void make_folder(const std::string& path, const Context& context) {
  comm::collectively(context.world(), [&] {
    if (!context.world().is_root()) return;
    std::error_code error;
    std::filesystem::create_directories(path, error);
    require(!error, ErrorKind::io, path + ": cannot make this folder: " + error.message());
  });
}

}  // namespace tradegraph::app
