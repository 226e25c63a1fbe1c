#include "engine/matrix/compact_csr.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

namespace tradegraph::matrix {

void counts_to_pointers(std::vector<std::uint64_t>& pointers) {
  for (std::size_t r = 1; r < pointers.size(); ++r) pointers[r] += pointers[r - 1];
}

namespace {

template <class T>
std::vector<std::uint64_t> value_bits(const CsrBlock& block) {
  std::vector<std::uint64_t> bits;
  bits.reserve(static_cast<std::size_t>(block.entries()));
  for (const auto value : block.values<T>()) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

}  // namespace

CompactCsr compact(const CsrBlock& block) {
  auto csr = compact_filtered(block, [](std::int64_t, std::int64_t) { return true; });
  if (block.type() == ValueType::int64) csr.values = value_bits<std::int64_t>(block);
  if (block.type() == ValueType::real) csr.values = value_bits<double>(block);
  return csr;
}

CompactCsr compact(CompactEntries entries, std::int64_t rows) {
  CompactCsr csr;
  csr.pointers.resize(static_cast<std::size_t>(rows) + 1);
  for (const auto row : entries.row) ++csr.pointers[row + std::size_t{1}];
  counts_to_pointers(csr.pointers);
  if (std::is_sorted(entries.row.begin(), entries.row.end())) {
    csr.columns = std::move(entries.column);
    csr.values = std::move(entries.value);
    return csr;
  }
  auto next = csr.pointers;
  csr.columns.resize(entries.column.size());
  csr.values.resize(entries.value.size());
  for (std::size_t e = 0; e < entries.row.size(); ++e) {
    const auto to = next[entries.row[e]]++;
    csr.columns[to] = entries.column[e];
    if (!csr.values.empty()) csr.values[to] = entries.value[e];
  }
  return csr;
}

namespace {

/// Memory that GraphBLAS will free.
template <class T>
T* allocate(std::size_t size) {
  auto* memory = static_cast<T*>(std::malloc(std::max<std::size_t>(1, size) * sizeof(T)));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

template <class T>
GrbMatrix pack(ValueType type, const CompactCsr& csr, std::int64_t columns) {
  GrbMatrix block(grb_type(type), csr.rows(), columns);
  const bool same_value = csr.values.empty();
  const auto stored = same_value ? std::size_t{1} : csr.values.size();
  auto* pointers = allocate<GrB_Index>(csr.pointers.size());
  auto* column = allocate<GrB_Index>(csr.columns.size());
  auto* values = allocate<T>(stored);
  std::copy(csr.pointers.begin(), csr.pointers.end(), pointers);
  std::copy(csr.columns.begin(), csr.columns.end(), column);
  values[0] = T{1};
  for (std::size_t e = 0; e < csr.values.size(); ++e) {
    if constexpr (sizeof(T) == sizeof(std::uint64_t)) values[e] = std::bit_cast<T>(csr.values[e]);
  }
  void* raw = values;
  // Columns within a row are not sorted.
  check_grb(GxB_Matrix_pack_CSR(
      block.get(), &pointers, &column, &raw, csr.pointers.size() * sizeof(GrB_Index),
      csr.columns.size() * sizeof(GrB_Index), stored * sizeof(T), same_value, true, nullptr));
  return block;
}

}  // namespace

GrbMatrix to_block(ValueType type, const CompactCsr& csr, std::int64_t columns) {
  if (csr.entries() == 0) return GrbMatrix(grb_type(type), csr.rows(), columns);
  switch (type) {
    case ValueType::int64: return pack<std::int64_t>(type, csr, columns);
    case ValueType::real: return pack<double>(type, csr, columns);
    case ValueType::pattern: return pack<bool>(type, csr, columns);
  }
  throw Error(ErrorKind::internal, "unknown value type");
}

}  // namespace tradegraph::matrix
