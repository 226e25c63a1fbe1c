#include "kernels/core_number.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "kernels/link_steps.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using Vector = matrix::DistributedVector<std::int64_t>;
using Positions = std::vector<std::int64_t>;

/// Firms with links left, and the levels at which they go.
class Peeling {
 public:
  Peeling(const DistributedMatrix& a, Vector degree)
      : a_(a),
        steps_(a, false),
        countdown_(steps_),
        left_(std::move(degree)),
        core_(a.grid(), a.column_layout()) {
    remaining_.resize(left_.values().size());
    std::iota(remaining_.begin(), remaining_.end(), std::int64_t{0});
  }

  Vector run() {
    while (next_level()) {
      auto gone = at_level();
      while (comm::any_rank(a_.grid().group(), !gone.empty())) {
        for (const auto firm : gone) core_[firm] = level_;
        gone = countdown_.take(Towards::buyers, gone, level_, left_.values());
      }
    }
    return std::move(core_);
  }

 private:
  /// Forgets the firms that are gone and moves to the least number of links that one has left.
  bool next_level() {
    std::erase_if(remaining_, [&](std::int64_t firm) { return left_[firm] <= level_; });
    auto least = std::numeric_limits<std::int64_t>::max();
    for (const auto firm : remaining_) least = std::min(least, left_[firm]);
    level_ = comm::all_reduce(a_.grid().group(), least, comm::ReduceOp::min);
    return level_ != std::numeric_limits<std::int64_t>::max();
  }
  Positions at_level() const {
    Positions firms;
    for (const auto firm : remaining_) {
      if (left_[firm] <= level_) firms.push_back(firm);
    }
    return firms;
  }

  const DistributedMatrix& a_;
  LinkSteps steps_;
  LinkCountdown countdown_;
  Vector left_;
  Vector core_;
  Positions remaining_;  ///< own positions, ascending; at times also firms that are gone
  std::int64_t level_ = -1;
};

Vector peel(const DistributedMatrix& a, const Vector& degree) {
  const auto core = Peeling(a, matrix::redistribute(degree, a.column_layout())).run();
  return matrix::redistribute(core, a.row_layout());
}

void require_square(const DistributedMatrix& a) {
  require(a.rows() == a.columns(), ErrorKind::internal,
          "core numbers of a matrix that is not square");
}

}  // namespace

Vector core_number(const DistributedMatrix& u) {
  require_square(u);
  if (u.type() != matrix::ValueType::pattern) return core_number(u.pattern());
  return peel(u, u.reduce_rows<std::int64_t>());
}

Vector in_core_number(const DistributedMatrix& a) {
  require_square(a);
  if (a.type() != matrix::ValueType::pattern) return in_core_number(a.pattern());
  return peel(a, a.reduce_columns<std::int64_t>());
}

}  // namespace tradegraph::kernels
