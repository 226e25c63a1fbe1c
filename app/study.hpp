#pragma once
/// The stages that `diagnose` and `run` share: a year's clusters to a year's results, and the
/// results of all years to files.

#include <string>
#include <utility>
#include <vector>

#include "app/cluster_hulls.hpp"
#include "app/cluster_options.hpp"
#include "app/cluster_stage.hpp"
#include "app/context.hpp"
#include "app/diagnosis.hpp"
#include "app/provenance.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

struct YearResult {
  Diagnosis diagnosis;
  std::vector<CompositionRow> composition;
  io::Table firms;                             ///< this rank's slice, in input order
  std::vector<std::vector<io::LonLat>> hulls;  ///< a label
};

/// Labels of this rank's table slice and what groups are called.
struct YearClusters {
  std::vector<Label> labels;
  std::vector<std::int32_t> is_core;  ///< 1: a core member
  std::int64_t clusters = 0;
  IndustryGroups groups;
};

/// Collective over all ranks. Throws `ErrorKind::bad_input` for a column that a setting needs and
/// the network lacks.
[[nodiscard]] YearResult diagnose_year(const Context& context, Provenance& provenance,
                                       const TradeNetwork& network, const YearClusters& found,
                                       const IndustryLevels& levels, const SelectOptions& select,
                                       const DiagnoseOptions& options);

/// Writes every result file but members and provenance into `folder`. Collective over all ranks.
void write_results(const std::string& folder, const Context& context, const comm::ProcessGrid& grid,
                   const std::vector<YearResult>& years, const DiagnoseOptions& options,
                   const Provenance& provenance);

}  // namespace tradegraph::app
