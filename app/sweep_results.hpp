#pragma once
/// results.h5 of a sweep.

#include <string>

#include "app/context.hpp"
#include "app/provenance.hpp"

namespace tradegraph::app {

/// DIR/results.h5 from the CSV files that `join_sweep` has written there. Collective over all
/// ranks, each of which reads a share of the rows.
void write_sweep_results(const Context& context, const std::string& folder,
                         const Provenance& provenance);

}  // namespace tradegraph::app
