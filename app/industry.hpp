#pragma once
/// Industry codes as a hierarchy: section letter, division, class.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/string_column.hpp"

namespace tradegraph::app {

/// Characters of a code that make up each level, counted from its first digit. KSIC writes C26121:
/// section C, division 26, class 26121; the letter may be missing.
struct IndustryLevels {
  std::int64_t division_digits = 2;
  std::int64_t class_digits = 5;
};

/// Leading letters of a code ("C" of "C26121"); without letters, the first digit.
[[nodiscard]] std::string section_of(std::string_view code);
/// Section and division digits ("C26").
[[nodiscard]] std::string division_of(std::string_view code, const IndustryLevels& levels);
/// Section and class digits ("C26121").
[[nodiscard]] std::string class_of(std::string_view code, const IndustryLevels& levels);

/// A dictionary and, for each entry of another dictionary, its code in it.
struct Recoding {
  StringColumn names;               ///< sorted by bytes
  std::vector<std::int32_t> codes;  ///< of each entry; -1 = none
};

/// Maps each entry of `dictionary` by `rename`; an empty result is no group.
template <class Rename>
[[nodiscard]] Recoding recode(const StringColumn& dictionary, Rename&& rename) {
  std::vector<std::string> renamed;
  for (std::int64_t i = 0; i < dictionary.size(); ++i) renamed.push_back(rename(dictionary[i]));
  auto names = renamed;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (!names.empty() && names.front().empty()) names.erase(names.begin());
  Recoding result;
  for (const auto& name : names) result.names.push_back(name);
  for (const auto& name : renamed) {
    const auto at = std::lower_bound(names.begin(), names.end(), name);
    result.codes.push_back(name.empty() ? -1 : static_cast<std::int32_t>(at - names.begin()));
  }
  return result;
}

/// Codes of cells under a recoding of their dictionary.
[[nodiscard]] std::vector<std::int32_t> apply(const Recoding& recoding,
                                              const std::vector<std::int32_t>& cells);

}  // namespace tradegraph::app
