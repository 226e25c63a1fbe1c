#pragma once
/// The stages that `diagnose` and `run` share: a year's clusters to a year's results, and years
/// beside each other.

#include <string>
#include <vector>

#include "app/cluster_options.hpp"
#include "app/context.hpp"
#include "app/diagnosis.hpp"
#include "app/kept_stages.hpp"
#include "app/place_density.hpp"
#include "app/provenance.hpp"
#include "app/year_clusters.hpp"
#include "app/year_match.hpp"
#include "app/year_panel.hpp"
#include "io/geojson.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

struct YearResult {
  Diagnosis diagnosis;
  std::vector<CompositionRow> composition;
  io::Table firms;                             ///< this rank's slice, in input order
  io::Table members;                           ///< likewise: members.csv behind a column `year`
  std::vector<std::vector<io::LonLat>> hulls;  ///< a label
  std::vector<PlaceCell> places;
  YearPanel panel;  ///< empty where no other year is compared
};

/// Where a year's long stages are kept.
struct YearKeeping {
  const KeptStages& stages;
  std::string folder;  ///< for what is unfinished; empty = nowhere
  std::string input;   ///< digests of the network and the members
};

/// Collective over all ranks. Throws `ErrorKind::bad_input` for a column that a setting needs and
/// the network lacks.
[[nodiscard]] YearResult diagnose_year(const Context& context, Provenance& provenance,
                                       const TradeNetwork& network, const YearClusters& found,
                                       const IndustryLevels& levels, const SelectOptions& select,
                                       const DiagnoseOptions& options, const YearKeeping& keeping);

/// Matches each year with the next. The clusters that are selected in `reference_year` are selected
/// in the other years too, where they have a match, and no others. Collective over all ranks.
[[nodiscard]] std::vector<YearMatch> compare_years(const comm::ProcessGrid& grid,
                                                   std::vector<YearResult>& years,
                                                   std::int64_t reference_year,
                                                   const CompareOptions& options);

}  // namespace tradegraph::app
