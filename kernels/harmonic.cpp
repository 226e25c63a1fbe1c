#include "kernels/harmonic.hpp"

#include <algorithm>
#include <optional>

#include "engine/comm/collectives.hpp"
#include "kernels/traversal/distance_search.hpp"

namespace tradegraph::kernels {

namespace {

class Closeness {
 public:
  Closeness(const OrderedGraph& graph, bool directed)
      : arcs_(graph.arcs), directed_(directed), score_(graph.firm.size(), 0.0) {}

  /// Firms whose distances are searched: those that reach others, without the leaves that take
  /// theirs from a partner.
  [[nodiscard]] std::vector<Vertex> sources() const {
    std::vector<Vertex> result;
    for (Vertex v = 0; v < static_cast<Vertex>(arcs_.vertices()); ++v) {
      if (arcs_.degree(v) > 0 && !is_leaf(v)) result.push_back(v);
    }
    return result;
  }

  void visit(std::span<const Vertex> sources, std::span<const DistanceLevel> levels) {
    for (std::size_t lane = 0; lane < sources.size(); ++lane) {
      const auto v = sources[lane];
      score_[v] = own_score(levels, lane);
      for (const auto w : arcs_.of(v)) {
        if (is_leaf(w)) score_[w] = leaf_score(levels, lane);
      }
    }
  }

  [[nodiscard]] std::vector<double>& score() { return score_; }

 private:
  /// Its only partner has others. (Of a pair by itself both are searched.)
  [[nodiscard]] bool is_leaf(Vertex v) const {
    return !directed_ && arcs_.degree(v) == 1 && arcs_.degree(arcs_.of(v).front()) > 1;
  }

  static double own_score(std::span<const DistanceLevel> levels, std::size_t lane) {
    double total = 0;
    for (std::size_t d = 0; d < levels.size(); ++d) {
      total += static_cast<double>(levels[d].all[lane]) / static_cast<double>(d + 1);
    }
    return total;
  }

  /// The partner at 1, and all that the partner reaches one step farther, but for the leaf itself.
  static double leaf_score(std::span<const DistanceLevel> levels, std::size_t lane) {
    double total = 1 + static_cast<double>(levels[0].all[lane] - 1) / 2;
    for (std::size_t d = 1; d < levels.size(); ++d) {
      total += static_cast<double>(levels[d].all[lane]) / static_cast<double>(d + 2);
    }
    return total;
  }

  const WholeGraph& arcs_;
  bool directed_;
  std::vector<double> score_;
};

}  // namespace

Harmonic harmonic(const matrix::DistributedMatrix& a, const HarmonicConfig& config,
                  ProgressSink& progress, Checkpoint* checkpoint) {
  const auto& world = a.grid().world();
  const auto graph = in_breadth_first_order(gather_whole(a));
  std::optional<PartialWork> earlier;
  if (checkpoint != nullptr) earlier = checkpoint->load();
  Closeness closeness(graph, config.directed);
  const auto sources = closeness.sources();
  // Each firm is searched on one rank, and is 0 on the others: the sum is exact.
  const auto total = [&] {
    auto score = closeness.score();
    comm::all_reduce_in_place(world, std::span(score), comm::ReduceOp::sum);
    if (!earlier) return score;
    const auto& before = earlier->sums.at("harmonic");
    require(before.size() == score.size(), ErrorKind::bad_input,
            "the checkpoint belongs to another network");
    std::transform(score.begin(), score.end(), before.begin(), score.begin(), std::plus<>());
    return score;
  };
  const DistanceSearch search{
      graph.arcs,
      sources,
      {},
      0,
      [&](std::span<const Vertex> lanes, std::span<const DistanceLevel> levels, int) {
        closeness.visit(lanes, levels);
      },
      [&] {
        return PartialWork{0, {{"harmonic", total()}}};
      }};
  Harmonic result{matrix::DistributedVector<double>(a.grid(), a.row_layout(), 0.0),
                  static_cast<std::int64_t>(sources.size()), 0};
  result.arcs_scanned =
      search_distances(world, search, earlier ? earlier->done : 0, progress, checkpoint);
  if (checkpoint != nullptr) checkpoint->discard();
  const auto score = total();
  std::vector<double> of_firm(score.size());
  for (std::size_t v = 0; v < score.size(); ++v) of_firm[graph.firm[v]] = score[v];
  const double scale = config.normalised ? static_cast<double>(a.rows() - 1) : 1.0;
  for (std::int64_t i = 0; i < result.score.count(); ++i) {
    result.score[i] = of_firm[result.score.global_of(i).offset()] / scale;
  }
  return result;
}

}  // namespace tradegraph::kernels
