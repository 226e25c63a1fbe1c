#include "app/link_table.hpp"

#include <algorithm>

#include "engine/base/slices.hpp"
#include "engine/comm/gather_strings.hpp"

namespace tradegraph::app {

namespace {

using kernels::Vertex;

/// Arcs that are rows of the table, in its order: (input row of the source, of the target, arc).
struct Row {
  std::int64_t source_row;
  std::int64_t target_row;
  Vertex source;
  Vertex target;
  std::size_t arc;
};

std::vector<Row> rows_of(const kernels::WholeGraph& links,
                         const std::vector<std::int64_t>& input_row, bool directed) {
  std::vector<Row> rows;
  rows.reserve(links.neighbours.size() / (directed ? 1 : 2));
  for (Vertex v = 0; v < static_cast<Vertex>(links.vertices()); ++v) {
    for (auto k = links.offsets[v]; k < links.offsets[v + 1]; ++k) {
      const auto w = links.neighbours[k];
      if (directed || input_row[v] < input_row[w]) {
        rows.push_back({input_row[v], input_row[w], v, w, k});
      }
    }
  }
  std::ranges::sort(rows, {}, [](const Row& r) { return std::pair(r.source_row, r.target_row); });
  return rows;
}

}  // namespace

io::Table link_table(const TradeNetwork& network, const kernels::WholeGraph& links,
                     std::span<const double> value, bool directed) {
  const auto rows = rows_of(links, matrix::gather_all(network.input_row()), directed);
  const auto ids = comm::all_gather_strings(network.grid().group(), network.table().id);
  const auto& group = network.grid().group();
  const Slices slices(std::ssize(rows), group.size());
  std::vector<std::string> source, target;
  std::vector<double> values;
  for (auto i = slices.begin(group.rank()); i < slices.begin(group.rank() + 1); ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    source.emplace_back(ids[row.source]);
    target.emplace_back(ids[row.target]);
    values.push_back(value[row.arc]);
  }
  return {
      {{"source", std::move(source)}, {"target", std::move(target)}, {"value", std::move(values)}}};
}

}  // namespace tradegraph::app
