#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/matrix/csr_build.hpp"

namespace tradegraph::matrix {

namespace {

using Column = CsrBlock::Column;

/// Where rows are written before their lengths are known: each gets the room of both its parts.
template <class T>
struct Draft {
  Buffer<Column> columns;
  Buffer<T> values;  ///< empty for patterns
};

struct NoValue {};

/// Writes the union of row r of both blocks from `to` on; returns its length.
std::int64_t unite_row(std::span<const Column> x, std::span<const Column> y, Column* to) {
  auto* const begin = to;
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < x.size() && k < y.size()) {  // no branch depends on which is less
    const auto a = x[i];
    const auto b = y[k];
    *to++ = std::min(a, b);
    i += a <= b ? 1 : 0;
    k += b <= a ? 1 : 0;
  }
  to = std::copy(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(), to);
  to = std::copy(y.begin() + static_cast<std::ptrdiff_t>(k), y.end(), to);
  return to - begin;
}

/// Values of a united row: those of both blocks, added where both have one.
template <class T>
void add_values(const CsrBlock& block, std::int64_t r, std::span<const Column> united, T* to) {
  const auto values = block.values<T>();
  const auto row = block.row(r);
  auto number = static_cast<std::size_t>(block.begin(r));
  std::size_t k = 0;
  for (const auto column : row) {
    while (united[k] != column) ++k;
    to[k] += values[number++];
  }
}

/// The drafted rows without the room left over.
template <class T>
CsrBlock tightened(const CsrBlock& a, const CsrBlock& b, Buffer<std::int64_t> lengths,
                   Draft<T> draft) {
  const auto rows = a.rows();
  std::exclusive_scan(lengths.begin(), lengths.end(), lengths.begin(), std::int64_t{0});
  const auto entries = lengths[rows];
  if (entries < draft.columns.ssize()) {
    Draft<T> tight{Buffer<Column>(entries), Buffer<T>(draft.values.empty() ? 0 : entries)};
#pragma omp parallel for schedule(dynamic, 4096)
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto from = a.begin(r) + b.begin(r);
      const auto count = lengths[r + 1] - lengths[r];
      std::copy_n(draft.columns.data() + from, count, tight.columns.data() + lengths[r]);
      if (!draft.values.empty()) {
        std::copy_n(draft.values.data() + from, count, tight.values.data() + lengths[r]);
      }
    }
    draft = std::move(tight);
  }
  const CsrBlock pattern(a.columns(), {std::move(lengths), std::move(draft.columns)});
  if constexpr (std::is_same_v<T, NoValue>) {
    return pattern;
  } else {
    return pattern.with_values(std::move(draft.values));
  }
}

template <class T>
CsrBlock united_as(const CsrBlock& a, const CsrBlock& b) {
  constexpr bool kValues = !std::is_same_v<T, NoValue>;
  const auto rows = a.rows();
  Buffer<std::int64_t> lengths(rows + 1);
  lengths[rows] = 0;
  Draft<T> draft{Buffer<Column>(a.entries() + b.entries()), {}};
  if constexpr (kValues) draft.values = Buffer<T>(draft.columns.ssize(), T{});
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto at = a.begin(r) + b.begin(r);
    auto* const to = draft.columns.data() + at;
    lengths[r] = unite_row(a.row(r), b.row(r), to);
    if constexpr (kValues) {
      const std::span<const Column> united(to, static_cast<std::size_t>(lengths[r]));
      add_values(a, r, united, draft.values.data() + at);
      add_values(b, r, united, draft.values.data() + at);
    }
  }
  return tightened(a, b, std::move(lengths), std::move(draft));
}

}  // namespace

CsrBlock united(const CsrBlock& a, const CsrBlock& b) {
  require(a.rows() == b.rows() && a.columns() == b.columns() && a.type() == b.type(),
          ErrorKind::internal, "blocks of different shape or type cannot be united");
  if (a.type() == ValueType::pattern) return united_as<NoValue>(a, b);
  return with_value_type(a.type(), [&](auto zero) { return united_as<decltype(zero)>(a, b); });
}

}  // namespace tradegraph::matrix
