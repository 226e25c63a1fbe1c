#include "app/gatekeeper_table.hpp"

#include "engine/comm/gather_strings.hpp"

namespace tradegraph::app {

namespace {

/// Ids of firms by global number; each rank knows those of its slice of the table. Collective.
std::vector<std::string> ids_of(const TradeNetwork& network,
                                const std::vector<kernels::Gatekeeper>& firms) {
  const auto& table = network.table();
  std::vector<std::int64_t> places;
  StringColumn mine;
  for (std::size_t i = 0; i < firms.size(); ++i) {
    const auto at = firms[i].firm - table.first;
    if (at < 0 || at >= table.count()) continue;
    places.push_back(static_cast<std::int64_t>(i));
    mine.push_back(table.id[at]);
  }
  const auto& group = network.grid().group();
  const auto all_places = comm::all_gather_v(group, std::span<const std::int64_t>(places)).values;
  const auto all = comm::all_gather_strings(group, mine);
  std::vector<std::string> ids(firms.size());
  for (std::size_t i = 0; i < all_places.size(); ++i) {
    ids[static_cast<std::size_t>(all_places[i])] = all[static_cast<std::int64_t>(i)];
  }
  return ids;
}

}  // namespace

std::vector<NamedGatekeeper> named_gatekeepers(const TradeNetwork& network,
                                               const kernels::ClusterLinks& links,
                                               std::int64_t top) {
  const auto firms = kernels::gatekeepers(links, network.input_row(), top);
  auto ids = ids_of(network, firms);
  std::vector<NamedGatekeeper> result;
  for (std::size_t i = 0; i < firms.size(); ++i) result.push_back({firms[i], std::move(ids[i])});
  return result;
}

io::Table gatekeepers_table(
    const std::vector<std::pair<std::int64_t, std::vector<NamedGatekeeper>>>& years) {
  using Integers = std::vector<std::int64_t>;
  Integers year, label, rank, degree, inside, outside, score;
  std::vector<std::string> id;
  for (const auto& [number, gatekeepers] : years) {
    Label before = kNoCluster;
    for (const auto& [firm, name] : gatekeepers) {
      rank.push_back(firm.label == before ? rank.back() + 1 : 1);
      before = firm.label;
      year.push_back(number);
      label.push_back(firm.label);
      id.push_back(name);
      degree.push_back(firm.partners);
      inside.push_back(firm.inside);
      outside.push_back(firm.outside());
      score.push_back(firm.score());
    }
  }
  return {{{"year", year},
           {"label", label},
           {"rank", rank},
           {"id", id},
           {"degree", degree},
           {"inside", inside},
           {"outside", outside},
           {"score", score}}};
}

}  // namespace tradegraph::app
