#include "kernels/cluster_products.hpp"

#include <utility>

#include "kernels/cluster_tally.hpp"

namespace tradegraph::kernels {

using matrix::check_grb;
using matrix::DistributedMatrix;
using matrix::GrbMatrix;
using matrix::Triples;
using matrix::ValueType;

ClusterLinks cluster_links_by_products(const DistributedMatrix& a, const DistributedMatrix& u,
                                       const Labels& labels, std::int64_t clusters) {
  const auto sum = matrix::semiring<std::int64_t>(matrix::Add::plus);
  const auto u_in = u.select_same_label(labels);
  const auto a_in = a.select_same_label(labels);
  const FirmCounts ones(a.grid(), a.column_layout(), 1);
  const FirmCounts row_ones(a.grid(), a.row_layout(), 1);
  auto partners_inside = u_in.mxv(ones, sum);
  auto degrees = u_in.mxv(partners_inside, sum);
  auto suppliers = matrix::redistribute(a_in.vxm(row_ones, sum), a.row_layout());
  auto buyer_degrees = a_in.mxv(suppliers, sum);
  return {labels,
          clusters,
          u.mxv(ones, sum),
          std::move(partners_inside),
          std::move(degrees),
          a_in.mxv(ones, sum),
          std::move(suppliers),
          std::move(buyer_degrees),
          std::nullopt};
}

namespace {

/// Cr' and Cc of this rank's block.
class Membership {
 public:
  Membership(const DistributedMatrix& a, const Labels& labels, std::int64_t clusters)
      : classes_(clusters + 1) {
    auto rows = one_hot(a.expand_rows(labels));
    std::swap(rows.row, rows.column);
    auto columns = one_hot(a.expand_columns(labels));
    comm::collectively(a.grid().group(), [&] {
      rows_ = matrix::build_block(ValueType::pattern, classes_, a.local_rows(), rows);
      columns_ = matrix::build_block(ValueType::pattern, a.local_columns(), classes_, columns);
    });
  }

  /// Cr' B Cc for a block B of integers, or of a pattern (then entries are counted).
  [[nodiscard]] Triples around(const GrbMatrix& block, ValueType type) const {
    const auto links = type == ValueType::pattern ? GxB_PLUS_PAIR_INT64 : GxB_PLUS_FIRST_INT64;
    GrbMatrix by_buyer(GrB_INT64, block.rows(), classes_);
    check_grb(
        GrB_mxm(by_buyer.get(), nullptr, nullptr, links, block.get(), columns_.get(), nullptr));
    GrbMatrix product(GrB_INT64, classes_, classes_);
    check_grb(GrB_mxm(product.get(), nullptr, nullptr, GxB_PLUS_SECOND_INT64, rows_.get(),
                      by_buyer.get(), nullptr));
    return extract_triples(ValueType::int64, product);
  }

 private:
  /// Entry (i, class of i) for every i; the last class is "no cluster".
  [[nodiscard]] Triples one_hot(const std::vector<Label>& labels) const {
    Triples entries;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      entries.row.push_back(static_cast<std::int64_t>(i));
      entries.column.push_back(labels[i] == kNoCluster ? classes_ - 1 : labels[i]);
    }
    return entries;
  }

  std::int64_t classes_;
  GrbMatrix rows_;
  GrbMatrix columns_;
};

void tally_links(const DistributedMatrix& a, const Membership& membership,
                 std::vector<Tally>& tallies) {
  const auto cells = membership.around(a.pattern().block(), ValueType::pattern);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    tallies.push_back({cells.row[i], cells.column[i], cells.integer[i], 0});
  }
}

/// Sums of a limb fit 64 bits: the low ones for 2^32 links a block, the high one because the scale
/// keeps the sum of all amounts below 2^125.
constexpr int kLimbBits = 31;
constexpr int kLimbs = 3;

std::int64_t limb_of(Int128 units, int limb) {
  const Int128 rest = units >> (limb * kLimbBits);
  const Int128 mask = (Int128{1} << kLimbBits) - 1;
  return static_cast<std::int64_t>(limb + 1 == kLimbs ? rest : rest & mask);
}

void tally_amounts(const DistributedMatrix& amount, FixedPointScale scale,
                   const Membership& membership, std::vector<Tally>& tallies) {
  auto links = extract_triples(ValueType::real, amount.block());
  const auto real = std::move(links.real);
  links.real.clear();
  links.integer.resize(real.size());
  for (int limb = 0; limb < kLimbs; ++limb) {
    for (std::size_t i = 0; i < real.size(); ++i) {
      links.integer[i] = limb_of(scale.units(real[i]), limb);
    }
    const auto block =
        matrix::build_block(ValueType::int64, amount.local_rows(), amount.local_columns(), links);
    const auto cells = membership.around(block, ValueType::int64);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Int128 weight = Int128{cells.integer[i]} * (Int128{1} << (limb * kLimbBits));
      tallies.push_back({cells.row[i], cells.column[i], 0, weight});
    }
  }
}

}  // namespace

std::vector<ClusterFlow> membership_product_by_products(const DistributedMatrix& a,
                                                        const Labels& labels, std::int64_t clusters,
                                                        const DistributedMatrix* amount) {
  const auto& group = a.grid().group();
  comm::collectively(group, [&] { require_labels(labels.values(), clusters); });
  const Membership membership(a, labels, clusters);
  const auto scale = amount != nullptr ? std::optional(amount_scale(*amount)) : std::nullopt;
  auto tallies = comm::collectively(group, [&] {
    std::vector<Tally> mine;
    tally_links(a, membership, mine);
    if (amount != nullptr) tally_amounts(*amount, *scale, membership, mine);
    return mine;
  });
  return collect_flows(group, std::move(tallies), clusters, scale);
}

}  // namespace tradegraph::kernels
