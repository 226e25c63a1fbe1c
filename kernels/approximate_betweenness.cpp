#include "kernels/approximate_betweenness.hpp"

#include <omp.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/betweenness.hpp"
#include "kernels/traversal/adaptive_bound.hpp"
#include "kernels/traversal/betweenness_core.hpp"
#include "kernels/traversal/path_sampler.hpp"
#include "kernels/traversal/top_intervals.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;

double scale_of(const ApproximateConfig& config, std::int64_t firms) {
  return betweenness_scale({.directed = config.directed, .normalised = config.normalised}, firms);
}

PathEnds all_firms(std::size_t firms) {
  return {std::vector<char>(firms, 1), std::vector<char>(firms, 1)};
}

/// The part of the network that paths are drawn in, with the mass of its vertices.
struct Field {
  FoldedTrees trees;
  Core core;
  WholeGraph backward;        ///< arcs reversed; empty if undirected
  std::vector<double> until;  ///< mass of the vertices up to each, as sources and as targets

  [[nodiscard]] const WholeGraph& back() const {
    return backward.vertices() > 0 ? backward : core.arcs;
  }
  [[nodiscard]] double mass() const { return until.empty() ? 0 : until.back(); }
  [[nodiscard]] Vertex draw(double u) const {
    const auto at = std::ranges::upper_bound(until, u * mass()) - until.begin();
    return static_cast<Vertex>(std::min<std::ptrdiff_t>(at, std::ssize(until) - 1));
  }
};

Field make_field(const DistributedMatrix& a, bool directed) {
  Field field;
  auto graph = gather_whole(a);
  const auto all = all_firms(static_cast<std::size_t>(a.rows()));
  // Directed, what hangs on a firm reaches others in one direction only.
  field.trees = directed ? without_folding(graph, all) : fold_trees(graph, all);
  field.core = core_of({std::move(graph), {}, 1}, field.trees);
  if (directed) field.backward = reversed(field.core.arcs);
  field.until.resize(field.core.sources.size());
  std::partial_sum(field.core.sources.begin(), field.core.sources.end(), field.until.begin());
  return field;
}

/// An upper bound of the vertices on a shortest path: twice the depth of a search of each
/// component, or all vertices where links have a direction.
std::int64_t longest_path(const Field& field, bool directed) {
  const auto& arcs = field.core.arcs;
  const auto n = static_cast<std::size_t>(arcs.vertices());
  if (directed) return arcs.vertices();
  std::vector<std::int64_t> depth(n, -1);
  std::int64_t deepest = 0;
  for (const auto v : breadth_first_order(arcs, arcs.busiest())) {
    depth[v] = std::max<std::int64_t>(depth[v], 0);  // -1: the first of its component
    deepest = std::max(deepest, depth[v]);
    for (const auto w : arcs.of(v)) {
      if (depth[w] < 0) depth[w] = depth[v] + 1;
    }
  }
  return 2 * deepest + 1;
}

/// Draws samples by number and counts the vertices inside their paths.
class Sampling {
 public:
  Sampling(const comm::Communicator& world, const Field& field, std::uint64_t seed)
      : world_(world), field_(field), seed_(seed), counts_(field.core.firm.size(), 0) {
    for (int t = 0; t < omp_get_max_threads(); ++t) {
      samplers_.emplace_back(field.core.arcs, field.back());
      parts_.emplace_back(counts_.size(), 0);
    }
  }

  /// Samples `begin` to `end`, a share on each rank. Collective.
  void run(std::int64_t begin, std::int64_t end) {
    comm::collectively(world_, [&] { run_share(begin, end); });
    std::vector<std::int64_t> fresh(counts_.size(), 0);
    for (auto& part : parts_) {
      std::transform(fresh.begin(), fresh.end(), part.begin(), fresh.begin(), std::plus<>());
      std::fill(part.begin(), part.end(), 0);
    }
    comm::all_reduce_in_place(world_, std::span(fresh), comm::ReduceOp::sum);
    std::transform(counts_.begin(), counts_.end(), fresh.begin(), counts_.begin(), std::plus<>());
  }

  [[nodiscard]] std::span<const std::int64_t> counts() const { return counts_; }
  void forget() { std::fill(counts_.begin(), counts_.end(), 0); }
  /// By all ranks so far. Collective.
  [[nodiscard]] std::int64_t arcs_scanned() const {
    std::int64_t scanned = 0;
    for (const auto& sampler : samplers_) scanned += sampler.arcs_scanned();
    return comm::all_reduce(world_, scanned, comm::ReduceOp::sum);
  }

