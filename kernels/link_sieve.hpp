#pragma once
/// Leaves out trade between firms that are far apart, before anything else is done with it.

#include <optional>

#include "kernels/firm_directory.hpp"

namespace tradegraph::kernels {

/// stretch * eps, the largest of all groups. No trade between firms further apart has influence.
[[nodiscard]] double largest_reach_m(const IdentifyConfig& config);

/// Whether trade stretches the distances of a firm at all: it has a place, a group, and a stretch
/// above 1.
[[nodiscard]] bool trade_counts_for(const PlacedFirm& firm, const IdentifyConfig& config);

/// Those of this rank's links whose firms may be within reach of each other, perhaps a few more.
/// Every rank gets the rough places of all firms for it, 8 bytes each: nothing where that is more
/// than to send the places of partners to and fro (many ranks, few links), or where the ranks do
/// not hold firms numbered one after the other. Uses OpenMP threads. Collective: two reductions and
/// an all-gather.
[[nodiscard]] std::optional<TradePairs> sieve_links(const comm::Communicator& comm,
                                                    const FirmDirectory& directory,
                                                    const TradePairs& trade,
                                                    const IdentifyConfig& config);

}  // namespace tradegraph::kernels
