#pragma once
/// Columns in another order.

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "engine/base/string_column.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

/// result[i] = column[order[i]]; an empty column stays empty. Threaded.
template <class T>
[[nodiscard]] std::vector<T> gathered(const std::vector<T>& column,
                                      std::span<const std::int64_t> order) {
  if (column.empty()) return {};
  std::vector<T> result(order.size());
  parallel_pieces(static_cast<std::int64_t>(order.size()), [&](std::int64_t b, std::int64_t e) {
    for (auto i = static_cast<std::size_t>(b); i < static_cast<std::size_t>(e); ++i) {
      result[i] = column[static_cast<std::size_t>(order[i])];
    }
  });
  return result;
}

[[nodiscard]] inline StringColumn gathered(const StringColumn& column,
                                           std::span<const std::int64_t> order) {
  StringColumn result;
  result.offsets.resize(order.size() + 1);
  parallel_pieces(static_cast<std::int64_t>(order.size()), [&](std::int64_t b, std::int64_t e) {
    for (auto i = static_cast<std::size_t>(b); i < static_cast<std::size_t>(e); ++i) {
      result.offsets[i + 1] = static_cast<std::int64_t>(column[order[i]].size());
    }
  });
  std::partial_sum(result.offsets.begin(), result.offsets.end(), result.offsets.begin());
  result.bytes.resize(static_cast<std::size_t>(result.offsets.back()));
  parallel_pieces(static_cast<std::int64_t>(order.size()), [&](std::int64_t b, std::int64_t e) {
    for (auto i = static_cast<std::size_t>(b); i < static_cast<std::size_t>(e); ++i) {
      const auto text = column[order[i]];
      text.copy(result.bytes.data() + result.offsets[i], text.size());
    }
  });
  return result;
}

}  // namespace tradegraph::io