 private:
  void run_share(std::int64_t begin, std::int64_t end) {
    const std::int64_t ranks = world_.size();
#pragma omp parallel for schedule(dynamic, 64)
    for (std::int64_t i = begin + world_.rank(); i < end; i += ranks) {
      draw(i, static_cast<std::size_t>(omp_get_thread_num()));
    }
  }

  void draw(std::int64_t number, std::size_t thread) {
    // A stream of its own for each sample: a walk takes as many numbers as it needs.
    const CounterRandom random(seed_, static_cast<std::uint64_t>(number));
    const auto source = field_.draw(random.uniform(0));
    const auto target = field_.draw(random.uniform(1));
    for (const auto v : samplers_[thread].sample(source, target, random, 2)) ++parts_[thread][v];
  }

  const comm::Communicator& world_;
  const Field& field_;
  std::uint64_t seed_;
  std::vector<std::int64_t> counts_;
  std::vector<PathSampler> samplers_;
  std::vector<std::vector<std::int64_t>> parts_;
};

/// Links that exact batches scan and operate on a source, as a share of all (measured on networks
/// with heavy tails).
constexpr double kExactWork = 0.12;

bool exact_is_cheaper(const Field& field, const AdaptiveBound& bound, const Sampling& sampling,
                      std::int64_t first_run) {
  const auto counts = sampling.counts();
  const auto most = counts.empty() ? 0 : *std::ranges::max_element(counts);
  const double mean = static_cast<double>(most) / static_cast<double>(first_run);
  const double a_sample =
      static_cast<double>(sampling.arcs_scanned()) / static_cast<double>(first_run);
  const double exact = kExactWork * static_cast<double>(field.core.firm.size()) *
                       static_cast<double>(field.core.arcs.arcs());
  return exact < static_cast<double>(bound.expected_samples(mean)) * a_sample;
}

/// Samples until `error`, the bound reached, says it is below epsilon. Returns how many.
template <class Error>
std::int64_t sample_enough(Sampling& sampling, const AdaptiveBound& bound, std::int64_t first,
                           double epsilon, ProgressSink& progress, Error&& error) {
  progress.start("samples", bound.limit());
  std::int64_t done = 0;
  for (bool enough = false; !enough && done < bound.limit();) {
    const auto next = std::min(bound.limit(), done + std::max<std::int64_t>(1000, done / 10));
    sampling.run(first + done, first + next);
    done = next;
    enough = error(done) <= epsilon;
    progress.update(done);
  }
  progress.finish();
  return done;
}

/// Of all firms, in ordered pairs.
std::vector<double> scores(const Field& field, std::span<const std::int64_t> counts,
                           std::int64_t samples, bool directed) {
  PathSums sums(field.core.arcs.vertices());
  const double pairs = field.mass() * field.mass();
  for (std::size_t v = 0; v < counts.size() && samples > 0; ++v) {
    sums.dependency[v] = static_cast<double>(counts[v]) / static_cast<double>(samples) * pairs;
  }
  if (!directed) reach_of_components(field.core, sums);
  return whole_scores(field.core, sums, field.trees, all_firms(field.trees.sources.size()), false);
}

/// Where each firm's score lies, in ordered pairs.
class Intervals {
 public:
  Intervals(const Field& field, const AdaptiveBound& bound, bool directed)
      : field_(field), bound_(bound), exact_part_(scores(field, {}, 0, directed)) {}

  [[nodiscard]] std::vector<ValueInterval> at(std::span<const std::int64_t> counts,
                                              std::int64_t samples) const {
    std::vector<ValueInterval> result;
    result.reserve(exact_part_.size());
    for (const double x : exact_part_) result.push_back(around(x));
    const double pairs = field_.mass() * field_.mass();
    for (std::size_t v = 0; v < counts.size() && samples > 0; ++v) {
      const auto [below, above] = bound_.interval(v, counts[v], samples);
      const double mean = static_cast<double>(counts[v]) / static_cast<double>(samples);
      const auto firm = field_.core.firm[v];
      result[firm].lower += std::max(0.0, mean - below) * pairs;
      result[firm].upper += (mean + above) * pairs;
    }
    return result;
  }

  /// The widest bound of the firms that may or may not be among the K largest; 0 if there are none.
  [[nodiscard]] double undecided(std::span<const std::int64_t> counts, std::int64_t samples,
                                 std::int64_t k) const {
    const auto intervals = at(counts, samples);
    const TopOfIntervals top(intervals, k);
    double widest = 0;
    for (std::size_t v = 0; v < counts.size(); ++v) {
      const auto& one = intervals[field_.core.firm[v]];
      if (top.certain(one) || !top.possible(one)) continue;
      const auto [below, above] = bound_.interval(v, counts[v], samples);
      widest = std::max({widest, below, above});
    }
    return widest;
  }

