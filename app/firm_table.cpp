#include "app/firm_table.hpp"

#include <limits>
#include <optional>

#include "app/file_checkpoint.hpp"
#include "app/output.hpp"
#include "engine/base/log.hpp"
#include "engine/base/random.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/betweenness.hpp"
#include "kernels/degree.hpp"
#include "kernels/pagerank.hpp"

namespace tradegraph::app {

bool wants_betweenness(const TradeNetwork& network, const std::string& option) {
  constexpr double kAffordable = 5e10;  // firms x links: about a minute
  if (option != "auto") return option == "yes";
  const auto links = static_cast<double>(network.links().entries());
  return static_cast<double>(network.firms()) * links <= kAffordable;
}

namespace {

constexpr double kCheckpointInterval_s = 600;

/// Of the links, the same at any number of ranks. Collective.
std::uint64_t digest_of(const matrix::DistributedMatrix& links) {
  const auto mine = links.global_triples();
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const auto link =
        mix64(static_cast<std::uint64_t>(mine.row[i])) ^ static_cast<std::uint64_t>(mine.column[i]);
    sum += static_cast<std::int64_t>(mix64(link) >> 32);  // 2^31 links don't overflow
  }
  return static_cast<std::uint64_t>(
      comm::all_reduce(links.grid().group(), sum, comm::ReduceOp::sum));
}

}  // namespace

matrix::DistributedVector<double> firm_betweenness(const Context& context,
                                                   const TradeNetwork& network,
                                                   const std::string& checkpoint) {
  const auto& links = network.links();
  log::info("exact betweenness of all " + std::to_string(network.firms()) + " firms over " +
            std::to_string(links.entries()) + " links (firm_betweenness = no leaves it out)");
  std::optional<FileCheckpoint> kept;
  if (!checkpoint.empty()) {
    kept.emplace(context, checkpoint,
                 "betweenness of firms version " TRADEGRAPH_VERSION " of " +
                     std::to_string(links.rows()) + " firms, " + std::to_string(links.entries()) +
                     " links, digest " + std::to_string(digest_of(links)),
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
