#pragma once
/// The stages of `run` up to the clusters of a year, each made, or kept as an earlier run left it.

#include <string>

#include "app/kept_stages.hpp"
#include "app/provenance.hpp"
#include "app/study_file.hpp"
#include "app/trade_network.hpp"
#include "app/year_clusters.hpp"
#include "io/import.hpp"

namespace tradegraph::app {

/// What every stage of a study has.
struct StudyRun {
  const Context& context;
  Provenance& provenance;
  const comm::ProcessGrid& grid;
  const KeptStages& kept;
  std::string folder;  ///< of the results

  [[nodiscard]] std::string file(const std::string& name) const { return folder + "/" + name; }
  [[nodiscard]] std::string snapshot(std::int64_t year) const {
    return file(std::to_string(year) + ".h5");
  }
  [[nodiscard]] std::string members(std::int64_t year) const {
    return file("members_" + std::to_string(year) + ".csv");
  }
};

[[nodiscard]] io::ImportOptions import_options(const StudyFile& study, const std::string& folder,
                                               std::int64_t year);

/// DIR/YEAR.h5 from the files that the study names. Collective over all ranks, as all of these.
void import_year(const StudyRun& run, const StudyFile& study, std::int64_t year);

/// groups.csv of all years together, where the study asks for it; `study` takes its groups from
/// there then.
void group_study(const StudyRun& run, StudyFile& study);

/// The year's clusters, and members_YEAR.csv.
[[nodiscard]] YearClusters identify_year(const StudyRun& run, const StudyFile& study,
                                         const TradeNetwork& network);

}  // namespace tradegraph::app
