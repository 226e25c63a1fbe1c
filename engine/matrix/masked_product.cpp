/// C = A B at the entries of a mask: `DistributedMatrix::mxm`.

#include <type_traits>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/compact_csr.hpp"
#include "engine/matrix/csr_build.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "engine/matrix/product_stages.hpp"

namespace tradegraph::matrix {

namespace {

/// An operand as `ProductStages` wants it. Collective.
CompactCsr operand(const DistributedMatrix& a, bool turned) {
  return comm::collectively(a.grid().group(), [&] {
    require(std::max(a.local_rows(), a.local_columns()) < kCompactSide, ErrorKind::internal,
            "a block has 2^32 rows or columns");
    return compact(turned ? transposed(a.csr()) : a.csr());
  });
}

}  // namespace

template <class T>
DistributedMatrix DistributedMatrix::mxm(const DistributedMatrix& b, const DistributedMatrix& mask,
                                         const Semiring<T>& semiring) const {
  require(columns() == b.rows() && row_layout_ == mask.row_layout_ &&
              b.column_layout_ == mask.column_layout_,
          ErrorKind::internal, "product of matrices whose shapes do not fit");
  GrbMatrix sum(grb_type_of<T>(), local_rows(), b.local_columns());
  const auto add_product = [&](GrB_Matrix left, GrB_Matrix right, GrB_Descriptor how) {
    check_grb(
        GrB_mxm(sum.get(), mask.block().get(), semiring.add, semiring.products, left, right, how));
  };
  if (grid_->group().size() == 1) {
    add_product(block().get(), b.block().get(), GrB_DESC_S);
  } else {
    const GridLines lines(*grid_);
    const bool turned = lines.turned();
    const auto left = operand(turned ? b : *this, turned);
    const auto right = operand(turned ? *this : b, turned);
    const auto& inner = column_layout_.partition();
    const auto& inner_of_b = b.row_layout_.partition();
    ProductStages stages(lines, turned ? inner_of_b : inner, turned ? inner : inner_of_b, left,
                         right);
    stages.run([&](int stage, const CompactCsr& x, const CompactCsr& y) {
      comm::collectively(grid_->group(), [&] {
        const auto piece = (turned ? inner : inner_of_b).local_size(stage);
        const auto outer = turned ? local_rows() : b.local_columns();
        const auto from_left = to_block(turned ? b.type_ : type_, x, piece);
        const auto from_right = to_block(turned ? type_ : b.type_, y, outer);
        // (A B)' = B' A' is computed from the transposes, the link's value staying the first.
        turned ? add_product(from_right.get(), from_left.get(), GrB_DESC_ST0T1)
               : add_product(from_left.get(), from_right.get(), GrB_DESC_S);
      });
    });
  }
  constexpr auto kType = std::is_same_v<T, double> ? ValueType::real : ValueType::int64;
  return DistributedMatrix(*grid_, row_layout_, b.column_layout_, kType,
                           Faces{std::nullopt, std::move(sum)});
}

template DistributedMatrix DistributedMatrix::mxm(const DistributedMatrix&,
                                                  const DistributedMatrix&,
                                                  const Semiring<std::int64_t>&) const;
template DistributedMatrix DistributedMatrix::mxm(const DistributedMatrix&,
                                                  const DistributedMatrix&,
                                                  const Semiring<double>&) const;

}  // namespace tradegraph::matrix
