#include "kernels/nation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "kernels/firm_directory.hpp"

namespace tradegraph::kernels {

Adjacency::Adjacency(std::size_t firms, const std::vector<std::uint64_t>& pairs)
    : first_(firms + 1, 0) {
  for (const auto pair : pairs) ++first_[static_cast<std::size_t>(pair >> 32) + 1];
  for (std::size_t i = 0; i < firms; ++i) first_[i + 1] += first_[i];
  other_.resize(pairs.size());
  // A snapshot's links come in order.
  const auto out_of_order = std::adjacent_find(pairs.begin(), pairs.end(), std::greater_equal<>());
  if (out_of_order == pairs.end()) {
    std::transform(pairs.begin(), pairs.end(), other_.begin(),
                   [](auto pair) { return static_cast<std::uint32_t>(pair); });
    return;
  }
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (const auto pair : pairs) {
    other_[next[static_cast<std::size_t>(pair >> 32)]++] = static_cast<std::uint32_t>(pair);
  }
  drop_repeats();
}

/// Sorts the partners of each firm and keeps each once.
void Adjacency::drop_repeats() {
  const auto at = [&](std::size_t i) { return other_.begin() + static_cast<std::ptrdiff_t>(i); };
  std::size_t begin = 0;
  auto kept = other_.begin();
  for (std::size_t i = 1; i < first_.size(); ++i) {
    std::sort(at(begin), at(first_[i]));
    const auto end = std::unique(at(begin), at(first_[i]));
    const auto to = std::move(at(begin), end, kept);
    begin = first_[i];
    kept = to;
    first_[i] = static_cast<std::size_t>(kept - other_.begin());
  }
  other_.erase(kept, other_.end());
}

Adjacency Adjacency::transposed() const {
  Adjacency result;
  const auto firms = first_.size() - 1;
  result.first_.assign(firms + 1, 0);
  for (const auto firm : other_) ++result.first_[std::size_t{firm} + 1];
  for (std::size_t i = 0; i < firms; ++i) result.first_[i + 1] += result.first_[i];
  result.other_.resize(other_.size());
  std::vector<std::size_t> next(result.first_.begin(), result.first_.end() - 1);
  for (std::size_t i = 0; i < firms; ++i) {
    for (const auto firm : of(i)) result.other_[next[firm]++] = static_cast<std::uint32_t>(i);
  }
  return result;
}

/// A firm and the class of its industry.
struct ClassedFirm {
  PlacedFirm firm;
  std::int64_t klass;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::ClassedFirm> : std::true_type {};

namespace tradegraph::kernels {

namespace {

std::vector<ClassedFirm> all_firms(const comm::Communicator& comm, const FirmPlaces& firms,
                                   std::span<const std::int32_t> klass) {
  std::vector<ClassedFirm> mine(firms.firm.size());
  for (std::size_t i = 0; i < mine.size(); ++i) {
    mine[i] = {
        {firms.firm[i], firms.row[i], firms.x_m[i], firms.y_m[i], firms.group[i], firms.region[i]},
        klass.empty() ? -1 : klass[i]};
  }
  auto all = comm::all_gather_v(comm, std::span<const ClassedFirm>(mine)).values;
  const auto less = [](const auto& a, const auto& b) { return a.firm.firm < b.firm.firm; };
  if (!std::is_sorted(all.begin(), all.end(), less)) std::sort(all.begin(), all.end(), less);
  return all;
}

/// All links between known firms, as pairs of places in the order of numbers. Collective.
std::vector<std::uint64_t> all_links(const comm::Communicator& comm, const TradePairs& trade,
                                     std::span<const std::int64_t> numbers) {
  // Numbers mostly are 0..n-1; a search is not needed then.
  const auto place = [&](std::int64_t firm) -> std::int64_t {
    const auto n = static_cast<std::int64_t>(numbers.size());
    if (0 <= firm && firm < n && numbers[static_cast<std::size_t>(firm)] == firm) return firm;
    const auto at = std::lower_bound(numbers.begin(), numbers.end(), firm);
    return at != numbers.end() && *at == firm ? at - numbers.begin() : -1;
  };
  std::vector<std::uint64_t> mine;
  mine.reserve(trade.supplier.size());
  for (std::size_t k = 0; k < trade.supplier.size(); ++k) {
    const auto supplier = place(trade.supplier[k]);
    const auto buyer = place(trade.buyer[k]);
    if (supplier < 0 || buyer < 0 || supplier == buyer) continue;
    mine.push_back(
        Adjacency::pair(static_cast<std::uint32_t>(supplier), static_cast<std::uint32_t>(buyer)));
  }
  if (comm.size() == 1) return mine;
  return comm::all_gather_v(comm, std::span<const std::uint64_t>(mine)).values;
}

}  // namespace

WholeNation gather_nation(const comm::Communicator& comm, const FirmPlaces& firms,
                          const TradePairs& trade, bool ungrouped,
                          std::span<const std::int32_t> klass) {
  const auto all = all_firms(comm, firms, klass);
  require(all.size() < std::size_t{1} << 31, ErrorKind::usage,
          "a sweep takes fewer than 2^31 firms");
  WholeNation nation;
  std::vector<std::int64_t> numbers;
  const auto reserve = [&](auto&... columns) { (columns.reserve(all.size()), ...); };
  reserve(numbers, nation.row, nation.x_m, nation.y_m, nation.group, nation.industry_group,
          nation.klass, nation.region);
  for (const auto& [firm, firm_class] : all) {
    numbers.push_back(firm.firm);
    nation.row.push_back(firm.row);
    nation.x_m.push_back(firm.has_place() ? firm.x : std::nan(""));
    nation.y_m.push_back(firm.has_place() ? firm.y : std::nan(""));
    nation.group.push_back(!firm.has_place() ? -1 : ungrouped ? 0 : std::max(firm.group, -1));
    nation.industry_group.push_back(std::max(firm.group, -1));
    nation.klass.push_back(static_cast<std::int32_t>(firm_class));
    nation.region.push_back(firm.region);
    nation.placed += firm.has_place() ? 1 : 0;
  }
  const auto twice = std::adjacent_find(numbers.begin(), numbers.end());
  require(twice == numbers.end(), ErrorKind::bad_input, "a firm appears twice");
  nation.buyers = Adjacency(all.size(), all_links(comm, trade, numbers));
  nation.suppliers = nation.buyers.transposed();
  return nation;
}

}  // namespace tradegraph::kernels
