#pragma once
/// The industries of a synthetic nation: 26 groups of related classes, with KSIC's sections and
/// divisions and codes of KSIC's shape for the classes.

#include <string>
#include <vector>

namespace tradegraph::app::synth {

struct IndustryClass {
  std::string code;  ///< "C26111"
  int division;      ///< within its group, 0, 1, ...
  double weight;     ///< share of the group's dispersed firms
};

struct IndustryGroup {
  const char* name;
  double share;  ///< of all dispersed firms
  std::vector<IndustryClass> classes;
  std::vector<int> partners;  ///< groups that it trades with more than with others; symmetric
};

/// All 26; built once.
[[nodiscard]] const std::vector<IndustryGroup>& industry_groups();

}  // namespace tradegraph::app::synth
