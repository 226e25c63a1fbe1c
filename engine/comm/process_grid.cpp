#include "engine/comm/process_grid.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "engine/base/error.hpp"

namespace tradegraph::comm {

std::string GridShape::text() const {
  return std::to_string(replicas) + "," + std::to_string(rows) + "," + std::to_string(columns);
}

GridShape GridShape::nearest_square(int ranks) {
  int columns = 1;
  for (int d = 1; d * d <= ranks; ++d) {
    if (ranks % d == 0) columns = d;
  }
  return {.replicas = 1, .rows = ranks / columns, .columns = columns};
}

GridShape GridShape::parse(const std::string& text, int ranks) {
  std::array<int, 3> sizes{};
  std::string_view rest = text;
  bool is_grid = true;
  for (auto& size : sizes) {
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const bool is_last = &size == &sizes.back();
    is_grid = is_grid && fault == std::errc() && size > 0 &&
              (is_last ? rest.empty() : rest.starts_with(','));
    if (!rest.empty()) rest.remove_prefix(1);
  }
  require(is_grid, ErrorKind::usage,
          "--grid '" + text + "' is not three positive numbers: replicas,rows,columns");
  const auto [replicas, rows, columns] = sizes;
  const auto blocks = std::int64_t{rows} * columns;
  require(blocks <= ranks && blocks * replicas == ranks, ErrorKind::usage,
          "--grid " + text + " needs another number of ranks than the " + std::to_string(ranks) +
              " that run");
  return {.replicas = replicas, .rows = rows, .columns = columns};
}

namespace {

int checked_rank(const Communicator& world, GridShape shape) {
  require(shape.ranks() == world.size(), ErrorKind::usage,
          "a grid of " + shape.text() + " does not fit " + std::to_string(world.size()) + " ranks");
  return world.rank();
}

}  // namespace

ProcessGrid::ProcessGrid(const Communicator& world, GridShape shape)
    : shape_(shape),
      replica_(checked_rank(world, shape) / (shape.rows * shape.columns)),
      row_(world.rank() / shape.columns % shape.rows),
      column_(world.rank() % shape.columns),
      world_(world.duplicate()),
      group_(world.split(replica_, world.rank())),
      row_ranks_(group_.split(row_, column_)),
      column_ranks_(group_.split(column_, row_)),
      twins_(world.split(group_.rank(), replica_)) {}

}  // namespace tradegraph::comm
