#include "app/compare_options.hpp"

#include <cmath>

namespace tradegraph::app {

namespace {

bool is_share(double value) { return value > 0 && value <= 1; }

}  // namespace

std::optional<SettingFault> CompareOptions::fault() const {
  if (match_by != "footprint" && match_by != "firms") {
    return SettingFault{"match_by", "is '" + match_by + "', but must be 'footprint' or 'firms'"};
  }
  if (!is_share(max_cost)) return SettingFault{"max_cost", "must be above 0 and at most 1"};
  if (!is_share(split_share)) return SettingFault{"split_share", "must be above 0 and at most 1"};
  if (!(std::isfinite(cell_m) && cell_m >= 0)) {
    return SettingFault{"cell", "must be 0 (eps) or a length in metres"};
  }
  return std::nullopt;
}

kernels::MatchConfig CompareOptions::config() const {
  return {match_by == "firms" ? kernels::MatchBy::firms : kernels::MatchBy::footprint, max_cost,
          split_share};
}

void CompareOptions::record(Provenance& provenance) const {
  provenance.setting("match_by", match_by);
  provenance.setting("max_cost", max_cost);
  provenance.setting("split_share", split_share);
  provenance.setting("cell_m", cell_m);
  provenance.convention("match cost", match_by == "firms"
                                          ? "1 - Jaccard of firm ids"
                                          : "1 - Jaccard of cells x cosine of firms by group");
  provenance.convention("match events",
                        "promoted and demoted: the screening of the cluster's own year");
}

}  // namespace tradegraph::app
