#pragma once
/// report.html: the results of a folder as one page that needs nothing else.

#include <string>

#include "app/context.hpp"

namespace tradegraph::app {

struct ReportSources {
  std::string folder;  ///< results of `run` or `diagnose`
  std::string sweep;   ///< folder with sweep.csv; empty: `folder`, if it has one
};

/// Collects the tables of `sources.folder` and writes the page to `path`, complete or not at all.
/// Rank 0 reads and writes; memory and time are linear in the tables between clusters, no table of
/// firms is read. What the folder lacks is left out of the page, which says so; clusters.csv and
/// provenance.json it must have. Collective. Errors, on all ranks: `bad_input` (no folder of
/// results, a damaged table), `io`.
void write_report(const std::string& path, const ReportSources& sources, const Context& context);

}  // namespace tradegraph::app
