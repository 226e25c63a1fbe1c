#include "kernels/frontier_exchange.hpp"

#include <algorithm>

#include "engine/comm/agreement.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::check_grb;
using matrix::GrbMatrix;
using matrix::Triples;
using matrix::ValueType;

/// A block without rows or columns is stored with one.
std::int64_t side(std::int64_t length) { return std::max<std::int64_t>(length, 1); }

/// Frontier from entries in slots of `columns` a source; entries of one slot are added.
GrbMatrix frontier_of(std::span<const FrontierEntry> entries, std::int64_t sources,
                      std::int64_t columns) {
  Triples triples;
  triples.row.reserve(entries.size());
  triples.column.reserve(entries.size());
  triples.real.reserve(entries.size());
  for (const auto& entry : entries) {
    triples.row.push_back(entry.slot / side(columns));
    triples.column.push_back(entry.slot % side(columns));
    triples.real.push_back(entry.value);
  }
  return matrix::build_block(ValueType::real, sources, columns, triples);
}

}  // namespace

FrontierExchange::FrontierExchange(const matrix::DistributedMatrix& a) : a_(&a) {
  const auto& grid = a.grid();
  const auto& rows = a.row_layout();
  require(a.rows() == a.columns(), ErrorKind::internal, "traversal of a matrix not square");
  own_ = rows.count(grid.group().rank());
  const auto pieces = rows.piece_counts(grid.row());
  for (int c = 0; c < grid.column(); ++c) first_own_ += pieces[static_cast<std::size_t>(c)];
  if (grid.group().size() == 1) return;
  for (int r = 0; r < grid.group().size(); ++r) own_of_rank_.push_back(rows.count(r));
  for (std::int64_t c = 0; c < a.local_columns(); ++c) {
    const auto place = rows.place_of(a.global_column(LocalCol(c)));
    owner_.push_back(place.rank);
    position_.push_back(place.position);
  }
}

GrbMatrix FrontierExchange::over_grid_row(const GrbMatrix& frontier) const {
  const auto columns = side(a_->local_rows());
  const auto mine = matrix::extract_triples(ValueType::real, frontier);
  std::vector<FrontierEntry> entries(mine.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i] = {mine.row[i] * columns + first_own_ + mine.column[i], mine.real[i]};
  }
  const auto all =
      comm::all_gather_v(a_->grid().row_ranks(), std::span<const FrontierEntry>(entries)).values;
  return comm::collectively(a_->grid().group(),
                            [&] { return frontier_of(all, frontier.rows(), a_->local_rows()); });
}

GrbMatrix FrontierExchange::to_owners(const GrbMatrix& partial, const GrbMatrix& mask,
                                      GrB_Descriptor how) const {
  const auto mine = matrix::extract_triples(ValueType::real, partial);
  std::vector<std::int64_t> counts(own_of_rank_.size(), 0);
  for (const auto c : mine.column) {
    ++counts[static_cast<std::size_t>(owner_[static_cast<std::size_t>(c)])];
  }
  std::vector<std::size_t> next(counts.size(), 0);
  for (std::size_t r = 1; r < next.size(); ++r) {
    next[r] = next[r - 1] + static_cast<std::size_t>(counts[r - 1]);
  }
  std::vector<FrontierEntry> sent(mine.size());
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const auto c = static_cast<std::size_t>(mine.column[i]);
    const auto rank = static_cast<std::size_t>(owner_[c]);
    sent[next[rank]++] = {mine.row[i] * side(own_of_rank_[rank]) + position_[c], mine.real[i]};
  }
  const auto got =
      comm::all_to_all_v(a_->grid().group(), std::span<const FrontierEntry>(sent), counts).values;
  return comm::collectively(a_->grid().group(), [&] {
    const auto sums = frontier_of(got, partial.rows(), own_);
    GrbMatrix kept(GrB_FP64, sums.rows(), sums.columns());
    check_grb(
        GrB_Matrix_apply(kept.get(), mask.get(), nullptr, GrB_IDENTITY_FP64, sums.get(), how));
    return kept;
  });
}

GrbMatrix FrontierExchange::multiply(const GrbMatrix& frontier, const GrbMatrix& mask,
                                     bool complement) const {
  const auto how = complement ? GrB_DESC_RSC : GrB_DESC_RS;
  const auto& group = a_->grid().group();
  const bool alone = group.size() == 1;
  const auto wide = a_->grid().row_ranks().size() == 1 ? GrbMatrix() : over_grid_row(frontier);
  const auto left = a_->grid().row_ranks().size() == 1 ? frontier.get() : wide.get();
  auto product = comm::collectively(group, [&] {
    GrbMatrix partial(GrB_FP64, frontier.rows(), a_->local_columns());
    check_grb(GrB_mxm(partial.get(), alone ? mask.get() : nullptr, nullptr, GxB_PLUS_FIRST_FP64,
                      left, a_->block().get(), alone ? how : nullptr));
    return partial;
  });
  return alone ? std::move(product) : to_owners(product, mask, how);
}

}  // namespace tradegraph::kernels
