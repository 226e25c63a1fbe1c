#pragma once
/// The clusters of one year.

#include <vector>

#include "app/cluster_stage.hpp"

namespace tradegraph::app {

/// Labels of this rank's table slice and what groups are called.
struct YearClusters {
  std::vector<Label> labels;
  std::vector<std::int32_t> is_core;  ///< 1: a core member
  std::vector<std::int32_t> role;     ///< a `kernels::Role`
  std::int64_t clusters = 0;
  IndustryGroups groups;
};

}  // namespace tradegraph::app
