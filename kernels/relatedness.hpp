#pragma once
/// How related industries are: from where they are, and from whom they trade with (Delgado, Porter
/// & Stern 2016, doi:10.1093/jeg/lbv017).
///
/// All functions take small dense tables that every rank holds, are serial or by all threads with
/// sums in a fixed order, and give the same bits everywhere. None is collective.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

/// Square and symmetric; the diagonal is 0 and means nothing.
struct Relatedness {
  std::size_t industries = 0;
  std::vector<double> values;  ///< industries x industries, row by row

  [[nodiscard]] double operator()(std::size_t i, std::size_t j) const {
    return values[i * industries + j];
  }
};

/// Pearson correlation over regions of what two industries have there; `table`: industries x
/// regions (establishments, or employees), row by row. 0 for an industry that does not vary.
[[nodiscard]] Relatedness location_correlation(std::span<const double> table,
                                               std::size_t industries);

/// Coagglomeration (Ellison, Glaeser & Kerr 2010, doi:10.1257/aer.100.3.1195): with s_ir the share
/// of industry i in region r and x_r their mean over industries, sum_r (s_ir - x_r)(s_jr - x_r) /
/// (1 - sum_r x_r^2). 0 for an industry that is nowhere.
[[nodiscard]] Relatedness coagglomeration(std::span<const double> table, std::size_t industries);

/// The largest of four shares: of i's sales that go to j, of j's sales that go to i, of i's
/// purchases that come from j, of j's purchases that come from i. `flows`: industries x industries,
/// supplier by buyer, trade inside an industry included. 0 without trade.
[[nodiscard]] Relatedness input_output(std::span<const double> flows, std::size_t industries);

/// Mean of matrices, each first standardised over all pairs of different industries. A matrix whose
/// pairs do not vary counts as 0.
[[nodiscard]] Relatedness average(std::span<const Relatedness* const> matrices);

/// Rows as k-means and Ward see them: the diagonal is filled with the mean of the rest of the row,
/// so that it says nothing; if `standardise`, each row then has mean 0 and deviation 1.
[[nodiscard]] std::vector<double> rows_of(const Relatedness& matrix, bool standardise);

}  // namespace tradegraph::kernels
