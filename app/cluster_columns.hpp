#pragma once
/// Columns of clusters.csv by name.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

using IntegerCells = std::vector<std::int64_t>;
using DoubleCells = std::vector<double>;
using TextCells = std::vector<std::string>;

/// The three centripetal, then the three centrifugal indicators.
inline constexpr std::array<const char*, 6> kIndicatorNames{"specialisation",   "hierarchy",
                                                            "internal_reach",   "related_variety",
                                                            "disassortativity", "external_reach"};

/// `before`, the six indicators, their z-scores (`z_...`), `after`.
[[nodiscard]] inline std::vector<std::string> with_indicators(
    std::vector<std::string> before, const std::vector<std::string>& after) {
  before.insert(before.end(), kIndicatorNames.begin(), kIndicatorNames.end());
  for (const std::string name : kIndicatorNames) before.push_back("z_" + name);
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

/// Throws `ErrorKind::internal` if there is no such column.
template <class Cells>
[[nodiscard]] const Cells& cells_of(const io::Table& table, const std::string& name) {
  const auto found = std::ranges::find(table.columns, name, &io::Column::name);
  require(found != table.columns.end(), ErrorKind::internal, "no column '" + name + "'");
  return std::get<Cells>(found->cells);
}

}  // namespace tradegraph::app
