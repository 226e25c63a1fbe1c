#include "app/value_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "engine/base/error.hpp"

namespace tradegraph::app {

namespace {

constexpr double kMostValues = 65000;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

double to_real(std::string_view text, const std::string& option) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  require(code == std::errc() && end == text.data() + text.size() && std::isfinite(value),
          ErrorKind::usage, option + ": '" + std::string(text) + "' is not a number");
  return value;
}

/// Digits after the point of a plain decimal; none where it has an exponent.
int decimals_of(std::string_view text) {
  const auto point = text.find('.');
  if (point == std::string_view::npos || text.find_first_of("eE") != std::string_view::npos)
    return 0;
  return static_cast<int>(text.size() - point) - 1;
}

void append_range(const std::vector<std::string_view>& parts, const std::string& option,
                  std::vector<double>& values) {
  require(parts.size() == 3, ErrorKind::usage, option + ": a range is FIRST:LAST:STEP");
  const double first = to_real(parts[0], option);
  const double last = to_real(parts[1], option);
  const double step = to_real(parts[2], option);
  require(step > 0 && last >= first, ErrorKind::usage,
          option + ": a range FIRST:LAST:STEP ascends by a step above 0");
  const double steps = std::floor((last - first) / step * (1 + 1e-12) + 1e-9);
  require(steps < kMostValues, ErrorKind::usage, option + ": more than 65000 values");
  // In whole numbers of the last decimal, so that 1:2:0.1 holds 1.7 and not 1.7000000000000002.
  const int decimals = std::max(decimals_of(parts[0]), decimals_of(parts[2]));
  const double unit = std::pow(10.0, std::min(decimals, 15));
  const double first_units = first * unit;
  const double step_units = step * unit;
  const bool is_exact = std::abs(first_units) + std::abs(last * unit) < 0x1p53;
  for (int i = 0; i <= static_cast<int>(steps); ++i) {
    values.push_back(is_exact && decimals > 0
                         ? (std::round(first_units) + i * std::round(step_units)) / unit
                         : first + i * step);
  }
}

}  // namespace

std::vector<double> parse_reals(const std::string& text, const std::string& option) {
  std::vector<double> values;
  for (const auto item : split(text, ',')) {
    const auto parts = split(item, ':');
    if (parts.size() == 1) {
      values.push_back(to_real(item, option));
    } else {
      append_range(parts, option, values);
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  require(static_cast<double>(values.size()) <= kMostValues, ErrorKind::usage,
          option + ": more than 65000 values");
  return values;
}

std::vector<std::int64_t> parse_integers(const std::string& text, const std::string& option) {
  std::vector<std::int64_t> values;
  for (const double value : parse_reals(text, option)) {
    require(value == std::floor(value) && std::abs(value) < 1e15, ErrorKind::usage,
            option + ": whole numbers only");
    values.push_back(static_cast<std::int64_t>(value));
  }
  return values;
}

}  // namespace tradegraph::app
