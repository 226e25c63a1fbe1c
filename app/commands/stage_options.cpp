#include "app/commands/stage_options.hpp"

#include <CLI/CLI.hpp>

#include "app/command_line.hpp"

namespace tradegraph::app {

void add_select_options(CLI::App& app, SelectOptions& select) {
  app.add_option("--top", select.top, "clusters kept, the first by inclusiveness")
      ->capture_default_str();
  app.add_option("--min-nodes", select.min_nodes, "trading firms a cluster must have")
      ->capture_default_str();
  app.add_option("--min-links", select.min_links, "links inside a cluster must have")
      ->capture_default_str();
}

void add_level_options(CLI::App& app, IndustryLevels& levels) {
  app.add_option("--division-digits", levels.division_digits,
                 "digits of a division in an industry code: C26121 -> C26")
      ->capture_default_str();
  app.add_option("--class-digits", levels.class_digits, "digits of a class: C26121 -> C26121")
      ->capture_default_str();
}

void add_group_options(CLI::App& app, IdentifyOptions& options) {
  auto* groups = app.add_option("--groups", options.groups,
                                "industries that cluster together: division, section, none "
                                "(all together), or a groups.csv (industry,group)")
                     ->capture_default_str();
  app.add_flag_callback(
         "--ungrouped", [&options] { options.groups = "none"; },
         "all industries together, as --groups none")
      ->excludes(groups);
  add_choice(app, "--absorb", options.absorb, {"footprint", "admin", "none"},
             "trading noise joins a cluster within --absorb-radius, in its region, or not at all");
  app.add_option("--absorb-radius", options.absorb_radius_m,
                 "of --absorb footprint: metres from a core; 0 = eps")
      ->capture_default_str();
  add_level_options(app, options.levels);
}

void add_diagnose_options(CLI::App& app, DiagnoseOptions& options) {
  add_choice(app, "--specialisation", options.specialisation, {"main", "mean", "largest"},
             "location quotient of the main group, their mean, or the largest");
  add_choice(app, "--shares-of", options.shares_of, {"firms", "employees"},
             "what quotients and variety count");
  add_choice(app, "--hierarchy-ties", options.hierarchy_ties, {"ordinal", "average"},
             "ranks of equal degrees");
  add_choice(app, "--disassortativity", options.disassortativity, {"pearson", "slope"},
             "minus the correlation, or minus the slope");
  add_choice(app, "--internal-reach", options.internal_reach, {"distance", "share"},
             "sum of 1/d inside, normalised, or the share of partners inside");
  add_choice(app, "--external-reach", options.external_reach, {"share", "distance"},
             "100 (1 - share of partners inside), or the sum of 1/d to firms outside");
  add_choice(app, "--network-distances", options.network_distances, {"auto", "yes", "no"},
             "reach through the whole network; auto: while members x links <= 1e12");
  add_choice(app, "--reach-weight", options.reach_weight, {"uniform", "degree", "amount"},
             "how firms count in the share-form reach");
  app.add_option("--gatekeepers", options.gatekeepers, "firms listed a cluster, at most")
      ->capture_default_str();
  add_choice(app, "--population", options.population, {"selected", "all"},
             "z-scores over the selected clusters, or all agglomerations");
  add_choice(app, "--pooled", options.pooled, {"years", "year"},
             "z-scores over all years, or each for itself: the same for one snapshot");
  add_choice(app, "--firm-betweenness", options.firm_betweenness, {"auto", "yes", "no"},
             "exact betweenness of every firm; auto: while firms x links <= 5e10");
}

}  // namespace tradegraph::app
