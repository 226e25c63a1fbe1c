#pragma once
/// What needs each industry group as a whole on one rank: the check against the definition, and
/// distances to the k-th nearest firm.

#include <string>
#include <vector>

#include "kernels/firm_directory.hpp"

namespace tradegraph::kernels {

/// Checks the labels and roles in the directory's states (`config.verify`) and fills in k-distances
/// (`config.k_distance`). Returns what is wrong, on all ranks: at most 10 violations a group.
/// Memory of one group on its rank. Collective: four exchanges.
[[nodiscard]] std::vector<std::string> check_groups(const comm::Communicator& comm,
                                                    FirmDirectory& directory,
                                                    const TradePairs& trade,
                                                    const IdentifyConfig& config);

}  // namespace tradegraph::kernels
