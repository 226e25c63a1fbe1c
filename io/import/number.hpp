#pragma once
/// Numbers in cells.

#include <string_view>

namespace tradegraph::io {

enum class NumberState { good, empty, not_a_number, not_finite };

/// Reads a decimal number (`.` decimals, optional sign and exponent, spaces around it allowed) to
/// the nearest double. A cell of spaces is empty; `value` is then NaN.
[[nodiscard]] NumberState parse_number(std::string_view cell, double& value);

}  // namespace tradegraph::io
