#include "engine/matrix/layout.hpp"

#include <algorithm>
#include <numeric>

namespace tradegraph::matrix {

namespace {

Partition partition_for(comm::GridShape shape, std::int64_t size, Alignment alignment) {
  if (alignment == Alignment::columns) {
    return Partition(size, shape.columns, Partition::Deal::rotated);
  }
  return Partition(size, shape.rows, Partition::Deal::straight);
}

}  // namespace

Layout::Layout(comm::GridShape shape, std::int64_t size, Alignment alignment)
    : shape_(shape), alignment_(alignment), partition_(partition_for(shape, size, alignment)) {}

Layout::Piece Layout::piece_of(int rank) const {
  const int row = rank / shape_.columns;
  const int column = rank % shape_.columns;
  return alignment_ == Alignment::rows ? Piece{row, column} : Piece{column, row};
}

int Layout::rank_of(Piece piece) const {
  return alignment_ == Alignment::rows ? piece.part * shape_.columns + piece.piece
                                       : piece.piece * shape_.columns + piece.part;
}

Slices Layout::pieces(int part) const {
  const int count = alignment_ == Alignment::rows ? shape_.columns : shape_.rows;
  return Slices(partition_.local_size(part), count);
}

Layout::Place Layout::place_of(GlobalIndex index) const {
  if (alignment_ == Alignment::slices) {
    const Slices slices(size(), ranks());
    const int rank = slices.part_of(index.value());
    return {rank, index.value() - slices.begin(rank)};
  }
  const int part = partition_.part_of(index);
  const auto local = partition_.local_of(index);
  const auto split = pieces(part);
  const int piece = split.part_of(local);
  return {rank_of({part, piece}), local - split.begin(piece)};
}

std::int64_t Layout::run_from(GlobalIndex index) const {
  if (alignment_ == Alignment::slices) {
    const Slices slices(size(), ranks());
    return slices.begin(slices.part_of(index.value()) + 1) - index.value();
  }
  const auto length = partition_.strip_length();
  const auto in_strip = std::min(length - index.value() % length, size() - index.value());
  const auto local = partition_.local_of(index);
  const auto split = pieces(partition_.part_of(index));
  return std::min(in_strip, split.begin(split.part_of(local) + 1) - local);
}

GlobalIndex Layout::global_of(int rank, std::int64_t position) const {
  if (alignment_ == Alignment::slices) {
    return GlobalIndex(Slices(size(), ranks()).begin(rank) + position);
  }
  const auto [part, piece] = piece_of(rank);
  return partition_.global_of(part, pieces(part).begin(piece) + position);
}

std::vector<std::int64_t> Layout::globals_of(int rank) const {
  std::vector<std::int64_t> globals(static_cast<std::size_t>(count(rank)));
  for (auto at = globals.begin(); at != globals.end();) {
    const auto first = global_of(rank, at - globals.begin());
    const auto end = at + run_from(first);
    std::iota(at, end, first.value());
    at = end;
  }
  return globals;
}

std::int64_t Layout::count(int rank) const {
  if (alignment_ == Alignment::slices) return Slices(size(), ranks()).count(rank);
  const auto [part, piece] = piece_of(rank);
  return pieces(part).count(piece);
}

std::vector<std::int64_t> Layout::piece_counts(int part) const {
  const auto split = pieces(part);
  const int count = alignment_ == Alignment::rows ? shape_.columns : shape_.rows;
  std::vector<std::int64_t> counts;
  for (int piece = 0; piece < count; ++piece) counts.push_back(split.count(piece));
  return counts;
}

}  // namespace tradegraph::matrix
