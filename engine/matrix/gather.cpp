#include "engine/matrix/gather.hpp"

#include <algorithm>
#include <bit>

#include "engine/base/random.hpp"

namespace tradegraph::matrix {

namespace {

/// Numbers distinct indices in order of first appearance: open addressing, half full at most.
class DistinctIndices {
 public:
  explicit DistinctIndices(std::size_t at_most)
      : table_(std::bit_ceil(2 * at_most + 2), kEmpty), mask_(table_.size() - 1) {}

  std::int64_t number_of(std::int64_t index) {
    auto at = mix64(static_cast<std::uint64_t>(index)) & mask_;
    for (; table_[at] != kEmpty; at = (at + 1) & mask_) {
      if (found_[static_cast<std::size_t>(table_[at])] == index) return table_[at];
    }
    table_[at] = static_cast<std::int64_t>(found_.size());
    found_.push_back(index);
    return table_[at];
  }
  [[nodiscard]] const std::vector<std::int64_t>& found() const { return found_; }

 private:
  static constexpr std::int64_t kEmpty = -1;
  std::vector<std::int64_t> table_;
  std::uint64_t mask_;
  std::vector<std::int64_t> found_;
};

void check_inside(std::span<const std::int64_t> indices, std::int64_t size) {
  require(std::all_of(indices.begin(), indices.end(),
                      [=](std::int64_t i) { return i >= 0 && i < size; }),
          ErrorKind::internal, "index outside the vector");
}

}  // namespace

IndexExchange::IndexExchange(const comm::ProcessGrid& grid, const Layout& layout,
                             std::span<const std::int64_t> indices)
    : grid_(&grid), layout_(layout) {
  comm::collectively(grid.group(), [&] { check_inside(indices, layout.size()); });
  if (grid.group().size() == 1) {
    slot_.assign(indices.begin(), indices.end());  // one rank holds everything in global order
  } else {
    resolve(indices);
  }
}

void IndexExchange::resolve(std::span<const std::int64_t> indices) {
  DistinctIndices distinct(indices.size());
  slot_.reserve(indices.size());
  for (const auto index : indices) slot_.push_back(distinct.number_of(index));

  std::vector<Layout::Place> places;
  places.reserve(distinct.found().size());
  request_counts_.assign(static_cast<std::size_t>(grid_->group().size()), 0);
  for (const auto index : distinct.found()) {
    places.push_back(layout_.place_of(GlobalIndex(index)));
    ++request_counts_[static_cast<std::size_t>(places.back().rank)];
  }
  std::vector<std::int64_t> next(request_counts_.size(), 0);
  std::partial_sum(request_counts_.begin(), request_counts_.end() - 1, next.begin() + 1);
  std::vector<std::int64_t> order(places.size());  // of a distinct index: its place in the message
  std::vector<std::int64_t> asked(places.size());
  for (std::size_t d = 0; d < places.size(); ++d) {
    order[d] = next[static_cast<std::size_t>(places[d].rank)]++;
    asked[static_cast<std::size_t>(order[d])] = places[d].position;
  }
  for (auto& slot : slot_) slot = order[static_cast<std::size_t>(slot)];
  auto wanted =
      comm::all_to_all_v(grid_->group(), std::span<const std::int64_t>(asked), request_counts_);
  wanted_ = std::move(wanted.values);
  wanted_counts_ = std::move(wanted.counts);
}

}  // namespace tradegraph::matrix
