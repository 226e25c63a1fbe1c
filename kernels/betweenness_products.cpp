#include "kernels/betweenness_products.hpp"

#include <algorithm>
#include <optional>

#include "engine/comm/agreement.hpp"
#include "kernels/degree.hpp"
#include "kernels/frontier_exchange.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::check_grb;
using matrix::DistributedMatrix;
using matrix::GrbMatrix;

/// 1 / sigma is then still a normal number with all its digits.
constexpr double kLargestPathCount = 1e300;

/// The traversals of one replica group.
class Brandes {
 public:
  Brandes(const DistributedMatrix& forward, const DistributedMatrix& backward)
      : group_(forward.grid().group()),
        layout_(forward.row_layout()),
        forward_(forward),
        backward_(backward),
        score_(static_cast<std::size_t>(layout_.count(group_.rank())), 0.0) {}

  /// Adds the dependencies of a batch of sources; false if path counts overflow. Collective over
  /// the replica group.
  bool add_batch(std::span<const std::int64_t> sources) {
    const auto levels = search(sources);
    if (levels) sweep_back(*levels);
    return levels.has_value();
  }

  [[nodiscard]] std::vector<double>& score() { return score_; }

 private:
  using Levels = std::vector<GrbMatrix>;

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

  /// Path counts by level, the sources' own level first; nothing if they overflow.
  [[nodiscard]] std::optional<Levels> search(std::span<const std::int64_t> sources) const {
    Levels levels;
    levels.push_back(start(sources));
    GrbMatrix visited(GrB_BOOL, levels[0].rows(), levels[0].columns());
    check_grb(GxB_Matrix_Option_set(visited.get(), GxB_SPARSITY_CONTROL, GxB_BITMAP));
    for (;;) {
      mark(visited, levels.back());
      auto next = forward_.multiply(levels.back(), visited, true);
      double largest = 0;
      check_grb(
          GrB_Matrix_reduce_FP64(&largest, nullptr, GrB_MAX_MONOID_FP64, next.get(), nullptr));
      largest = comm::all_reduce(group_, std::max(largest, 0.0), comm::ReduceOp::max);
      if (largest == 0) return levels;  // path counts are at least 1: no entry on any rank
      if (!(largest <= kLargestPathCount)) return std::nullopt;
      levels.push_back(std::move(next));
    }
  }

  /// Dependencies from the last level back to the first, added to the scores.
  void sweep_back(const Levels& levels) {
    auto weight = inverse(levels.back());
    for (std::size_t d = levels.size() - 1; d > 1; --d) {
      const auto& paths = levels[d - 1];
      const auto pulled = backward_.multiply(weight, paths, false);
      add_dependencies(pulled, paths);
      weight = inverse(paths);
      check_grb(GrB_Matrix_eWiseAdd_BinaryOp(weight.get(), nullptr, nullptr, GrB_PLUS_FP64,
                                             weight.get(), pulled.get(), nullptr));
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

/// This replica's share of the batches. Returns false if path counts overflow.
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
  require(!config.endpoints, ErrorKind::bad_input,
          "betweenness with endpoints needs more memory: the whole network on each rank");
  const auto& grid = a.grid();
  const auto sources = active_sources(a, config);
  std::optional<DistributedMatrix> transposed;
  if (config.directed) transposed.emplace(a.transpose());
  Brandes brandes(a, transposed ? *transposed : a);
  const bool fit = run_share(brandes, grid, sources, config.batch_size, progress);
  require(!comm::any_rank(grid.world(), !fit), ErrorKind::bad_input,
          "path counts overflow; betweenness of this network needs scaled path counts");

  Betweenness result{
      matrix::DistributedVector<double>(grid, a.row_layout(), std::move(brandes.score())),
      {},
      BetweennessMethod::products,
      1};
  comm::all_reduce_in_place(grid.twins(), result.score.values(), comm::ReduceOp::sum);
  const double scale = betweenness_scale(config, a.rows());
  for (auto& score : result.score.values()) score *= scale;
  return result;
}

}  // namespace tradegraph::kernels
