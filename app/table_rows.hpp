#pragma once
/// Some rows or columns of a table.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "io/table.hpp"

namespace tradegraph::app {

/// A row of empty cells.
inline constexpr auto kNoRow = std::numeric_limits<std::size_t>::max();

/// The cells of a column at `rows`, in that order; empty where a row is `kNoRow`.
[[nodiscard]] io::Column cells_at(const io::Column& column, const std::vector<std::size_t>& rows);

/// `cells_at` of every column.
[[nodiscard]] io::Table rows_of(const io::Table& table, const std::vector<std::size_t>& rows);

/// The rows whose column `year` has this value. Throws `ErrorKind::internal` without that column.
[[nodiscard]] io::Table rows_of_year(const io::Table& table, std::int64_t year);

/// The table without a column, if it has it.
[[nodiscard]] io::Table without_column(io::Table table, const std::string& name);

}  // namespace tradegraph::app
