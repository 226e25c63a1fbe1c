#include "engine/matrix/block_exchange.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace tradegraph::matrix {

namespace {

std::int64_t total(std::span<const std::int64_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

/// The columns of a block that have entries, ascending.
std::vector<std::int64_t> used_columns(const CsrBlock& block) {
  std::vector<char> used(static_cast<std::size_t>(block.columns()), 0);
  const auto columns = block.column_of_entry();
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < block.entries(); ++i) {
    std::atomic_ref flag(used[columns[static_cast<std::size_t>(i)]]);
    if (flag.load(std::memory_order_relaxed) == 0) flag.store(1, std::memory_order_relaxed);
  }
  std::vector<std::int64_t> result;
  for (std::int64_t c = 0; c < block.columns(); ++c) {
    if (used[static_cast<std::size_t>(c)] != 0) result.push_back(c);
  }
  return result;
}

/// Places of ascending firms, run by run.
class Places {
 public:
  explicit Places(const Layout& layout) : layout_(layout) {}
  [[nodiscard]] Layout::Place of(std::int64_t firm) {
    if (firm >= run_end_) {
      first_ = firm;
      place_ = layout_.place_of(GlobalIndex(firm));
      run_end_ = firm + layout_.run_from(GlobalIndex(firm));
    }
    return {place_.rank, place_.position + (firm - first_)};
  }

 private:
  const Layout& layout_;
  Layout::Place place_{0, 0};
  std::int64_t first_ = 0;
  std::int64_t run_end_ = 0;
};

void take(std::span<const double> from, std::span<const std::int64_t> positions,
          Buffer<double>& to) {
  const auto count = static_cast<std::int64_t>(positions.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    to[i] = from[static_cast<std::size_t>(positions[static_cast<std::size_t>(i)])];
  }
}

}  // namespace

BlockExchange::BlockExchange(const DistributedMatrix& a)
    : grid_(&a.grid()), index_(a.csr().column_of_entry()) {
  require(a.rows() == a.columns(), ErrorKind::internal, "exchange for a matrix that is not square");
  if (grid_->group().size() > 1) plan_columns(a);
  if (!rows_are_own()) plan_rows(a);
  sent_ = Buffer<double>(
      std::max(std::ssize(column_sends_.positions), std::ssize(row_sends_.positions)));
}

void BlockExchange::plan_columns(const DistributedMatrix& a) {
  const auto& block = a.csr();
  const auto columns = used_columns(block);
  const auto firms = a.column_layout().partition().globals_of(grid_->column());
  std::vector<std::vector<std::int64_t>> wanted(static_cast<std::size_t>(grid_->group().size()));
  std::vector<std::int32_t> owner;
  Places places(a.row_layout());
  for (const auto c : columns) {
    const auto place = places.of(firms[static_cast<std::size_t>(c)]);
    wanted[static_cast<std::size_t>(place.rank)].push_back(place.position);
    owner.push_back(place.rank);
  }
  std::vector<std::int64_t> asked;
  std::vector<std::int64_t> next;
  for (const auto& of_rank : wanted) {
    next.push_back(std::ssize(asked));
    column_counts_.push_back(std::ssize(of_rank));
    asked.insert(asked.end(), of_rank.begin(), of_rank.end());
  }
  auto got =
      comm::all_to_all_v(grid_->group(), std::span<const std::int64_t>(asked), column_counts_);
  column_sends_ = {std::move(got.values), std::move(got.counts)};
  expanded_ = Buffer<double>(std::ssize(asked));
  Buffer<CsrBlock::Column> slot(block.columns());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    slot[columns[k]] = static_cast<CsrBlock::Column>(next[static_cast<std::size_t>(owner[k])]++);
  }
  own_index_ = Buffer<CsrBlock::Column>(block.entries());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < block.entries(); ++i) {
    own_index_[i] = slot[block.column_of_entry()[static_cast<std::size_t>(i)]];
  }
  index_ = own_index_;
}

void BlockExchange::plan_rows(const DistributedMatrix& a) {
  const auto& block = a.csr();
  const auto pieces = a.row_layout().piece_counts(grid_->row());
  std::vector<std::int64_t> offsets;  // of the rows, within the piece they belong to
  std::int64_t begin = 0;
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    const auto before = std::ssize(row_sends_.positions);
    const bool is_own = static_cast<int>(piece) == grid_->column();
    if (is_own) first_own_row_ = begin;
    for (auto r = begin; r < begin + pieces[piece] && !is_own; ++r) {
      if (block.row(r).empty()) continue;
      row_sends_.positions.push_back(r);
      offsets.push_back(r - begin);
    }
    row_sends_.counts.push_back(std::ssize(row_sends_.positions) - before);
    begin += pieces[piece];
  }
  auto got = comm::all_to_all_v(grid_->row_ranks(), std::span<const std::int64_t>(offsets),
                                row_sends_.counts);
  row_receives_ = {std::move(got.values), std::move(got.counts)};
  received_ = Buffer<double>(total(row_receives_.counts));
  folded_ = Buffer<double>(pieces[static_cast<std::size_t>(grid_->column())]);
}

std::span<const double> BlockExchange::expand(std::span<const double> own) {
  if (grid_->group().size() == 1) return own;
  take(own, column_sends_.positions, sent_);
  comm::exchange(grid_->group(),
                 std::span<const double>(sent_).first(column_sends_.positions.size()),
                 column_sends_.counts, std::span<double>(expanded_), column_counts_);
  return expanded_;
}

std::span<const double> BlockExchange::fold(std::span<const double> partial) {
  if (rows_are_own()) return partial;
  take(partial, row_sends_.positions, sent_);
  comm::exchange(grid_->row_ranks(),
                 std::span<const double>(sent_).first(row_sends_.positions.size()),
                 row_sends_.counts, std::span<double>(received_), row_receives_.counts);
  const auto* mine = partial.data() + first_own_row_;
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < folded_.ssize(); ++i) folded_[i] = mine[i];
  // By source, in order; within a source every firm comes once.
  std::int64_t begin = 0;
  for (const auto count : row_receives_.counts) {
#pragma omp parallel for schedule(static)
    for (std::int64_t k = begin; k < begin + count; ++k) {
      folded_[row_receives_.positions[static_cast<std::size_t>(k)]] += received_[k];
    }
    begin += count;
  }
  return folded_;
}

}  // namespace tradegraph::matrix
