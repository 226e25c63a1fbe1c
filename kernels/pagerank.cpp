#include "kernels/pagerank.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/block_exchange.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::CsrBlock;
using matrix::DistributedMatrix;
using Vector = matrix::DistributedVector<double>;

/// 1 / out strength, 0 for firms without; in the row layout. Collective.
Vector inverse_strength(const DistributedMatrix& transposed) {
  auto inverse = matrix::redistribute(transposed.reduce_columns<double>(), transposed.row_layout());
  const bool overflows =
      std::ranges::any_of(inverse.values(), [](double s) { return !std::isfinite(s); });
  require(!comm::any_rank(transposed.grid().group(), overflows), ErrorKind::bad_input,
          "the weights of a firm's links add up to infinity");
  for (auto& s : inverse.values()) s = s > 0 ? 1 / s : 0;
  return inverse;
}

/// How far each iteration steps: 1, plain iteration, while that gains more than Chebyshev's steps
/// do in the long run; then these, for eigenvalues in [-damping, damping].
class StepWeight {
 public:
  explicit StepWeight(const PageRankConfig& config) : square_(config.damping * config.damping) {
    if (config.symmetric) rate_ = (1 - std::sqrt(1 - square_)) / config.damping;
  }
  /// Of the next iteration.
  double next() {
    if (!is_plain_) {
      weight_ = steps_ == 0 ? 1 : 1 / (1 - square_ * (steps_ == 1 ? 0.5 : weight_ / 4));
      ++steps_;
    }
    return weight_;
  }
  /// The change of an iteration.
  void saw(double change) {
    if (change > rate_ * last_change_) is_plain_ = false;
    last_change_ = change;
  }

 private:
  double square_;
  double rate_ = std::numeric_limits<double>::infinity();  ///< by which Chebyshev's steps gain
  double last_change_ = std::numeric_limits<double>::infinity();
  bool is_plain_ = true;
  std::int64_t steps_ = 0;
  double weight_ = 1;
};

/// What an iteration leaves behind.
struct Totals {
  double change = 0;    ///< L1
  double dangling = 0;  ///< mass of firms without links out
};

/// Ranks of this rank's firms, and what each passes on to a unit of weight.
class Walk {
 public:
  Walk(Vector& rank, const Vector& inverse, const PageRankConfig& config)
      : rank_(rank),
        inverse_(inverse),
        damping_(config.damping),
        before_(config.symmetric ? rank.count() : 0, 0.0),
        share_(rank.count()),
        next_share_(rank.count()),
        of_piece_(static_cast<std::size_t>((rank.count() + kRowsAPiece - 1) / kRowsAPiece)) {}

  [[nodiscard]] std::span<const double> share() const { return share_; }

  /// Sets the shares of the ranks there are. Returns this rank's totals.
  Totals begin() {
    return over_pieces([&](std::int64_t i, Totals& totals) { pass_on(i, rank_[i], totals); });
  }
  /// rank = base + damping * sum(i); if symmetric, `weight` times as far from the ranks before.
  /// `sum` may read `share()`. Returns this rank's totals.
  template <class Sum>
  Totals advance(double base, double weight, const Sum& sum) {
    return over_pieces([&](std::int64_t i, Totals& totals) {
      double fresh = base + damping_ * sum(i);
      totals.change += std::abs(fresh - rank_[i]);
      if (before_.ssize() > 0) {
        fresh = before_[i] + weight * (fresh - before_[i]);
        before_[i] = rank_[i];
      }
      rank_[i] = fresh;
      pass_on(i, fresh, totals);
    });
  }
  /// If symmetric, goes back to the ranks that the change of the last totals was of.
  void settle() { std::ranges::copy(before_, rank_.values().begin()); }

 private:
  static constexpr std::int64_t kRowsAPiece = 4096;

  void pass_on(std::int64_t i, double rank, Totals& totals) {
    next_share_[i] = rank * inverse_[i];
    if (inverse_[i] == 0) totals.dangling += rank;
  }
  /// Adds up by pieces of fixed length, in order, so that threads do not show in the totals.
  template <class Work>
  Totals over_pieces(const Work& work) {
    const auto pieces = static_cast<std::int64_t>(of_piece_.size());
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t p = 0; p < pieces; ++p) {
      Totals mine;
      const auto end = std::min((p + 1) * kRowsAPiece, rank_.count());
      for (auto i = p * kRowsAPiece; i < end; ++i) work(i, mine);
      of_piece_[static_cast<std::size_t>(p)] = mine;
    }
    std::swap(share_, next_share_);
    Totals all;
    for (const auto& piece : of_piece_) {
      all.change += piece.change;
      all.dangling += piece.dangling;
    }
    return all;
  }

  Vector& rank_;
  const Vector& inverse_;
  double damping_;
  Buffer<double> before_;  ///< if symmetric: ranks of the iteration before the last
  Buffer<double> share_;
  Buffer<double> next_share_;
  std::vector<Totals> of_piece_;
};

