#include "kernels/harmonic_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/traversal/cardinality.hpp"
#include "kernels/traversal/distance_search.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::int64_t kFewestRuns = 6;  ///< fewer would not tell how far they spread

/// Counters of all vertices, growing by a link at a time.
class Balls {
 public:
  Balls(const OrderedGraph& graph, const CardinalityEstimate& estimate)
      : graph_(graph),
        estimate_(estimate),
        now_(graph.firm.size()),
        next_(now_.size()),
        grown_(now_.size()),
        grows_(now_.size()),
        reached_(now_.size()) {}

  /// Adds one run's closeness of each vertex to `sum`, its square to `squares`.
  void run(std::uint64_t seed, std::vector<double>& sum, std::vector<double>& squares) {
    start(seed);
    std::vector<double> score(now_.size(), 0.0);
    for (double links = 1; grow(links, score); ++links) {
    }
    for (std::size_t v = 0; v < score.size(); ++v) {
      sum[v] += score[v];
      squares[v] += score[v] * score[v];
    }
  }

  [[nodiscard]] std::int64_t joined() const { return joined_; }

 private:
  /// Each vertex reaches itself. The hash is the firm's, whatever the order of vertices.
  void start(std::uint64_t seed) {
    for (std::size_t v = 0; v < now_.size(); ++v) {
      now_[v] = {};
      now_[v].add(mix64(mix64(seed) ^ graph_.firm[v]));
      next_[v] = now_[v];
      grown_[v] = 1;
      reached_[v] = estimate_(now_[v]);
    }
  }

  /// One link further; false when no counter grows any more.
  bool grow(double links, std::vector<double>& score) {
    std::int64_t growing = 0;
    std::int64_t joined = 0;
#pragma omp parallel for schedule(dynamic, 512) reduction(+ : growing, joined)
    for (std::size_t v = 0; v < now_.size(); ++v) {
      joined += join_partners(static_cast<Vertex>(v));
      if (grows_[v] == 0) continue;
      ++growing;
      const double reached = estimate_(next_[v]);
      score[v] += (reached - reached_[v]) / links;
      reached_[v] = reached;
    }
    joined_ += joined;
    now_.swap(next_);
    grown_.swap(grows_);
    return growing > 0;
  }

  /// Fills `next_` and `grows_` of a vertex; returns how many counters it took. Partners that did
  /// not grow at the last link have nothing new.
  std::int64_t join_partners(Vertex v) {
    Counter all = now_[v];
    std::int64_t joined = 0;
    for (const auto w : graph_.arcs.of(v)) {
      if (grown_[w] == 0) continue;
      all.join(now_[w]);
      ++joined;
    }
    grows_[v] = all == now_[v] ? 0 : 1;
    if (grows_[v] != 0 || grown_[v] != 0) next_[v] = all;
    return joined;
  }

  const OrderedGraph& graph_;
  const CardinalityEstimate& estimate_;
  std::vector<Counter> now_;
  std::vector<Counter> next_;
  std::vector<char> grown_;  ///< at the last link
  std::vector<char> grows_;  ///< at this one
  std::vector<double> reached_;
  std::int64_t joined_ = 0;
};

}  // namespace

void HarmonicEstimateConfig::validate() const {
  require(error > 0 && error < 1, ErrorKind::usage,
          "the relative error of an estimate must lie between 0 and 1");
}

std::int64_t HarmonicEstimateConfig::runs() const {
  const double ratio = kCounterError / error;
  return std::max(kFewestRuns, static_cast<std::int64_t>(std::ceil(ratio * ratio)));
}

HarmonicEstimate estimate_harmonic(const matrix::DistributedMatrix& a,
                                   const HarmonicEstimateConfig& config, ProgressSink& progress) {
  config.validate();
  const auto& world = a.grid().world();
  const auto graph = in_breadth_first_order(gather_whole(a));
  const CardinalityEstimate estimate;
  std::vector<double> sum(graph.firm.size(), 0.0);
  std::vector<double> squares(sum);
  const auto runs = config.runs();
  progress.start("runs", runs);
  std::int64_t joined = comm::collectively(world, [&] {
    Balls balls(graph, estimate);
    for (std::int64_t run = world.rank(); run < runs; run += world.size()) {
      balls.run(mix64(config.seed) + static_cast<std::uint64_t>(run), sum, squares);
      progress.update(std::min(runs, run + world.size()));
    }
    return balls.joined();
  });
  progress.finish();
  comm::all_reduce_in_place(world, std::span(sum), comm::ReduceOp::sum);
  comm::all_reduce_in_place(world, std::span(squares), comm::ReduceOp::sum);
  joined = comm::all_reduce(world, joined, comm::ReduceOp::sum);
  std::vector<std::size_t> vertex_of(graph.firm.size());
  for (std::size_t v = 0; v < vertex_of.size(); ++v) vertex_of[graph.firm[v]] = v;
  matrix::DistributedVector<double> score(a.grid(), a.row_layout(), 0.0);
  auto standard_error = score;
  const auto n = static_cast<double>(runs);
  const double scale = config.normalised ? static_cast<double>(a.rows() - 1) : 1.0;
  for (std::int64_t i = 0; i < score.count(); ++i) {
    const auto v = vertex_of[score.global_of(i).offset()];
    const double mean = sum[v] / n;
    const double variance = std::max(0.0, squares[v] / n - mean * mean) * n / (n - 1);
    score[i] = mean / scale;
    standard_error[i] = std::sqrt(variance / n) / scale;
  }
  return {std::move(score), std::move(standard_error), joined};
}

}  // namespace tradegraph::kernels
