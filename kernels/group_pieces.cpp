#include "kernels/group_pieces.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

std::int32_t group_of(const PlacedFirm& firm, const IdentifyConfig& config) {
  if (!firm.has_place()) return kNoGroup;
  return config.ungrouped ? 0 : std::max(firm.group, kNoGroup);
}

std::vector<std::int32_t> deal(const std::vector<std::int64_t>& sizes, int ranks) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return sizes[a] > sizes[b]; });
  std::vector<std::int64_t> load(static_cast<std::size_t>(ranks), 0);
  std::vector<std::int32_t> rank(sizes.size());
  for (const auto task : order) {
    const auto least = std::min_element(load.begin(), load.end());
    rank[task] = static_cast<std::int32_t>(least - load.begin());
    *least += sizes[task];
  }
  return rank;
}

namespace {

/// A firm of a group that is cut, and how many it stands for.
struct Sample {
  std::int64_t group;
  double at;
  double firms;
};

constexpr std::size_t kSamplesARank = 1024;
constexpr std::size_t kSortedARank = 32 * kSamplesARank;

/// Coordinates of a group's firms here: of a large group, of every so many-th firm.
struct Coordinates {
  bool along_x = true;
  std::size_t firms = 0;
  std::size_t stride = 1;
  std::vector<double> at;

  void add(const PlacedFirm& firm) {
    const double coordinate = along_x ? firm.x : firm.y;
    if (firms++ % stride == 0) at.push_back(coordinate);
    if (at.size() < 2 * kSortedARank) return;
    for (std::size_t i = 0; 2 * i < at.size(); ++i) at[i] = at[2 * i];
    at.resize(at.size() / 2);
    stride *= 2;
  }
};

/// Every so many-th of them.
void take_samples(std::int32_t group, Coordinates coordinates, std::vector<Sample>& samples) {
  auto& at = coordinates.at;
  std::sort(at.begin(), at.end());
  const auto count = std::min(at.size(), kSamplesARank);
  const auto firms = static_cast<double>(coordinates.firms) / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back({group, at[at.size() * (2 * i + 1) / (2 * count)], firms});
  }
}

/// Coordinates that cut the samples into pieces of near-equal weight.
std::vector<double> ends_of(std::vector<Sample> samples, std::size_t pieces) {
  std::sort(samples.begin(), samples.end(),
            [](const Sample& a, const Sample& b) { return a.at < b.at; });
  double total = 0;
  for (const auto& sample : samples) total += sample.firms;
  std::vector<double> ends;
  double sum = 0;
  for (const auto& sample : samples) {
    const auto next = static_cast<double>(ends.size() + 1) / static_cast<double>(pieces);
    if (ends.size() + 1 < pieces && sum >= next * total) {
      if (ends.empty() || sample.at > ends.back()) ends.push_back(sample.at);
    }
    sum += sample.firms;
  }
  return ends;
}

}  // namespace

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Sample> : std::true_type {};

namespace tradegraph::kernels {

std::map<std::int32_t, GroupPieces::Extent> GroupPieces::gather_extents(
    const comm::Communicator& comm, const std::vector<PlacedFirm>& firms,
    const IdentifyConfig& config) {
  std::map<std::int32_t, Extent> extents;
  Extent* last = nullptr;  // found anew where the group changes
  for (const auto& firm : firms) {
    const auto group = group_of(firm, config);
    if (group == kNoGroup) continue;
    if (last == nullptr || last->group != group) last = &extents[group];
    last->merge({group, 1, firm.x, firm.x, firm.y, firm.y});
  }
  std::vector<Extent> mine;
  for (const auto& [group, extent] : extents) mine.push_back(extent);
  const auto all = comm::all_gather_v(comm, std::span<const Extent>(mine)).values;
  extents.clear();
  for (const auto& extent : all) extents[static_cast<std::int32_t>(extent.group)].merge(extent);
  return extents;
}

GroupPieces::GroupPieces(const comm::Communicator& comm, const std::vector<PlacedFirm>& firms,
                         const IdentifyConfig& config) {
  const auto extents = gather_extents(comm, firms, config);
  double total = 0;
  for (const auto& [group, extent] : extents) total += static_cast<double>(extent.firms);
  std::map<std::int32_t, std::size_t> pieces;
  for (const auto& [group, extent] : extents) {
    const double eps = config.settings_of(group).eps_m;
    require(extent.length() / eps * 1.5 < 0x1p45, ErrorKind::usage,
            "eps is too small for the extent of the places (below 2^-45 of it)");
    auto& cut = cuts_[group];
    cut.along_x = extent.width() >= extent.height();
    cut.reach_m = eps * (1 + 0x1p-20) + extent.largest() * 0x1p-48;
    const double wanted =
        std::round(static_cast<double>(extent.firms) / total * static_cast<double>(comm.size()));
    const double room = std::floor(extent.length() / (2 * eps));
    pieces[group] = static_cast<std::size_t>(std::max(1.0, std::min(wanted, room)));
  }
  find_ends(comm, firms, config, pieces);
  deal_pieces(extents, comm.size());
}

void GroupPieces::deal_pieces(const std::map<std::int32_t, Extent>& extents, int ranks) {
  std::vector<std::int64_t> sizes;
  for (const auto& [group, cut] : cuts_) {
    const auto count = cut.end.size() + 1;
    sizes.insert(sizes.end(), count, extents.at(group).firms / static_cast<std::int64_t>(count));
  }
  const auto rank = deal(sizes, ranks);
  auto next = rank.begin();
  for (auto& [group, cut] : cuts_) {
    cut.rank.assign(next, next + static_cast<std::ptrdiff_t>(cut.end.size()) + 1);
    next += static_cast<std::ptrdiff_t>(cut.rank.size());
  }
}

void GroupPieces::find_ends(const comm::Communicator& comm, const std::vector<PlacedFirm>& firms,
                            const IdentifyConfig& config,
                            const std::map<std::int32_t, std::size_t>& pieces) {
  std::map<std::int32_t, Coordinates> mine;
  for (const auto& [group, count] : pieces) {
    if (count > 1) mine[group].along_x = cuts_.at(group).along_x;
  }
  auto last = mine.end();  // found anew where the group changes
  auto last_group = kNoGroup;
  for (const auto& firm : firms) {
    const auto group = group_of(firm, config);
    if (group != last_group) last = mine.find(last_group = group);
    if (last != mine.end()) last->second.add(firm);
  }
  std::vector<Sample> samples;
  for (auto& [group, at] : mine) take_samples(group, std::move(at), samples);
  const auto all = comm::all_gather_v(comm, std::span<const Sample>(samples)).values;
  std::map<std::int32_t, std::vector<Sample>> by_group;
  for (const auto& sample : all) {
    by_group[static_cast<std::int32_t>(sample.group)].push_back(sample);
  }
  for (auto& [group, of_group] : by_group) {
    cuts_.at(group).end = ends_of(std::move(of_group), pieces.at(group));
  }
}

std::int32_t GroupPieces::rank_of(std::int32_t group, double x_m, double y_m) const {
  const auto& cut = cuts_.at(group);
  return cut.rank[piece_of(cut, cut.along_x ? x_m : y_m)];
}

}  // namespace tradegraph::kernels
