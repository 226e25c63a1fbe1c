#include "kernels/betweenness_products.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/comm/agreement.hpp"
#include "kernels/degree.hpp"
#include "kernels/frontier_exchange.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::check_grb;
using matrix::DistributedMatrix;
using matrix::GrbMatrix;

/// Path counts of a source beyond this are scaled down, by a power of two a level, to it.
constexpr int kLargestExponent = 900;
/// A smaller one, beside one so large, has lost digits, or its inverse has no room to grow.
constexpr int kSmallestExponent = -900;

/// The traversals of one replica group.
class Brandes {
 public:
  Brandes(const DistributedMatrix& forward, const DistributedMatrix& backward, bool endpoints)
      : group_(forward.grid().group()),
        endpoints_(endpoints),
        layout_(forward.row_layout()),
        forward_(forward),
        backward_(backward),
        score_(static_cast<std::size_t>(layout_.count(group_.rank())), 0.0) {}

  /// Adds the dependencies of a batch of sources; false if path counts of one level are too far
  /// apart. Collective over the replica group.
  bool add_batch(std::span<const std::int64_t> sources) {
    GrbMatrix visited(GrB_BOOL, std::ssize(sources), forward_.own());
    const auto levels = search(sources, visited);
    if (!levels) return false;
    sweep_back(*levels);
    if (endpoints_) add_ends(sources, visited);
    return true;
  }

  [[nodiscard]] std::vector<double>& score() { return score_; }

 private:
  /// Path counts of all sources at one distance, those of each source times a power of two; and by
  /// how much it is smaller than that of the level before: none if all are equal.
  struct PathLevel {
    GrbMatrix paths;
    std::vector<double> factors;
  };
  using Levels = std::vector<PathLevel>;

  /// Path counts to each source itself: 1.
  [[nodiscard]] GrbMatrix start(std::span<const std::int64_t> sources) const {
    matrix::Triples ones;
    for (std::size_t k = 0; k < sources.size(); ++k) {
      const auto place = layout_.place_of(GlobalIndex(sources[k]));
      if (place.rank != group_.rank()) continue;
      ones.row.push_back(static_cast<std::int64_t>(k));
      ones.column.push_back(place.position);
      ones.real.push_back(1.0);
    }
    return comm::collectively(group_, [&] {
      return matrix::build_block(matrix::ValueType::real, static_cast<std::int64_t>(sources.size()),
                                 forward_.own(), ones);
    });
  }

  static void mark(GrbMatrix& visited, const GrbMatrix& frontier) {
    check_grb(GrB_Matrix_assign_BOOL(visited.get(), frontier.get(), nullptr, true, GrB_ALL,
                                     static_cast<GrB_Index>(visited.rows()), GrB_ALL,
                                     static_cast<GrB_Index>(visited.columns()), GrB_DESC_S));
  }

  /// Path counts by level, the sources' own level first; nothing if they are too far apart.
  [[nodiscard]] std::optional<Levels> search(std::span<const std::int64_t> sources,
                                             GrbMatrix& visited) const {
    Levels levels;
    levels.push_back({start(sources), {}});
    check_grb(GxB_Matrix_Option_set(visited.get(), GxB_SPARSITY_CONTROL, GxB_BITMAP));
    for (;;) {
      mark(visited, levels.back().paths);
      PathLevel next{forward_.multiply(levels.back().paths, visited, true), {}};
      const auto largest = largest_of_rows(next.paths);
      if (std::ranges::max(largest) == 0)
        return levels;  // no entry on any rank: counts are above 0
      if (!scale_down(next, largest)) return std::nullopt;
      levels.push_back(std::move(next));
    }
  }

  /// Of all ranks, one a source.
  [[nodiscard]] std::vector<double> largest_of_rows(const GrbMatrix& paths) const {
    auto largest = reduced(paths, GrB_MAX_MONOID_FP64, nullptr, paths.rows());
    comm::all_reduce_in_place(group_, std::span(largest), comm::ReduceOp::max);
    return largest;
  }

