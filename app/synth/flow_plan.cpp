#include "app/synth/flow_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tradegraph::app::synth {

namespace {

constexpr double kBackground = 0.05;      ///< links a node of the supplier, to all others
constexpr double kMostInBackground = 25;  ///< in a nation of a million firms
constexpr double kDistanceScale_m = 40000;

/// Attraction of each agglomeration to the nodes of `from`.
std::vector<double> attractions(const std::vector<Agglomeration>& all, std::size_t from) {
  std::vector<double> result;
  for (std::size_t to = 0; to < all.size(); ++to) {
    const double near =
        1 / (1 + distance_m(all[from].cores[0], all[to].cores[0]) / kDistanceScale_m);
    result.push_back(to == from ? 0 : near * static_cast<double>(all[to].last.nodes));
  }
  return result;
}

}  // namespace

std::vector<FlowPlan> plan_flows(const Nation& nation) {
  const auto& all = nation.agglomerations;
  std::vector<FlowPlan> flows;
  std::set<std::pair<int, int>> published;
  for (const auto& flow : published_flows()) {
    flows.push_back({flow.a, flow.b, flow.a_to_b * nation.scale()});
    flows.push_back({flow.b, flow.a, flow.b_to_a * nation.scale()});
    published.insert({flow.a, flow.b});
    published.insert({flow.b, flow.a});
  }
  for (std::size_t from = 0; from < all.size(); ++from) {
    const auto pull = attractions(all, from);
    double total = 0;
    for (const double p : pull) total += p;
    for (std::size_t to = 0; to < all.size(); ++to) {
      const std::pair<int, int> pair(static_cast<int>(from), static_cast<int>(to));
      if (pull[to] <= 0 || published.contains(pair)) continue;
      const double links =
          kBackground * static_cast<double>(all[from].last.nodes) * pull[to] / total;
      flows.push_back(
          {pair.first, pair.second, std::min(links, kMostInBackground * nation.scale())});
    }
  }
  return flows;
}

}  // namespace tradegraph::app::synth