  /// An exact value, within rounding.
  static ValueInterval around(double x) { return {x - 1e-9 * (1 + x), x + 1e-9 * (1 + x)}; }

 private:
  const Field& field_;
  const AdaptiveBound& bound_;
  std::vector<double> exact_part_;  ///< what trees contribute
};

/// The firms that may be among the K largest, by `score`, all in ordered pairs; scaled.
std::vector<TopFirm> top_firms(std::span<const double> score,
                               std::span<const ValueInterval> intervals, std::int64_t k,
                               double scale) {
  const TopOfIntervals top(intervals, k);
  std::vector<TopFirm> result;
  for (std::size_t firm = 0; firm < score.size(); ++firm) {
    const auto& [lower, upper] = intervals[firm];
    if (!top.possible(intervals[firm])) continue;
    result.push_back({static_cast<std::int64_t>(firm), score[firm] * scale,
                      std::max(0.0, lower) * scale, upper * scale, top.certain(intervals[firm])});
  }
  std::ranges::stable_sort(result, std::greater<>(), &TopFirm::score);
  return result;
}

ApproximateBetweenness exactly(const DistributedMatrix& a, const ApproximateConfig& config,
                               ProgressSink& progress) {
  auto result =
      betweenness(a, {.directed = config.directed, .normalised = config.normalised}, progress);
  ApproximateBetweenness exact{std::move(result.score), true, 0, 0, result.work.arcs_scanned};
  if (config.top > 0) {
    const double scale = scale_of(config, a.rows());
    auto score = matrix::gather_all(exact.score);
    std::vector<ValueInterval> intervals;
    for (auto& x : score) intervals.push_back(Intervals::around(x /= scale));
    exact.top = top_firms(score, intervals, config.top, scale);
  }
  return exact;
}

}  // namespace

void ApproximateConfig::validate() const {
  require(epsilon > 0 && epsilon < 1, ErrorKind::usage, "epsilon must lie between 0 and 1");
  require(delta > 0 && delta < 1, ErrorKind::usage, "delta must lie between 0 and 1");
  require(top >= 0, ErrorKind::usage, "the number of the largest firms must not be negative");
}

ApproximateBetweenness approximate_betweenness(const DistributedMatrix& a,
                                               const ApproximateConfig& config,
                                               ProgressSink& progress) {
  config.validate();
  const auto field = make_field(a, config.directed);
  const auto n = static_cast<double>(a.rows());
  const double drawn = field.mass() * field.mass();
  // Firms that no pair is drawn for need no samples: the error counts on fewer pairs.
  const double to_normalised = drawn > 0 && n > 2 ? drawn / ((n - 1) * (n - 2)) : 1;
  const double epsilon = std::min(config.epsilon / to_normalised, 0.999);
  AdaptiveBound bound(epsilon, config.delta, longest_path(field, config.directed));
  Sampling sampling(a.grid().world(), field, config.seed);
  const Intervals intervals(field, bound, config.directed);
  std::int64_t first_run = 0;
  std::int64_t samples = 0;
  double error = 0;
  if (drawn > 0) {
    first_run = std::max<std::int64_t>(1000, bound.limit() / 100);
    sampling.run(0, first_run);
    if (!config.never_exact && exact_is_cheaper(field, bound, sampling, first_run)) {
      return exactly(a, config, progress);
    }
    bound.divide(sampling.counts(), first_run);
    sampling.forget();
    samples = sample_enough(sampling, bound, first_run, epsilon, progress, [&](std::int64_t done) {
      error = config.top > 0 ? intervals.undecided(sampling.counts(), done, config.top)
                             : bound.error(sampling.counts(), done);
      return error;
    });
  }
  const auto score = scores(field, sampling.counts(), samples, config.directed);
  ApproximateBetweenness result{matrix::DistributedVector<double>(a.grid(), a.row_layout(), 0.0),
                                false, first_run + samples, error * to_normalised,
                                sampling.arcs_scanned()};
  const double scale = scale_of(config, a.rows());
  for (std::int64_t i = 0; i < result.score.count(); ++i) {
    result.score[i] = score[result.score.global_of(i).offset()] * scale;
  }
  if (config.top > 0) {
    result.top = top_firms(score, intervals.at(sampling.counts(), samples), config.top, scale);
  }
  return result;
}

}  // namespace tradegraph::kernels
