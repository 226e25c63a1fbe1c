#include "kernels/firm_amounts.hpp"

#include <atomic>
#include <cmath>

#include "kernels/block_labels.hpp"

namespace tradegraph::kernels {

using matrix::DistributedMatrix;

namespace {

/// A 128-bit sum that threads add to without locks: each half by an atomic addition, and what the
/// lower one carries over is known from its own old value.
class SharedUnits {
 public:
  void add(Int128 units) {
    const auto low = static_cast<std::uint64_t>(units);
    const auto high = static_cast<std::uint64_t>(units >> 64);
    const auto before = std::atomic_ref(low_).fetch_add(low, std::memory_order_relaxed);
    const std::uint64_t carry = before + low < low ? 1 : 0;
    if (high + carry == 0) return;
    std::atomic_ref(high_).fetch_add(high + carry, std::memory_order_relaxed);
  }
  [[nodiscard]] Int128 value() const {
    return static_cast<Int128>(static_cast<std::uint64_t>(low_)) |
           static_cast<Int128>(high_) * (static_cast<Int128>(1) << 64);
  }

 private:
  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

/// Units a block row and a block column.
struct BlockUnits {
  std::vector<Int128> rows;
  std::vector<SharedUnits> columns;

  explicit BlockUnits(const DistributedMatrix& a)
      : rows(static_cast<std::size_t>(a.local_rows()), 0),
        columns(static_cast<std::size_t>(a.local_columns())) {}
};

/// Adds up the entries for which inside(row, column) holds. By all threads.
template <class Inside>
BlockUnits add_up(const DistributedMatrix& amount, FixedPointScale scale, const Inside& inside) {
  const auto& block = amount.csr();
  const auto values = block.values<double>();
  BlockUnits sums(amount);
#pragma omp parallel for schedule(dynamic, 2048)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    Int128 sum = 0;
    auto i = static_cast<std::size_t>(block.begin(r));
    for (const auto column : block.row(r)) {
      const double value = values[i++];
      if (!inside(r, column)) continue;
      const auto units = scale.units(value);
      sum += units;
      sums.columns[column].add(units);
    }
    sums.rows[static_cast<std::size_t>(r)] = sum;
  }
  return sums;
}

/// Sales (row sums) plus purchases (column sums) a firm. Collective.
FirmUnits fold(const DistributedMatrix& a, const BlockUnits& partial) {
  std::vector<Int128> columns(partial.columns.size());
  const auto count = static_cast<std::int64_t>(columns.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t c = 0; c < count; ++c) {
    columns[static_cast<std::size_t>(c)] = partial.columns[static_cast<std::size_t>(c)].value();
  }
  auto sum = a.fold_rows<Int128>(partial.rows, comm::ReduceOp::sum);
  const auto bought =
      matrix::redistribute(a.fold_columns<Int128>(columns, comm::ReduceOp::sum), a.row_layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < sum.count(); ++i) sum[i] += bought[i];
  return sum;
}

}  // namespace

FixedPointScale amount_scale(const DistributedMatrix& amount) {
  const auto& group = amount.grid().group();
  const double mine = comm::collectively(group, [&] {
    require(amount.type() == matrix::ValueType::real, ErrorKind::internal,
            "amounts are not of type real");
    const auto values = amount.csr().values<double>();
    const auto count = static_cast<std::int64_t>(values.size());
    double largest = 0;
    bool finite = true;
#pragma omp parallel for schedule(static) reduction(max : largest) reduction(&& : finite)
    for (std::int64_t i = 0; i < count; ++i) {
      const double x = values[static_cast<std::size_t>(i)];
      finite = finite && std::isfinite(x);
      largest = std::max(largest, std::abs(x));
    }
    require(finite, ErrorKind::internal, "an amount is not finite");
    return largest;
  });
  const double largest = comm::all_reduce(group, mine, comm::ReduceOp::max);
  return FixedPointScale::for_range(largest, 2 * amount.entries());
}

FirmAmounts firm_amounts(const DistributedMatrix& amount, const Labels& labels) {
  const auto scale = amount_scale(amount);
  const BlockLabels of(amount, labels);
  const auto total = add_up(amount, scale, [](std::int64_t, std::uint32_t) { return true; });
  const auto inside = add_up(
      amount, scale, [&](std::int64_t row, std::uint32_t column) { return of.same(row, column); });
  return {scale, fold(amount, total), fold(amount, inside)};
}

}  // namespace tradegraph::kernels
