#pragma once
/// The results of all years as files: what `diagnose` and `run` leave in their folder.

#include <string>
#include <vector>

#include "app/study.hpp"

namespace tradegraph::app {

struct ResultOptions {
  SelectOptions select;
  DiagnoseOptions diagnose;
  std::int64_t reference_year = 0;  ///< whose selection holds in all years
  std::string groups{};             ///< groups.csv that identify took; empty = none
};

/// Writes every result file but members and provenance into `folder`; matches.csv and panel.csv
/// where there are several years. Types the clusters; prints what they are and records it.
/// Collective over all ranks.
void write_results(const std::string& folder, const Context& context, const comm::ProcessGrid& grid,
                   const std::vector<YearResult>& years, const ResultOptions& options,
                   Provenance& provenance, const std::vector<YearMatch>& matches = {});

}  // namespace tradegraph::app
