#include "app/settings_record.hpp"

#include <filesystem>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/file_digest.hpp"

namespace tradegraph::app {

namespace {

void record(Provenance& provenance, const IndustryLevels& levels) {
  provenance.setting("division_digits", levels.division_digits);
  provenance.setting("class_digits", levels.class_digits);
}

void record(Provenance& provenance, const IdentifyOptions& identify) {
  provenance.setting("eps_m", identify.eps_m);
  provenance.setting("min_firms", identify.min_firms);
  provenance.setting("stretch", identify.stretch);
  provenance.setting("groups", identify.groups);
  provenance.setting("absorb", identify.absorb);
  provenance.setting("absorb_radius_m", identify.absorb_radius_m);
  provenance.setting("per_group", identify.per_group);
}

void record_input(Provenance& provenance, const StudyFile& study) {
  provenance.setting("firms", study.firms);
  provenance.setting("trade", study.trade);
  provenance.setting("crs", study.crs);
  provenance.setting("project", study.project);
  provenance.setting("on_error", std::string(study.skip_bad_rows ? "skip" : "stop"));
  provenance.setting("deflate", static_cast<std::int64_t>(study.deflate_level));
  std::map<std::string, std::string> concordance;
  for (const auto& [year, path] : study.concordance) concordance[std::to_string(year)] = path;
  provenance.setting("concordance", concordance);
  provenance.setting("columns_firms", study.columns.firms);
  provenance.setting("columns_trade", study.columns.trade);
}

}  // namespace

void record_file(Provenance& provenance, const Context& context, const std::string& path) {
  provenance.input(comm::collectively(context.world(), [&] {
    if (!context.world().is_root()) return io::InputFile{path, 0, ""};  // only rank 0 writes
    return io::InputFile{path, static_cast<std::int64_t>(std::filesystem::file_size(path)),
                         io::sha256_of_file(path)};
  }));
}

void record_settings(Provenance& provenance, const StudyFile& study, const Context& context) {
  provenance.setting("years", study.years);
  provenance.setting("reference_year", study.reference_year);
  record_input(provenance, study);
  record(provenance, study.identify);
  study.group.record(provenance);
  study.compare.record(provenance);
  record_settings(provenance, study.identify.levels, study.select, study.diagnose);
  record_file(provenance, context, study.path);
  if (!study.group.flows.empty()) record_file(provenance, context, study.group.flows);
  if (!is_rule_of_groups(study.identify.groups) && study.identify.groups != kRelatedGroups) {
    record_file(provenance, context, study.identify.groups);
  }
}

void record_settings(Provenance& provenance, const IndustryLevels& levels,
                     const SelectOptions& select, const DiagnoseOptions& options) {
  record(provenance, levels);
  provenance.setting("top", select.top);
  provenance.setting("min_nodes", select.min_nodes);
  provenance.setting("min_links", select.min_links);
  provenance.setting("specialisation", options.specialisation);
  provenance.setting("shares_of", options.shares_of);
  provenance.setting("hierarchy_ties", options.hierarchy_ties);
  provenance.setting("disassortativity", options.disassortativity);
  provenance.setting("reach_weight", options.reach_weight);
  provenance.setting("internal_reach", options.internal_reach);
  provenance.setting("external_reach", options.external_reach);
  provenance.setting("network_distances", options.network_distances);
  provenance.setting("population", options.population);
  provenance.setting("pooled", options.pooled);
  provenance.setting("firm_betweenness", options.firm_betweenness);
  provenance.setting("gatekeepers", options.gatekeepers);
}

void record_conventions(Provenance& provenance, const DiagnoseOptions& options) {
  provenance.convention(
      "clustering", "mean of local coefficients over members with at least two partners inside");
  provenance.convention("gatekeepers", "score = min(partners inside, partners outside)");
  provenance.convention("heterophily",
                        "share of directed links inside with both classes known; sizes 1-4, 5-9, "
                        "10-49, 50-299, 300+ employees; ages 0-3, 4-7, 8-19, 20+ years");
  provenance.convention("competitiveness",
                        "means over the firms that report; ..._of_sums = ratio of their sums; "
                        "start-up = at most 7 years since founding; asset shares are of "
                        "total_assets, without it of tangible + intangible assets");
  provenance.convention("links", "directed pairs of firms, without self-trade");
  provenance.convention("nodes", "members with any trade link anywhere");
  provenance.convention("selection", "each year for itself");
  provenance.convention(
      "name", "region of most members and group of the cores; #2, #3 by label where taken");
  provenance.convention("hierarchy", "-slope of log degree on log rank, undirected, inside");
  provenance.convention("disassortativity", "minus the correlation or slope, undirected, inside");
  provenance.convention("internal_reach",
                        options.internal_reach == "share"
                            ? "share form: share of a firm's partners inside, mean by reach_weight"
                            : "distance form inside: sum of 1/d over n (n - 1), n = nodes");
  provenance.convention("external_reach",
                        options.external_reach == "share"
                            ? "100 (1 - share form of internal reach)"
                            : "distance form: sum of 1/d to firms outside over n, n = nodes");
  provenance.convention("distances", "links in either direction");
  provenance.convention("z", "sample standard deviation over `population`, pooled as `pooled`");
  provenance.convention("intercluster degree", "linked firm pairs, self-loops kept");
  provenance.convention("intercluster betweenness", "directed, unweighted, unnormalised, no loops");
  provenance.convention("intercluster pagerank",
                        "directed, unweighted, no loops, damping 0.85, sums to 1");
  provenance.convention("firms degree", "in_degree + out_degree; partners counts a pair once");
  provenance.convention("firms betweenness", "directed, unweighted, unnormalised");
  provenance.convention("firms pagerank", "directed, unweighted, damping 0.85, sums to 1");
}

}  // namespace tradegraph::app
