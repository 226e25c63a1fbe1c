#include "kernels/firm_amounts.hpp"

#include <algorithm>
#include <cmath>

#include "engine/matrix/csr_columns.hpp"
#include "kernels/block_labels.hpp"

namespace tradegraph::kernels {

using matrix::DistributedMatrix;

namespace {

/// Units of one firm.
struct Units {
  Int128 total = 0;
  Int128 inside = 0;

  Units& operator+=(const Units& other) {
    total += other.total;
    inside += other.inside;
    return *this;
  }
};

/// Units a block row (sold) and a block column (bought).
struct BlockUnits {
  std::vector<Units> sold;
  std::vector<Units> bought;
};

/// One pass over the block, by all threads.
BlockUnits add_up(const DistributedMatrix& amount, FixedPointScale scale, const BlockLabels& of) {
  const auto& block = amount.csr();
  const auto values = block.values<double>();
  BlockUnits sums{std::vector<Units>(static_cast<std::size_t>(block.rows())), {}};
  sums.bought = matrix::sum_columns<Units>(block, [&](std::int64_t r, Units* of_column) {
    Units sold;
    auto i = static_cast<std::size_t>(block.begin(r));
    for (const auto column : block.row(r)) {
      const auto units = scale.units(values[i++]);
      Units both;
      both.total = units;
      if (of.same(r, column)) both.inside = units;
      sold += both;
      of_column[column] += both;
    }
    sums.sold[static_cast<std::size_t>(r)] = sold;
  });
  return sums;
}

/// One member of each.
std::vector<Int128> pick(const std::vector<Units>& units, Int128 Units::*member) {
  std::vector<Int128> picked(units.size());
  const auto count = static_cast<std::int64_t>(units.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    picked[static_cast<std::size_t>(i)] = units[static_cast<std::size_t>(i)].*member;
  }
  return picked;
}

/// What is sold plus what is bought a firm. Collective.
FirmUnits fold(const DistributedMatrix& a, const BlockUnits& partial, Int128 Units::*member) {
  auto sum = a.fold_rows<Int128>(pick(partial.sold, member), comm::ReduceOp::sum);
  const auto bought = matrix::redistribute(
      a.fold_columns<Int128>(pick(partial.bought, member), comm::ReduceOp::sum), a.row_layout());
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
  const auto units = add_up(amount, scale, of);
  return {scale, fold(amount, units, &Units::total), fold(amount, units, &Units::inside)};
}

}  // namespace tradegraph::kernels
