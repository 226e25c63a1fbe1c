#pragma once
/// What clusters are called.

#include <string>
#include <vector>

namespace tradegraph::app {

/// Names by label, no two the same: region and main group ("Seoul C26"), or one of them, or
/// "cluster" where neither is known. Where several clusters would share a name, the first label
/// (the largest cluster) keeps it and the others are numbered from 2 in the order of their labels:
/// "Seoul C26 #2". `regions` and `groups` one a label, empty = unknown.
[[nodiscard]] std::vector<std::string> cluster_names(const std::vector<std::string>& regions,
                                                     const std::vector<std::string>& groups);

}  // namespace tradegraph::app