Totals over_ranks(const comm::Communicator& group, Totals mine) {
  double values[] = {mine.change, mine.dangling};
  comm::all_reduce_in_place(group, std::span<double>(values), comm::ReduceOp::sum);
  return {values[0], values[1]};
}

/// Sum of weight times share over the entries of a row; a pattern's weights are 1.
template <class Weight>
class RowSums {
 public:
  RowSums(const CsrBlock& block, std::span<const CsrBlock::Column> index)
      : pointers_(block.pointers().data()), index_(index.data()) {
    if constexpr (kWeighted) weights_ = block.values<Weight>().data();
  }
  [[nodiscard]] double operator()(std::int64_t row, const double* share) const {
    double sum = 0;
    for (auto i = pointers_[row]; i < pointers_[row + 1]; ++i) {
      if constexpr (kWeighted) {
        sum += static_cast<double>(weights_[i]) * share[index_[i]];
      } else {
        sum += share[index_[i]];
      }
    }
    return sum;
  }

 private:
  static constexpr bool kWeighted = !std::is_void_v<Weight>;
  const std::int64_t* pointers_;
  const CsrBlock::Column* index_;
  const Weight* weights_ = nullptr;
};

template <class Weight>
PageRank walk(const DistributedMatrix& transposed, const PageRankConfig& config) {
  const auto& grid = transposed.grid();
  const auto n = static_cast<double>(std::max<std::int64_t>(transposed.rows(), 1));
  matrix::BlockExchange exchange(transposed);
  const RowSums<Weight> row_sum(transposed.csr(), exchange.index_of_entry());
  const auto inverse = inverse_strength(transposed);
  PageRank result{Vector(grid, transposed.row_layout(), 1 / n)};
  Walk walk(result.rank, inverse, config);
  StepWeight weights(config);
  auto totals = over_ranks(grid.group(), walk.begin());
  Buffer<double> partial(exchange.rows_are_own() ? 0 : transposed.local_rows());
  while (result.iterations < config.max_iterations) {
    const double base = (1 - config.damping + config.damping * totals.dangling) / n;
    const double weight = weights.next();
    const auto* share = exchange.expand(walk.share()).data();
    if (exchange.rows_are_own()) {
      totals = walk.advance(base, weight, [&](std::int64_t i) { return row_sum(i, share); });
    } else {
#pragma omp parallel for schedule(dynamic, 4096)
      for (std::int64_t r = 0; r < partial.ssize(); ++r) partial[r] = row_sum(r, share);
      const auto sums = exchange.fold(partial);
      totals = walk.advance(base, weight,
                            [&](std::int64_t i) { return sums[static_cast<std::size_t>(i)]; });
    }
    totals = over_ranks(grid.group(), totals);
    result.change = totals.change;
    weights.saw(totals.change);
    ++result.iterations;
    if (result.change > config.tolerance) continue;
    walk.settle();
    return result;
  }
  refuse_unconverged(result, config);
}

}  // namespace

void require_usable_weights(const DistributedMatrix& transposed) {
  require(transposed.rows() == transposed.columns(), ErrorKind::internal,
          "PageRank of a matrix that is not square");
  if (transposed.type() == matrix::ValueType::pattern) return;
  const auto& block = transposed.csr();
  const bool usable = with_value_type(block.type(), [&](auto zero) {
    const auto weights = block.values<decltype(zero)>();
    std::atomic<bool> sound = true;
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < block.entries(); ++i) {
      const auto weight = static_cast<double>(weights[static_cast<std::size_t>(i)]);
      if (!(weight >= 0) || !std::isfinite(weight)) sound = false;
    }
    return sound.load();
  });
  require(!comm::any_rank(transposed.grid().group(), !usable), ErrorKind::bad_input,
          "PageRank needs weights that are finite and not negative");
}

void refuse_unconverged(const PageRank& result, const PageRankConfig& config) {
  char text[160];
  std::snprintf(text, sizeof text,
                "PageRank has not converged after %lld iterations: the change is %g, not %g; allow "
                "more iterations or a larger tolerance",
                static_cast<long long>(result.iterations), result.change, config.tolerance);
  throw Error(ErrorKind::usage, text);
}

void PageRankConfig::validate() const {
  require(damping >= 0 && damping < 1, ErrorKind::usage, "damping must be in [0, 1)");
  require(tolerance > 0, ErrorKind::usage, "tolerance must be above 0");
  require(max_iterations > 0, ErrorKind::usage, "at least one iteration is needed");
}

PageRank pagerank(const DistributedMatrix& transposed, const PageRankConfig& config) {
  config.validate();
  require_usable_weights(transposed);
  switch (transposed.type()) {
    case matrix::ValueType::pattern: return walk<void>(transposed, config);
    case matrix::ValueType::int64: return walk<std::int64_t>(transposed, config);
    case matrix::ValueType::real: return walk<double>(transposed, config);
  }
  throw Error(ErrorKind::internal, "unknown value type");
}

}  // namespace tradegraph::kernels
