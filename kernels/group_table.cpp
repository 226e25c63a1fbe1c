#include "kernels/group_table.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace tradegraph::kernels {

GroupTable::GroupTable(const std::vector<PlacedFirm>& received, const IdentifyConfig& config)
    : received_(received), order_(received.size()) {
  // By group; within a group as they came, which keeps neighbours together.
  std::map<std::int32_t, std::size_t> next;
  for (const auto& firm : received) ++next[group_of(firm, config)];
  std::size_t first = 0;
  for (auto& [group, count] : next) first += std::exchange(count, first);
  for (std::size_t i = 0; i < received.size(); ++i) {
    order_[next[group_of(received[i], config)]++] = i;
  }
  std::vector<std::int64_t> numbers;
  numbers.reserve(order_.size());
  for (const auto at : order_) {
    append(received[at], group_of(received[at], config));
    numbers.push_back(received[at].firm);
  }
  place_.emplace(numbers);
}

void GroupTable::append(const PlacedFirm& firm, std::int32_t group) {
  if (groups_.empty() || groups_.back().code != group) {
    groups_.push_back({group, x_.size(), x_.size(), {}, {}});
  }
  ++groups_.back().last;
  x_.push_back(firm.x);
  y_.push_back(firm.y);
  row_.push_back(firm.row);
}

void GroupTable::add(std::span<const Link> links) {
  for (const auto& link : links) {
    const auto a = find(link.supplier);
    const auto b = find(link.buyer);
    if (a >= x_.size() || b >= x_.size()) continue;
    auto& group = group_at(a);
    if (b < group.first || b >= group.last) continue;
    group.pair_first.push_back(static_cast<std::int64_t>(a - group.first));
    group.pair_second.push_back(static_cast<std::int64_t>(b - group.first));
  }
}

PointSet GroupTable::points(const Group& group) const {
  const auto size = group.last - group.first;
  return {std::span(x_).subspan(group.first, size), std::span(y_).subspan(group.first, size),
          std::span(row_).subspan(group.first, size)};
}

std::size_t GroupTable::find(std::int64_t number) const {
  const auto place = place_->find(number);
  return place < 0 ? x_.size() : static_cast<std::size_t>(place);
}

GroupTable::Group& GroupTable::group_at(std::size_t place) {
  return *std::prev(std::upper_bound(groups_.begin(), groups_.end(), place,
                                     [](auto p, const Group& g) { return p < g.first; }));
}

}  // namespace tradegraph::kernels
