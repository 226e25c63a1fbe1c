#include "kernels/cluster_links.hpp"

#include <algorithm>
#include <limits>

#include "engine/matrix/csr_columns.hpp"
#include "kernels/block_labels.hpp"

namespace tradegraph::kernels {

using matrix::CsrBlock;
using matrix::DistributedMatrix;

namespace {

using Counts = std::vector<std::int64_t>;

/// Degrees in 32 bits, as they fit below 2^32 firms: random reads are what these loops wait for.
matrix::DistributedVector<std::uint32_t> narrowed(const FirmCounts& counts) {
  matrix::DistributedVector<std::uint32_t> result(counts.grid(), counts.layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < result.count(); ++i) {
    result[i] = static_cast<std::uint32_t>(counts[i]);
  }
  return result;
}

void check_labels(const DistributedMatrix& a, const Labels& labels, std::int64_t clusters) {
  require(labels.layout() == a.row_layout(), ErrorKind::internal,
          "labels are not in the row layout of the network");
  require(a.rows() <= std::numeric_limits<std::uint32_t>::max() &&
              clusters <= std::numeric_limits<std::int32_t>::max(),
          ErrorKind::usage, "indicators of clusters need fewer than 2^32 firms and 2^31 clusters");
  comm::collectively(a.grid().group(), [&] { require_labels(labels.values(), clusters); });
}

/// The entries inside clusters, where all firms have one: all of them.
struct AllInside {
  static constexpr bool kAll = true;
  [[nodiscard]] bool operator()(std::int64_t, CsrBlock::Column) const { return true; }
};

/// The entries whose row and column carry the same label.
struct SameLabel {
  static constexpr bool kAll = false;
  const BlockLabels& labels;
  [[nodiscard]] bool operator()(std::int64_t row, CsrBlock::Column column) const {
    return labels.same(row, column);
  }
};

Counts row_lengths(const CsrBlock& block) {
  Counts lengths(static_cast<std::size_t>(block.rows()));
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    lengths[static_cast<std::size_t>(r)] = block.begin(r + 1) - block.begin(r);
  }
  return lengths;
}

/// Entries inside, a row.
template <class Inside>
Counts inside_a_row(const CsrBlock& block, const Inside& inside) {
  if constexpr (Inside::kAll) return row_lengths(block);
  Counts counts(static_cast<std::size_t>(block.rows()));
#pragma omp parallel for schedule(dynamic, 2048)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    std::int64_t count = 0;
    for (const auto column : block.row(r)) count += inside(r, column) ? 1 : 0;
    counts[static_cast<std::size_t>(r)] = count;
  }
  return counts;
}

/// Entries inside, a column.
template <class Inside>
Counts inside_a_column(const CsrBlock& block, const Inside& inside) {
  const auto counts =
      matrix::sum_columns<std::uint32_t>(block, [&](std::int64_t r, std::uint32_t* of_column) {
        for (const auto column : block.row(r)) of_column[column] += inside(r, column) ? 1 : 0;
      });
  return {counts.begin(), counts.end()};
}

/// Sum over the entries inside, a row, of what their columns count.
template <class Inside>
FirmCounts sums_over_columns(const DistributedMatrix& a, const Inside& inside,
                             const FirmCounts& of_firm) {
  const auto of_column = a.expand_columns(narrowed(of_firm));
  const auto& block = a.csr();
  Counts sums(static_cast<std::size_t>(block.rows()));
#pragma omp parallel for schedule(dynamic, 2048)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    std::int64_t sum = 0;
    for (const auto column : block.row(r)) {
      if (inside(r, column)) sum += of_column[column];
    }
    sums[static_cast<std::size_t>(r)] = sum;
  }
  return a.fold_rows<std::int64_t>(sums, comm::ReduceOp::sum);
}

template <class Inside>
ClusterLinks links_inside(const DistributedMatrix& a, const DistributedMatrix& u,
                          const Labels& labels, std::int64_t clusters, const Inside& inside) {
  const auto by_row = [](const DistributedMatrix& m, const Counts& counts) {
    return m.fold_rows<std::int64_t>(counts, comm::ReduceOp::sum);
  };
  auto partners_inside = by_row(u, inside_a_row(u.csr(), inside));
  auto partner_degrees = sums_over_columns(u, inside, partners_inside);
  auto suppliers = matrix::redistribute(
      a.fold_columns<std::int64_t>(inside_a_column(a.csr(), inside), comm::ReduceOp::sum),
      a.row_layout());
  auto buyer_degrees = sums_over_columns(a, inside, suppliers);
  return {labels,
          clusters,
          by_row(u, row_lengths(u.csr())),
          std::move(partners_inside),
          std::move(partner_degrees),
          by_row(a, inside_a_row(a.csr(), inside)),
          std::move(suppliers),
          std::move(buyer_degrees),
          std::nullopt};
}

/// Whether all firms are in the only cluster. Collective.
bool is_whole_network(const Labels& labels, std::int64_t clusters) {
  const bool here = clusters == 1 && std::ranges::all_of(labels.values(), [](Label label) {
                      return label != kNoCluster;
                    });
  return !comm::any_rank(labels.grid().group(), !here);
}

}  // namespace

ClusterLinks cluster_links(const DistributedMatrix& a, const DistributedMatrix& u,
                           const Labels& labels, std::int64_t clusters,
                           const DistributedMatrix* amount) {
  check_labels(a, labels, clusters);
  auto links = is_whole_network(labels, clusters)
                   ? links_inside(a, u, labels, clusters, AllInside{})
                   : links_inside(a, u, labels, clusters, SameLabel{BlockLabels(a, labels)});
  if (amount != nullptr) links.amounts.emplace(firm_amounts(*amount, labels));
  return links;
}

}  // namespace tradegraph::kernels
