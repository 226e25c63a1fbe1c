#include "kernels/triangles.hpp"

#include <array>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/ascent.hpp"
#include "engine/matrix/csr_build.hpp"
#include "engine/matrix/product_stages.hpp"
#include "kernels/degree.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::CompactCsr;
using matrix::DistributedMatrix;
using Counts = matrix::DistributedVector<std::int64_t>;

/// D by lines. Where lines are columns, its transpose: with U symmetric, the entries that fall.
/// Collective.
CompactCsr upward_links(const DistributedMatrix& u, const Counts& degree, bool turned) {
  const matrix::Ascent ascent(u, degree);
  return comm::collectively(u.grid().group(), [&] {
    require(std::max(u.local_rows(), u.local_columns()) < matrix::kCompactSide, ErrorKind::internal,
            "a block has 2^32 rows or columns");
    if (!turned) {
      return compact_filtered(u.csr(), [&](auto r, auto c) { return ascent.rises(r, c); });
    }
    return compact_filtered(transposed(u.csr().pattern()),
                            [&](auto c, auto r) { return ascent.falls(r, c); });
  });
}

/// What this rank has found, by line and by lane.
struct BlockCounts {
  std::vector<std::int64_t> of_line;
  std::vector<std::int64_t> of_lane;
};

/// Adds what all lines have found for the firms of line `stage`, on that line. Collective.
void give_to_line(const comm::Communicator& along, int stage,
                  const std::vector<std::int64_t>& found, std::vector<std::int64_t>& of_line) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(along.size()), 0);
  sizes[static_cast<std::size_t>(stage)] = static_cast<std::int64_t>(found.size());
  const auto sum =
      comm::reduce_scatter(along, std::span<const std::int64_t>(found), sizes, comm::ReduceOp::sum);
  for (std::size_t i = 0; i < sum.size(); ++i) of_line[i] += sum[i];
}

TriangleWork count_blocks(const DistributedMatrix& u, const matrix::GridLines& lines,
                          const CompactCsr& links, BlockCounts& counts) {
  const auto& rows = u.row_layout().partition();
  const auto& columns = u.column_layout().partition();
  const auto& by_line = lines.turned() ? columns : rows;
  const auto& by_lane = lines.turned() ? rows : columns;
  matrix::ProductStages stages(lines, by_lane, by_line, links, links);
  TriangleWork work;
  stages.run([&](int stage, const CompactCsr& left, const CompactCsr& right) {
    if (stages.count() == 1) {
      work = count_triangles(links, left, right, {counts.of_line, counts.of_line, counts.of_lane});
      return;
    }
    std::vector<std::int64_t> of_inner(static_cast<std::size_t>(right.rows()), 0);
    work += comm::collectively(u.grid().group(), [&] {
      return count_triangles(links, left, right, {counts.of_line, of_inner, counts.of_lane});
    });
    give_to_line(lines.along(), stage, of_inner, counts.of_line);
  });
  return work;
}

/// Row sums plus column sums of the blocks. Collective.
Counts fold(const DistributedMatrix& u, const std::vector<std::int64_t>& of_row,
            const std::vector<std::int64_t>& of_column) {
  auto sum = u.fold_rows<std::int64_t>(of_row, comm::ReduceOp::sum);
  const auto other = matrix::redistribute(
      u.fold_columns<std::int64_t>(of_column, comm::ReduceOp::sum), u.row_layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < sum.count(); ++i) sum[i] += other[i];
  return sum;
}

Triangles by_lists(const DistributedMatrix& u, const Counts& degree) {
  const matrix::GridLines lines(u.grid());
  const auto links = upward_links(u, degree, lines.turned());
  const auto rows = static_cast<std::size_t>(u.local_rows());
  const auto columns = static_cast<std::size_t>(u.local_columns());
  BlockCounts counts{std::vector<std::int64_t>(lines.turned() ? columns : rows, 0),
                     std::vector<std::int64_t>(lines.turned() ? rows : columns, 0)};
  const auto work = count_blocks(u, lines, links, counts);
  std::array<std::int64_t, 2> sums{work.links, work.entries};
  comm::all_reduce_in_place(u.grid().group(), std::span<std::int64_t>(sums), comm::ReduceOp::sum);
  if (lines.turned()) std::swap(counts.of_line, counts.of_lane);
  return {fold(u, counts.of_line, counts.of_lane), 0, {sums[0], sums[1]}};
}

Triangles by_products(const DistributedMatrix& u, const Counts& degree) {
  const auto count = matrix::semiring<std::int64_t>(matrix::Add::plus, matrix::Multiply::pair);
  const auto closed = u.mxm(u.select_rising(degree), u, count);
  return {closed.reduce_rows<std::int64_t>(), 0, {}};
}

}  // namespace

Triangles triangles(const DistributedMatrix& u, const TrianglesConfig& config) {
  require(u.rows() == u.columns(), ErrorKind::internal, "triangles of a matrix that is not square");
  const auto degree = kernels::degree(u, DegreeMode::out);
  auto result = config.by_lists ? by_lists(u, degree) : by_products(u, degree);
  std::int64_t corners = 0;
  for (const auto t : result.of_firm.values()) corners += t;
  result.total = comm::all_reduce(u.grid().group(), corners, comm::ReduceOp::sum) / 3;
  return result;
}

}  // namespace tradegraph::kernels