  /// Entries combined over rows, or with a transposing descriptor over columns; 0 where none are.
  [[nodiscard]] static std::vector<double> reduced(const GrbMatrix& entries, GrB_Monoid monoid,
                                                   GrB_Descriptor how, std::int64_t size) {
    GrB_Vector sums = nullptr;
    check_grb(GrB_Vector_new(&sums, GrB_FP64, static_cast<GrB_Index>(size)));
    const auto info = GrB_Matrix_reduce_Monoid(sums, nullptr, nullptr, monoid, entries.get(), how);
    std::vector<double> result(static_cast<std::size_t>(size), 0.0);
    for (GrB_Index i = 0; info == GrB_SUCCESS && i < result.size(); ++i) {
      GrB_Vector_extractElement_FP64(&result[i], sums, i);  // leaves the 0 where there is none
    }
    GrB_Vector_free(&sums);
    check_grb(info);
    return result;
  }

  /// False if counts of one source at this distance differ by more than double has room for.
  [[nodiscard]] bool scale_down(PathLevel& level, std::span<const double> largest) const {
    std::vector<double> factors(largest.size(), 1.0);
    bool any = false;
    for (std::size_t k = 0; k < largest.size(); ++k) {
      const int exponent = largest[k] > 0 ? std::ilogb(largest[k]) : 0;
      if (exponent <= kLargestExponent) continue;
      factors[k] = std::ldexp(1.0, kLargestExponent - exponent);
      any = true;
    }
    if (!any) return true;
    scale_rows(level.paths, factors);
    level.factors = std::move(factors);
    double smallest = 1;
    check_grb(GrB_Matrix_reduce_FP64(&smallest, nullptr, GrB_MIN_MONOID_FP64, level.paths.get(),
                                     nullptr));
    return !comm::any_rank(group_, smallest < std::ldexp(1.0, kSmallestExponent));
  }

  static void scale_rows(GrbMatrix& entries, std::span<const double> factors) {
    GrbMatrix diagonal(GrB_FP64, entries.rows(), entries.rows());
    for (std::size_t k = 0; k < factors.size(); ++k) {
      check_grb(GrB_Matrix_setElement_FP64(diagonal.get(), factors[k], k, k));
    }
    check_grb(GrB_mxm(entries.get(), nullptr, nullptr, GrB_PLUS_TIMES_SEMIRING_FP64, diagonal.get(),
                      entries.get(), nullptr));
  }

  /// Dependencies from the last level back to the first, added to the scores.
  void sweep_back(const Levels& levels) {
    auto weight = inverse(levels.back().paths);
    for (std::size_t d = levels.size() - 1; d > 1; --d) {
      const auto& paths = levels[d - 1].paths;
      auto pulled = backward_.multiply(weight, paths, false);
      if (!levels[d].factors.empty()) scale_rows(pulled, levels[d].factors);
      add_dependencies(pulled, paths);
      weight = inverse(paths);
      check_grb(GrB_Matrix_eWiseAdd_BinaryOp(weight.get(), nullptr, nullptr, GrB_PLUS_FP64,
                                             weight.get(), pulled.get(), nullptr));
    }
  }

  /// A path counts for both its ends: all pairs of a source and another firm that it reaches.
  void add_ends(std::span<const std::int64_t> sources, const GrbMatrix& visited) {
    const auto reached_by = reduced(visited, GrB_PLUS_MONOID_FP64, GrB_DESC_T0, visited.columns());
    for (std::size_t i = 0; i < score_.size(); ++i) score_[i] += reached_by[i];
    auto reaches = reduced(visited, GrB_PLUS_MONOID_FP64, nullptr, visited.rows());
    comm::all_reduce_in_place(group_, std::span(reaches), comm::ReduceOp::sum);
    for (std::size_t k = 0; k < sources.size(); ++k) {
      const auto place = layout_.place_of(GlobalIndex(sources[k]));
      // Each source has visited itself, in both sums.
      if (place.rank == group_.rank()) {
        score_[static_cast<std::size_t>(place.position)] += reaches[k] - 2;
      }
    }
  }

