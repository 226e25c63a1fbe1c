#pragma once
/// Part of a block, taken from its CSR arrays: two parallel passes and no sorting, where rebuilding
/// from triples would sort.

#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/matrix/handles.hpp"

namespace tradegraph::matrix {

namespace detail {

/// What GraphBLAS takes over and frees with free().
template <class T>
[[nodiscard]] T* allocate(std::size_t count) {
  void* memory = std::malloc((count > 0 ? count : 1) * sizeof(T));
  require(memory != nullptr, ErrorKind::memory, "out of memory");
  return static_cast<T*>(memory);
}

/// CSR arrays on their way into a matrix.
template <class T>
struct CsrArrays {
  std::int64_t rows;
  GrB_Index* pointers;
  GrB_Index* columns = nullptr;
  T* values = nullptr;
  bool iso;

  [[nodiscard]] GrB_Index entries() const { return pointers[rows]; }
  /// `jumbled`: columns within a row are not sorted.
  void pack_into(GrbMatrix& matrix, bool jumbled = false) {
    const auto n = static_cast<GrB_Index>(rows);
    const auto stored = iso ? 1 : entries();
    void* raw = values;
    check_grb(GxB_Matrix_pack_CSR(matrix.get(), &pointers, &columns, &raw,
                                  (n + 1) * sizeof(GrB_Index), entries() * sizeof(GrB_Index),
                                  stored * sizeof(T), iso, jumbled, nullptr));
  }
};

/// Row pointers of the kept entries.
template <class Keep>
GrB_Index* kept_pointers(const CsrView& csr, const Keep& keep) {
  auto* pointers = allocate<GrB_Index>(static_cast<std::size_t>(csr.rows()) + 1);
  pointers[0] = 0;
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    GrB_Index kept = 0;
    for (const auto c : csr.row(r)) kept += keep(r, static_cast<std::int64_t>(c)) ? 1 : 0;
    pointers[r + 1] = kept;
  }
  for (std::int64_t r = 0; r < csr.rows(); ++r) pointers[r + 1] += pointers[r];
  return pointers;
}

template <class T, class Keep>
void copy_kept(const CsrView& csr, const Keep& keep, CsrArrays<T>& kept) {
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    auto to = kept.pointers[r];
    auto from = csr.begin(r);
    for (const auto c : csr.row(r)) {
      if (keep(r, static_cast<std::int64_t>(c))) {
        kept.columns[to] = c;
        if (!kept.iso) kept.values[to] = csr.template value<T>(from);
        ++to;
      }
      ++from;
    }
  }
}

template <class T, class Keep>
GrbMatrix filter(ValueType type, const GrbMatrix& block, const Keep& keep) {
  GrbMatrix result(grb_type(type), block.rows(), block.columns());
  const CsrView csr(block);
  CsrArrays<T> kept{.rows = csr.rows(), .pointers = kept_pointers(csr, keep), .iso = csr.is_iso()};
  kept.columns = allocate<GrB_Index>(kept.entries());
  kept.values = allocate<T>(kept.iso ? 1 : kept.entries());
  if (kept.iso && csr.entries() > 0) kept.values[0] = csr.template value<T>(0);
  copy_kept(csr, keep, kept);
  if (kept.iso && csr.entries() == 0) kept.values[0] = T{};
  kept.pack_into(result);
  return result;
}

}  // namespace detail

/// The entries for which keep(local row, local column) holds. `keep` is called twice an entry, by
/// many threads.
template <class Keep>
[[nodiscard]] GrbMatrix filter_block(ValueType type, const GrbMatrix& block, const Keep& keep) {
  switch (type) {
    case ValueType::int64: return detail::filter<std::int64_t>(type, block, keep);
    case ValueType::real: return detail::filter<double>(type, block, keep);
    case ValueType::pattern: return detail::filter<bool>(type, block, keep);
  }
  throw Error(ErrorKind::internal, "unknown value type");
}

}  // namespace tradegraph::matrix
