#pragma once
/// A sweep over ranks: from a snapshot to parts, and from parts to tables.

#include <string>

#include "app/context.hpp"
#include "app/persistence.hpp"
#include "app/provenance.hpp"
#include "app/sweep_options.hpp"

namespace tradegraph::app {

/// Computes this shard's settings that have no result in `folder` yet; teams of ranks share them
/// out. Stops between settings when a signal asks for it, by `ErrorKind::interrupted`; what is
/// finished stays. Collective over all ranks.
SweepPlan compute_sweep(const Context& context, Provenance& provenance, const std::string& snapshot,
                        const SweepOptions& options, const Shard& shard, const std::string& folder);

/// Joins the parts and says in a few lines how settled the clusters are. Collective over all ranks.
void join_sweep(const Context& context, const SweepPlan& plan, const std::string& folder);

}  // namespace tradegraph::app
