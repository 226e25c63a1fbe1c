#include "app/year_panel.hpp"

#include "engine/base/slices.hpp"
#include "engine/comm/delivery.hpp"

namespace tradegraph::app {

std::vector<std::int64_t> look_up(const comm::Communicator& group, std::int64_t firms,
                                  const std::vector<std::int64_t>& slice,
                                  const std::vector<std::int64_t>& numbers) {
  const Slices slices(firms, group.size());
  std::vector<std::int32_t> owner;
  owner.reserve(numbers.size());
  for (const auto number : numbers) owner.push_back(slices.part_of(number));
  const comm::Delivery<std::int64_t> asked(group, numbers, owner);
  std::vector<std::int64_t> answers;
  answers.reserve(asked.received().size());
  for (const auto number : asked.received()) {
    answers.push_back(slice[static_cast<std::size_t>(number - slices.begin(group.rank()))]);
  }
  return asked.answer(std::span<const std::int64_t>(answers));
}

namespace {

matrix::Triples links_inside(const TradeNetwork& network, const std::vector<Label>& labels) {
  const auto& group = network.grid().group();
  const auto all = network.links().global_triples();
  const auto of_supplier = look_up(group, network.firms(), labels, all.row);
  const auto of_buyer = look_up(group, network.firms(), labels, all.column);
  matrix::Triples inside;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (of_supplier[i] == kNoCluster || of_supplier[i] != of_buyer[i]) continue;
    inside.row.push_back(all.row[i]);
    inside.column.push_back(all.column[i]);
  }
  return inside;
}

}  // namespace

YearPanel make_panel(const TradeNetwork& network, const YearClusters& clusters) {
  const auto& table = network.table();
  YearPanel panel;
  panel.year = network.metadata().year;
  panel.clusters = clusters.clusters;
  panel.firms.total = table.total;
  panel.firms.first = table.first;
  panel.firms.id = table.id;
  panel.firms.x_m = table.x_m;
  panel.firms.y_m = table.y_m;
  panel.firms.longitude = table.longitude;
  panel.firms.latitude = table.latitude;
  panel.planar_crs = network.metadata().planar_crs;
  panel.labels = clusters.labels;
  panel.groups = clusters.groups;
  panel.links_inside = links_inside(network, clusters.labels);
  return panel;
}

}  // namespace tradegraph::app
