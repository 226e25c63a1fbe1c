#include "io/import/number.hpp"

#include <fast_float/fast_float.h>

#include <cmath>
#include <limits>

namespace tradegraph::io {

NumberState parse_number(std::string_view cell, double& value) {
  value = std::numeric_limits<double>::quiet_NaN();
  while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
  while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
  if (cell.empty()) return NumberState::empty;
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  const char* const end = cell.data() + cell.size();
  double parsed = 0;
  const auto [stop, code] = fast_float::from_chars(cell.data(), end, parsed);
  if (stop != end || (code != std::errc() && code != std::errc::result_out_of_range)) {
    return NumberState::not_a_number;
  }
  if (!std::isfinite(parsed)) return NumberState::not_finite;
  value = parsed;
  return NumberState::good;
}

}  // namespace tradegraph::io
