#include "app/output.hpp"

#include <filesystem>

#include "engine/base/parallel.hpp"
#include "engine/comm/agreement.hpp"
#include "io/csv_writer.hpp"

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

void write_whole(const std::string& path, const Context& context, const io::Table& table) {
  io::Table slice = table;
  if (!context.world().is_root()) {
    for (auto& column : slice.columns) std::visit([](auto& cells) { cells.clear(); }, column.cells);
  }
  io::write_csv(context.world(), path, slice);
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
