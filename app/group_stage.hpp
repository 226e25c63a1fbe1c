#pragma once
/// Industry groups as `group` and `run` make them.

#include <string>
#include <vector>

#include "app/cluster_options.hpp"
#include "app/industry_tables.hpp"
#include "app/kept_stages.hpp"
#include "app/provenance.hpp"

namespace tradegraph::app {

/// In a study file, `groups` of [identify]: those that `group` finds.
inline constexpr const char* kRelatedGroups = "related";

struct GroupOptions {
  std::int64_t digits = 3;  ///< of the industry codes that are grouped
  std::int64_t least_groups = 20;
  std::int64_t most_groups = 60;
  std::int64_t restarts = 10;
  std::string flows;  ///< CSV of trade between industries; empty: the snapshots' own trade

  [[nodiscard]] std::optional<SettingFault> fault() const;
  void validate() const { refuse(fault()); }
  void record(Provenance& provenance) const;
};

/// Adds a snapshot to the tables. Collective over all ranks.
void add_snapshot(const Context& context, Provenance& provenance, const comm::ProcessGrid& grid,
                  const std::string& path, IndustryTables& tables);

/// "DIR/groups_candidates.csv" of "DIR/groups.csv" and "_candidates.csv".
[[nodiscard]] std::string beside(const std::string& output, const std::string& ending);

/// How well the groups fit, for provenance.
struct GroupingFigures {
  double score = 0;  ///< of the best candidate; NaN where there is none
  double moved = 0;  ///< outliers

  [[nodiscard]] StageFigures by_name() const;
  [[nodiscard]] static GroupingFigures of(const StageFigures& by_name);
};

/// The figures, and what the columns of the candidates mean.
void record_grouping(Provenance& provenance, const GroupingFigures& figures);

/// Writes groups.csv, its candidates and the relatedness of industries beside it; says what was
/// chosen. Collective over all ranks.
GroupingFigures write_groups(const Context& context, Provenance& provenance,
                             const IndustryTables& tables, const GroupOptions& options,
                             std::uint64_t seed, const std::string& output);

}  // namespace tradegraph::app