  [[nodiscard]] static GrbMatrix inverse(const GrbMatrix& paths) {
    GrbMatrix result(GrB_FP64, paths.rows(), paths.columns());
    check_grb(
        GrB_Matrix_apply(result.get(), nullptr, nullptr, GrB_MINV_FP64, paths.get(), nullptr));
    return result;
  }

  void add_dependencies(const GrbMatrix& pulled, const GrbMatrix& paths) {
    GrbMatrix dependency(GrB_FP64, paths.rows(), paths.columns());
    check_grb(GrB_Matrix_eWiseMult_BinaryOp(dependency.get(), nullptr, nullptr, GrB_TIMES_FP64,
                                            pulled.get(), paths.get(), nullptr));
    const auto entries = matrix::extract_triples(matrix::ValueType::real, dependency);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      score_[static_cast<std::size_t>(entries.column[i])] += entries.real[i];
    }
  }

  const comm::Communicator& group_;
  bool endpoints_;
  const matrix::Layout& layout_;
  FrontierExchange forward_;
  FrontierExchange backward_;
  std::vector<double> score_;
};

/// The sources asked for that have links out, ascending; the same on every rank.
std::vector<std::int64_t> active_sources(const DistributedMatrix& a,
                                         const BetweennessConfig& config) {
  const auto links = degree(a, DegreeMode::out);
  std::vector<std::int64_t> mine;
  for (std::int64_t i = 0; i < links.count(); ++i) {
    if (links[i] > 0) mine.push_back(links.global_of(i).value());
  }
  auto active = comm::all_gather_v(a.grid().group(), std::span<const std::int64_t>(mine)).values;
  std::ranges::sort(active);
  if (config.sources.empty()) return active;
  auto asked = config.sources;
  std::ranges::sort(asked);
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  std::vector<std::int64_t> both;
  std::ranges::set_intersection(active, asked, std::back_inserter(both));
  return both;
}

/// This replica's share of the batches. Returns false if path counts are too far apart.
bool run_share(Brandes& brandes, const comm::ProcessGrid& grid,
               const std::vector<std::int64_t>& sources, std::int64_t batch_size,
               ProgressSink& progress) {
  const auto total = static_cast<std::int64_t>(sources.size());
  progress.start("sources", total);
  for (std::int64_t begin = grid.replica() * batch_size; begin < total;
       begin += grid.shape().replicas * batch_size) {
    const auto count = std::min(batch_size, total - begin);
    const bool fits = brandes.add_batch(std::span(sources).subspan(
        static_cast<std::size_t>(begin), static_cast<std::size_t>(count)));
    if (!fits) return false;
    progress.update(std::min(total, begin + grid.shape().replicas * batch_size));
  }
  progress.finish();
  return true;
}

}  // namespace

Betweenness betweenness_by_products(const DistributedMatrix& a, const BetweennessConfig& config,
                                    ProgressSink& progress) {
  config.validate(a.rows());
  const auto& grid = a.grid();
  const auto sources = active_sources(a, config);
  std::optional<DistributedMatrix> transposed;
  if (config.directed) transposed.emplace(a.transpose());
  Brandes brandes(a, transposed ? *transposed : a, config.endpoints);
  const bool fit = run_share(brandes, grid, sources, config.batch_size, progress);
  require(
      !comm::any_rank(grid.world(), !fit), ErrorKind::bad_input,
      "path counts of one source at one distance differ by more than 1e500: their products need "
      "numbers of any size, as batches have");

  Betweenness result{matrix::DistributedVector<double>(grid, a.row_layout(), brandes.score()),
                     {},
                     BetweennessMethod::products,
                     1};
  comm::all_reduce_in_place(grid.twins(), result.score.values(), comm::ReduceOp::sum);
  const double scale = betweenness_scale(config, a.rows());
  for (auto& score : result.score.values()) score *= scale;
  return result;
}

}  // namespace tradegraph::kernels
