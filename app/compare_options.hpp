#pragma once
/// Settings of the comparison of two years.

#include <string>

#include "app/cluster_options.hpp"
#include "app/provenance.hpp"
#include "kernels/matching.hpp"

namespace tradegraph::app {

struct CompareOptions {
  std::string match_by = "footprint";  ///< or "firms"
  double max_cost = 0.8;
  double split_share = 0.25;
  double cell_m = 0;  ///< side of the cells of footprints; 0 = eps

  [[nodiscard]] std::optional<SettingFault> fault() const;
  void validate() const { refuse(fault()); }
  [[nodiscard]] kernels::MatchConfig config() const;
  void record(Provenance& provenance) const;
};

}  // namespace tradegraph::app
