#include "app/firm_table.hpp"

#include <limits>

#include "app/output.hpp"
#include "kernels/betweenness.hpp"
#include "kernels/degree.hpp"
#include "kernels/pagerank.hpp"

namespace tradegraph::app {

bool wants_betweenness(const TradeNetwork& network, const std::string& option) {
  constexpr double kAffordable = 5e8;  // firms x links: about a minute
  if (option != "auto") return option == "yes";
  const auto links = static_cast<double>(network.links().entries());
  return static_cast<double>(network.firms()) * links <= kAffordable;
}

namespace {

matrix::DistributedVector<double> betweenness(const Context& context, const TradeNetwork& network,
                                              const DiagnoseOptions& options) {
  if (!wants_betweenness(network, options.firm_betweenness)) {
    return {network.grid(), network.rows(), std::numeric_limits<double>::quiet_NaN()};
  }
  return kernels::betweenness(network.links(), {.directed = true}, context.progress()).score;
}

}  // namespace

io::Table firm_table(const Context& context, const TradeNetwork& network,
                     const kernels::Labels& labels, const DiagnoseOptions& options) {
  using kernels::DegreeMode;
  const auto& order = network.order_of_rows();
  const auto in_order = [&]<class T>(const matrix::DistributedVector<T>& x) {
    return order.apply(x.values());
  };
  const auto degree = [&](DegreeMode mode) {
    return in_order(kernels::degree(network.links(), mode));
  };
  io::Table table;
  const auto ids = network.order_of_table().apply(network.table().id);
  table.columns.push_back({"year", std::vector<std::int64_t>(static_cast<std::size_t>(ids.size()),
                                                             network.metadata().year)});
  table.columns.push_back({"id", strings(ids)});
  table.columns.push_back({"label", in_order(labels)});
  table.columns.push_back({"degree", degree(DegreeMode::all)});
  table.columns.push_back({"in_degree", degree(DegreeMode::in)});
  table.columns.push_back({"out_degree", degree(DegreeMode::out)});
  table.columns.push_back({"betweenness", in_order(betweenness(context, network, options))});
  table.columns.push_back(
      {"pagerank", in_order(kernels::pagerank(network.links().transpose()).rank)});
  table.columns.push_back(
      {"partners", in_order(kernels::degree(network.partners(), DegreeMode::out))});
  return table;
}

}  // namespace tradegraph::app
