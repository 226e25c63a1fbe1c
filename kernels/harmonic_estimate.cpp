#include "kernels/harmonic_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/traversal/cardinality.hpp"
#include "kernels/traversal/distance_search.hpp"
#include "kernels/traversal/near_ball.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::int64_t kFewestRuns = 6;  ///< fewer would be too skewed for a standard error

/// Counters of all vertices, growing by a link at a time.
class Balls {
 public:
  Balls(const OrderedGraph& graph, std::span<const NearBall> near)
      : graph_(graph),
        near_(near),
        now_(graph.firm.size()),
        next_(now_.size()),
        grown_(now_.size()),
        grows_(now_.size()),
        reached_(now_.size()) {}

  /// Adds one run's closeness of each vertex beyond its near ball to `sum`, the variance of that to
  /// `variance`.
  void run(std::uint64_t seed, std::span<double> sum, std::span<double> variance) {
    start(seed);
    for (double links = 1; grow(links, sum, variance); ++links) {
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
  bool grow(double links, std::span<double> sum, std::span<double> variance) {
    std::int64_t growing = 0;
    std::int64_t joined = 0;
#pragma omp parallel for schedule(dynamic, 512) reduction(+ : growing, joined)
    for (std::size_t v = 0; v < now_.size(); ++v) {
      joined += join_partners(static_cast<Vertex>(v));
      if (grows_[v] == 0) continue;
      ++growing;
      if (std::isinf(near_[v].links)) continue;
      const double before = std::exchange(reached_[v], estimate_(next_[v]));
      if (links <= near_[v].links) continue;
      sum[v] += (reached_[v] - before) / links;
      variance[v] += (counter_variance(reached_[v]) - counter_variance(before)) / (links * links);
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
  std::span<const NearBall> near_;
  CardinalityEstimate estimate_;
  std::vector<Counter> now_;
  std::vector<Counter> next_;
  std::vector<char> grown_;  ///< at the last link
  std::vector<char> grows_;  ///< at this one
  std::vector<double> reached_;
  std::int64_t joined_ = 0;
};

/// Of all vertices; each rank searches from its part of them. Collective.
std::vector<NearBall> near_balls(const comm::Communicator& world, const WholeGraph& arcs) {
  const auto first = arcs.vertices() * world.rank() / world.size();
  const auto end = arcs.vertices() * (world.rank() + 1) / world.size();
  const auto mine = comm::collectively(world, [&] {
    std::vector<NearBall> balls(static_cast<std::size_t>(end - first));
#pragma omp parallel for schedule(dynamic, 512)
    for (std::int64_t v = first; v < end; ++v) {
      balls[static_cast<std::size_t>(v - first)] = near_ball(arcs, static_cast<Vertex>(v));
    }
    return balls;
  });
  return comm::all_gather_v(world, std::span(mine)).values;
}

/// Vertex of each firm.
std::vector<Vertex> places(std::span<const Vertex> firm) {
  std::vector<Vertex> vertex_of(firm.size());
  for (std::size_t v = 0; v < firm.size(); ++v) vertex_of[firm[v]] = static_cast<Vertex>(v);
  return vertex_of;
}

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
  const auto near = near_balls(world, graph.arcs);
  std::vector<double> sum(graph.firm.size(), 0.0);
  std::vector<double> variance(sum);
  const auto runs = config.runs();
  progress.start("runs", runs);
  std::int64_t joined = comm::collectively(world, [&] {
    Balls balls(graph, near);
    for (std::int64_t run = world.rank(); run < runs; run += world.size()) {
      balls.run(mix64(config.seed) + static_cast<std::uint64_t>(run), sum, variance);
      progress.update(std::min(runs, run + world.size()));
    }
    return balls.joined();
  });
  progress.finish();
  comm::all_reduce_in_place(world, std::span(sum), comm::ReduceOp::sum);
  comm::all_reduce_in_place(world, std::span(variance), comm::ReduceOp::sum);
  joined = comm::all_reduce(world, joined, comm::ReduceOp::sum);
  matrix::DistributedVector<double> score(a.grid(), a.row_layout(), 0.0);
  auto standard_error = score;
  const auto vertex_of = places(graph.firm);
  const auto n = static_cast<double>(runs);
  const double one_more = counter_variance(kNearBall + 1) - counter_variance(kNearBall);
  const double scale = config.normalised ? static_cast<double>(a.rows() - 1) : 1.0;
  for (std::int64_t i = 0; i < score.count(); ++i) {
    const auto v = vertex_of[score.global_of(i).offset()];
    const double far = sum[v] / n;
    // Growth by a firm or two that all runs miss would look certain, so there is one more for each
    // run: the next that is not counted exactly.
    const double at = near[v].links + 1;
    const double spread = std::sqrt(variance[v] + n * one_more / (at * at)) / n;
    score[i] = (near[v].harmonic + far) / scale;
    standard_error[i] = std::hypot(spread, kCounterBias * far) / scale;
  }
  return {std::move(score), std::move(standard_error), joined};
}

}  // namespace tradegraph::kernels
