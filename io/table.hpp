#pragma once
/// A result table: named columns of equal length, on one rank or in slices over all ranks.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace tradegraph::io {

/// NaN in a column of doubles and `kEmptyInteger` in one of integers are written as empty cells.
inline constexpr std::int64_t kEmptyInteger = INT64_MIN;

struct Column {
  std::string name;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>> cells;
};

struct Table {
  std::vector<Column> columns;

  [[nodiscard]] std::int64_t rows() const {
    if (columns.empty()) return 0;
    return std::visit([](const auto& cells) { return static_cast<std::int64_t>(cells.size()); },
                      columns.front().cells);
  }
};

}  // namespace tradegraph::io
