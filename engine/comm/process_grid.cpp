#include "engine/comm/process_grid.hpp"

#include <cstdio>

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
  GridShape shape;
  char excess = 0;
  const int read = std::sscanf(text.c_str(), "%d,%d,%d%c", &shape.replicas, &shape.rows,
                               &shape.columns, &excess);
  require(read == 3 && shape.replicas > 0 && shape.rows > 0 && shape.columns > 0, ErrorKind::usage,
          "--grid '" + text + "' is not three positive numbers: replicas,rows,columns");
  require(static_cast<long>(shape.replicas) * shape.rows * shape.columns == ranks, ErrorKind::usage,
          "--grid " + text + " needs another number of ranks than the " + std::to_string(ranks) +
              " that run");
  return shape;
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
