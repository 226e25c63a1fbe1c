#pragma once
/// What a mistyped name was meant to be.

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tradegraph {

/// Levenshtein distance in bytes: insertions, deletions, replacements.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// The known name nearest to `name` but for upper and lower case; empty if none is within a third
/// of its length.
[[nodiscard]] inline std::string suggest(std::string_view name,
                                         std::span<const std::string> known) {
  const auto lower = [](std::string_view text) {
    std::string result(text);
    for (char& c : result) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
  };
  std::size_t best = (name.size() + 2) / 3 + 1;
  std::string result;
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(lower(name), lower(candidate));
    if (distance < best && distance < candidate.size()) {
      best = distance;
      result = candidate;
    }
  }
  return result;
}

/// " (did you mean 'NAME'?)", or nothing.
[[nodiscard]] inline std::string did_you_mean(std::string_view name,
                                              std::span<const std::string> known) {
  const auto meant = suggest(name, known);
  return meant.empty() ? "" : " (did you mean '" + meant + "'?)";
}

}  // namespace tradegraph
