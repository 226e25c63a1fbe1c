#include "kernels/link_sieve.hpp"

#include <omp.h>

#include <algorithm>
#include <array>

#include "kernels/group_pieces.hpp"
#include "kernels/rough_places.hpp"

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::RoughPlace> : std::true_type {};

namespace tradegraph::kernels {

double largest_reach_m(const IdentifyConfig& config) {
  double reach = config.dbscan.stretch * config.dbscan.eps_m;
  for (const auto& [group, settings] : config.per_group) {
    reach = std::max(reach, settings.stretch * settings.eps_m);
  }
  return reach;
}

bool trade_counts_for(const PlacedFirm& firm, const IdentifyConfig& config) {
  const auto group = group_of(firm, config);
  return group != kNoGroup && config.settings_of(group).stretch > 1;
}

namespace {

/// Whether rough places of all firms are fewer bytes than a feeler a link (`find_close_links`).
bool is_worth_it(const comm::Communicator& comm, const FirmDirectory& directory,
                 const TradePairs& trade) {
  if (!directory.is_in_turn()) return false;
  std::array<std::int64_t, 2> counts = {static_cast<std::int64_t>(directory.firms().size()),
                                        static_cast<std::int64_t>(trade.supplier.size())};
  comm::all_reduce_in_place(comm, std::span<std::int64_t>(counts), comm::ReduceOp::sum);
  const auto [firms, links] = counts;
  return 8 * firms <= 24 * (links / comm.size());
}

/// Holds the places of all ranks. Collective.
Box box_of_all(const comm::Communicator& comm, const std::vector<PlacedFirm>& firms) {
  Box mine;
  for (const auto& firm : firms) {
    if (firm.has_place()) mine.include(firm.x, firm.y);
  }
  std::array<double, 4> least = {mine.min_x, mine.min_y, -mine.max_x, -mine.max_y};
  comm::all_reduce_in_place(comm, std::span<double>(least), comm::ReduceOp::min);
  return {least[0], least[1], -least[2], -least[3]};
}

/// Of all firms, by number; nowhere if trade has no influence on the firm. Collective.
std::vector<RoughPlace> rough_places(const comm::Communicator& comm,
                                     const std::vector<PlacedFirm>& firms,
                                     const IdentifyConfig& config, const RoughReach& reach) {
  std::vector<RoughPlace> mine(firms.size());
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < firms.size(); ++i) {
    const auto& firm = firms[i];
    mine[i] = trade_counts_for(firm, config) ? reach.place(firm.x, firm.y) : kNowhere;
  }
  if (comm.size() == 1) return mine;
  return comm::all_gather_v(comm, std::span<const RoughPlace>(mine)).values;
}

/// So many links ahead of the one looked at, the places of its firms are fetched.
constexpr std::size_t kAhead = 32;

void append(const TradePairs& part, TradePairs& all) {
  all.supplier.insert(all.supplier.end(), part.supplier.begin(), part.supplier.end());
  all.buyer.insert(all.buyer.end(), part.buyer.begin(), part.buyer.end());
}

}  // namespace

std::optional<TradePairs> sieve_links(const comm::Communicator& comm,
                                      const FirmDirectory& directory, const TradePairs& trade,
                                      const IdentifyConfig& config) {
  if (!is_worth_it(comm, directory, trade)) return std::nullopt;
  const RoughReach reach(box_of_all(comm, directory.firms()), largest_reach_m(config));
  const auto places = rough_places(comm, directory.firms(), config, reach);
  const auto place = [&, least = directory.least_number()](std::int64_t firm) -> const auto& {
    const auto at = static_cast<std::uint64_t>(firm) - static_cast<std::uint64_t>(least);
    return at < places.size() ? places[at] : kNowhere;
  };
  const auto links = trade.supplier.size();
  std::vector<TradePairs> parts(static_cast<std::size_t>(omp_get_max_threads()));
#pragma omp parallel
  {
    TradePairs mine;
#pragma omp for schedule(static)
    for (std::size_t k = 0; k < links; ++k) {
      const auto ahead = std::min(k + kAhead, links - 1);
      __builtin_prefetch(&place(trade.supplier[ahead]));
      __builtin_prefetch(&place(trade.buyer[ahead]));
      if (!reach.may_be_close(place(trade.supplier[k]), place(trade.buyer[k]))) continue;
      mine.supplier.push_back(trade.supplier[k]);
      mine.buyer.push_back(trade.buyer[k]);
    }
    parts[static_cast<std::size_t>(omp_get_thread_num())] = std::move(mine);
  }
  for (std::size_t t = 1; t < parts.size(); ++t) append(parts[t], parts[0]);
  return std::move(parts[0]);
}

}  // namespace tradegraph::kernels
