/// The network between clusters, seen from its nodes.

#include <set>

#include "app/cluster_tables.hpp"
#include "engine/matrix/environment.hpp"
#include "kernels/betweenness.hpp"
#include "kernels/pagerank.hpp"

namespace tradegraph::app {

namespace {

/// Links a cluster, in linked pairs of firms; the loop is what a cluster trades with itself.
struct Node {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t loop = 0;
  std::set<Label> linked;  ///< clusters it trades with in either direction, itself included
};

std::vector<Node> nodes(const Diagnosis& year) {
  std::vector<Node> result(static_cast<std::size_t>(year.clusters));
  for (const auto& flow : year.flows) {
    if (flow.from == kNoCluster || flow.to == kNoCluster) continue;
    auto& from = result[static_cast<std::size_t>(flow.from)];
    auto& to = result[static_cast<std::size_t>(flow.to)];
    from.out += flow.links;
    to.in += flow.links;
    if (flow.from == flow.to) from.loop += flow.links;
    from.linked.insert(flow.to);
    to.linked.insert(flow.from);
  }
  return result;
}

struct Centrality {
  std::vector<double> betweenness;
  std::vector<double> pagerank;
};

/// Directed, unweighted, loops dropped; on this rank alone, and by one thread: per-cluster figures
/// are the same to the last bit at any number of threads.
Centrality centrality(const Diagnosis& year) {
  const matrix::SingleThread one;
  const comm::ProcessGrid alone(comm::Communicator::self(), {});
  matrix::Triples triples;
  for (const auto& flow : year.flows) {
    if (flow.from == kNoCluster || flow.to == kNoCluster || flow.from == flow.to) continue;
    triples.row.push_back(flow.from);
    triples.column.push_back(flow.to);
  }
  const auto a = matrix::DistributedMatrix::build(alone, year.clusters, year.clusters,
                                                  matrix::ValueType::pattern, triples);
  SilentProgress silent;
  return {matrix::gather_all(kernels::betweenness(a, {.directed = true}, silent).score),
          matrix::gather_all(kernels::pagerank(a.transpose()).rank)};
}

}  // namespace

io::Table intercluster_nodes_table(const std::vector<Diagnosis>& years) {
  using Integers = std::vector<std::int64_t>;
  Integers year, label, linked, degree, in, out, degree_other, in_other, out_other;
  std::vector<double> betweenness, pagerank;
  for (const auto& diagnosis : years) {
    const auto all = nodes(diagnosis);
    const auto central = centrality(diagnosis);
    betweenness.insert(betweenness.end(), central.betweenness.begin(), central.betweenness.end());
    pagerank.insert(pagerank.end(), central.pagerank.begin(), central.pagerank.end());
    for (std::size_t c = 0; c < all.size(); ++c) {
      const auto& node = all[c];
      year.push_back(diagnosis.year);
      label.push_back(static_cast<Label>(c));
      linked.push_back(static_cast<std::int64_t>(node.linked.size()));
      degree.push_back(node.in + node.out);
      in.push_back(node.in);
      out.push_back(node.out);
      degree_other.push_back(node.in + node.out - 2 * node.loop);
      in_other.push_back(node.in - node.loop);
      out_other.push_back(node.out - node.loop);
    }
  }
  return {{{"year", year},
           {"label", label},
           {"linked_clusters", linked},
           {"degree", degree},
           {"in_degree", in},
           {"out_degree", out},
           {"betweenness", betweenness},
           {"pagerank", pagerank},
           {"degree_without_loop", degree_other},
           {"in_degree_without_loop", in_other},
           {"out_degree_without_loop", out_other}}};
}

}  // namespace tradegraph::app
