#include "engine/matrix/csr_block.hpp"

#include <cstdlib>

namespace tradegraph::matrix {

namespace {

/// What GraphBLAS takes over and frees with free(); a copy of `from`, or one `T{1}` if it is none.
template <class T, class From>
T* handed_over(std::span<const From> from) {
  auto* memory = static_cast<T*>(std::malloc(std::max<std::size_t>(from.size(), 1) * sizeof(T)));
  require(memory != nullptr, ErrorKind::memory, "out of memory");
  memory[0] = T{1};
  const auto count = static_cast<std::int64_t>(from.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    memory[i] = static_cast<T>(from[static_cast<std::size_t>(i)]);
  }
  return memory;
}

void* values_for_graphblas(const CsrBlock& block) {
  if (block.type() == ValueType::pattern) return handed_over<bool>(std::span<const bool>{});
  return with_value_type(block.type(), [&](auto zero) -> void* {
    return handed_over<decltype(zero)>(block.values<decltype(zero)>());
  });
}

}  // namespace

CsrBlock::CsrBlock(ValueType type, std::int64_t rows, std::int64_t columns)
    : CsrBlock(columns, Pattern{Buffer<std::int64_t>(rows + 1, 0), Buffer<Column>(0)}) {
  if (type == ValueType::int64) *this = with_values(Buffer<std::int64_t>(0));
  if (type == ValueType::real) *this = with_values(Buffer<double>(0));
}

GrbMatrix to_graphblas(const CsrBlock& block) {
  GrbMatrix matrix(grb_type(block.type()), block.rows(), block.columns());
  if (block.entries() == 0) return matrix;
  const bool iso = block.type() == ValueType::pattern;
  const auto entries = static_cast<GrB_Index>(block.entries());
  const GrB_Index value_bytes = iso ? sizeof(bool) : entries * 8;
  auto* pointers = handed_over<GrB_Index>(block.pointers());
  auto* columns = handed_over<GrB_Index>(block.column_of_entry());
  void* values = values_for_graphblas(block);
  check_grb(GxB_Matrix_pack_CSR(matrix.get(), &pointers, &columns, &values,
                                block.pointers().size() * sizeof(GrB_Index),
                                entries * sizeof(GrB_Index), value_bytes, iso, false, nullptr));
  return matrix;
}

CsrBlock from_graphblas(ValueType type, const GrbMatrix& block, std::int64_t rows,
                        std::int64_t columns) {
  CsrBlock::check_columns(columns);
  if (rows == 0 || columns == 0) return CsrBlock(type, rows, columns);
  const CsrView view(block);
  const auto entries = static_cast<std::int64_t>(view.entries());
  CsrBlock::Pattern pattern{Buffer<std::int64_t>(rows + 1), Buffer<CsrBlock::Column>(entries)};
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r <= rows; ++r) {
    pattern.pointers[r] = static_cast<std::int64_t>(view.begin(r));
  }
  const auto all = view.columns();
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < entries; ++i) {
    pattern.columns[i] = static_cast<CsrBlock::Column>(all[static_cast<std::size_t>(i)]);
  }
  const CsrBlock result(columns, std::move(pattern));
  if (type == ValueType::pattern) return result;
  return with_value_type(type, [&](auto zero) {
    using T = decltype(zero);
    Buffer<T> values(entries);
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < entries; ++i) {
      values[i] = view.value<T>(static_cast<std::uint64_t>(i));
    }
    return result.with_values(std::move(values));
  });
}

}  // namespace tradegraph::matrix
