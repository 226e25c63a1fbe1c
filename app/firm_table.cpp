#include "app/firm_table.hpp"

#include <limits>
#include <optional>

#include "app/file_checkpoint.hpp"
#include "app/output.hpp"
#include "engine/base/log.hpp"
#include "kernels/betweenness.hpp"
#include "kernels/degree.hpp"
#include "kernels/pagerank.hpp"

namespace tradegraph::app {

bool wants_betweenness(const TradeNetwork& network, const std::string& option) {
  constexpr double kAffordable = 5e10;  // firms x links: about a minute
  if (option != "auto") return option == "yes";
  const auto links = static_cast<double>(network.link_count());
  return static_cast<double>(network.firms()) * links <= kAffordable;
}

namespace {

constexpr double kCheckpointInterval_s = 600;

}  // namespace

matrix::DistributedVector<double> firm_betweenness(const Context& context,
                                                   const TradeNetwork& network,
                                                   const std::string& checkpoint) {
  const auto& links = network.links();
  log::info("exact betweenness of all " + std::to_string(network.firms()) + " firms over " +
            std::to_string(links.entries()) + " links (firm_betweenness = no leaves it out)");
  std::optional<FileCheckpoint> kept;
  if (!checkpoint.empty()) {
    kept.emplace(
        context, checkpoint,
        "betweenness of firms version " TRADEGRAPH_VERSION " snapshot " + network.metadata().digest,
        kCheckpointInterval_s, FileCheckpoint::OtherWork::begin_anew);
  }
  return kernels::betweenness(links, {.directed = true}, context.progress(),
                              kept ? &*kept : nullptr)
      .score;
}

matrix::DistributedVector<double> no_betweenness(const TradeNetwork& network) {
  return {network.grid(), network.rows(), std::numeric_limits<double>::quiet_NaN()};
}

io::Table firm_table(const TradeNetwork& network, const kernels::Labels& labels,
                     const matrix::DistributedVector<double>& betweenness) {
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
  table.columns.push_back({"betweenness", in_order(betweenness)});
  table.columns.push_back(
      {"pagerank", in_order(kernels::pagerank(network.links().transpose()).rank)});
  table.columns.push_back(
      {"partners", in_order(kernels::degree(network.partners(), DegreeMode::out))});
  return table;
}

}  // namespace tradegraph::app
