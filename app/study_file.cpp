#include "app/study_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "app/strict_toml.hpp"
#include "engine/base/error.hpp"
#include "io/import/projection.hpp"

namespace tradegraph::app {

namespace {

std::string with_year(std::string path, std::int64_t year) {
  const std::string mark = "{year}";
  for (auto at = path.find(mark); at != std::string::npos; at = path.find(mark)) {
    path.replace(at, mark.size(), std::to_string(year));
  }
  return path;
}

void read_study(StrictTable table, StudyFile& study) {
  table.read("years", study.years);
  table.read("reference_year", study.reference_year);
  table.finish();
  if (study.years.empty()) throw table.error("years", "must list at least one year");
  auto sorted = study.years;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    throw table.error("years", "lists a year twice");
  }
  if (!table.has("reference_year")) study.reference_year = sorted.back();
  if (!std::binary_search(sorted.begin(), sorted.end(), study.reference_year)) {
    throw table.error("reference_year", "is not one of the years");
  }
}

/// The file must be there before any work starts.
void check_file(const StrictTable& table, const std::string& key, const std::string& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) {
    throw table.error(key, "names '" + path + "', which is a folder");
  }
  if (!std::ifstream(path).good()) {
    throw table.error(key, "names '" + path + "', which cannot be read");
  }
}

void check_input_paths(const StrictTable& table, const StudyFile& study) {
  for (const auto& [key, path] : {std::pair{"firms", study.firms}, {"trade", study.trade}}) {
    if (path.empty()) continue;
    if (study.years.size() > 1 && path.find("{year}") == std::string::npos) {
      throw table.error(key, "must contain {year}, since the study has several years");
    }
    for (const auto year : study.years) check_file(table, key, with_year(path, year));
  }
}

/// PROJ must know the system; distances need one in metres.
void check_crs(const StrictTable& table, const std::string& key, const std::string& crs) {
  std::optional<io::CrsKind> kind;
  try {
    kind = io::crs_kind(crs);
  } catch (const Error& error) {
    throw table.error(key, std::string("cannot be used: ") + error.what());
  }
  if (key == "project" && kind != io::CrsKind::projected) {
    throw table.error(key, "is '" + crs + "', which is in degrees; distances need metres");
  }
}

/// Every key is one of the years.
void read_concordances(StrictTable table, const std::filesystem::path& folder, StudyFile& study) {
  for (const auto year : study.years) {
    std::string path;
    const auto key = std::to_string(year);
    table.read(key, path);
    if (path.empty()) continue;
    study.concordance[year] = (folder / path).string();
    check_file(table, key, study.concordance[year]);
  }
  table.finish();
}

void read_input(StrictTable table, const std::filesystem::path& folder, StudyFile& study) {
  std::string on_error = "stop";
  std::int64_t deflate = study.deflate_level;
  table.read("firms", study.firms);
  table.read("trade", study.trade);
  table.read("crs", study.crs);
  table.read("project", study.project);
  table.read("on_error", on_error);
  table.read("deflate", deflate);
  auto concordances = table.table("concordance");
  table.finish();
  if (study.firms.empty()) throw table.error("firms", "must name the firms' CSV file");
  if (on_error != "stop" && on_error != "skip") {
    throw table.error("on_error", "must be 'stop' or 'skip'");
  }
  study.skip_bad_rows = on_error == "skip";
  check_crs(table, "crs", study.crs);
  if (study.project != "auto") check_crs(table, "project", study.project);
  if (deflate < 0 || deflate > 9) throw table.error("deflate", "must be 0 .. 9");
  study.deflate_level = static_cast<int>(deflate);
  study.firms = (folder / study.firms).string();
  if (!study.trade.empty()) study.trade = (folder / study.trade).string();
  check_input_paths(table, study);
  read_concordances(std::move(concordances), folder, study);
}

/// Column names: our name = "theirs".
void read_names(StrictTable table, const std::vector<std::string>& known,
                std::map<std::string, std::string>& names) {
  for (const auto& key : known) {
    if (!table.has(key)) continue;
    table.read(key, names[key]);
  }
  std::string unused;
  for (const auto& key : known) table.read(key, unused);  // makes all of them known
  table.finish();
}

void read_columns(StrictTable table, StudyFile& study) {
  read_names(table.table("firms"), io::firm_column_names(), study.columns.firms);
  read_names(table.table("trade"), io::trade_column_names(), study.columns.trade);
  table.finish();
}

/// The fault of a setting that stands in `table`, or of its default beside those that do.
void refuse(const StrictTable& table, const std::optional<SettingFault>& fault) {
  if (fault) throw table.error(fault->setting, fault->what);
}

/// Nothing else stands in `table`, and what does is in range.
template <class Options>
void finish(const StrictTable& table, const Options& options) {
  table.finish();
  refuse(table, options.fault());
}

void read_per_group(StrictTable table, IdentifyOptions& identify) {
  for (const auto& name : table.keys()) {
    auto group = table.table(name);
    auto& settings = identify.per_group[name];
    group.read("eps", settings.eps_m);
    group.read("min_firms", settings.min_firms);
    finish(group, settings);
  }
}

void read_identify(StrictTable table, const std::filesystem::path& folder,
                   IdentifyOptions& identify) {
  table.read("eps", identify.eps_m);
  table.read("min_firms", identify.min_firms);
  table.read("stretch", identify.stretch);
  table.read("groups", identify.groups);
  table.read("absorb", identify.absorb);
  table.read("absorb_radius", identify.absorb_radius_m);
  table.read("division_digits", identify.levels.division_digits);
  table.read("class_digits", identify.levels.class_digits);
  auto per_group = table.table("per_group");
  finish(table, identify);
  read_per_group(std::move(per_group), identify);
  if (identify.groups == "none" && !identify.per_group.empty()) {
    throw table.error("per_group", "makes no sense with groups = 'none'");
  }
  if (!is_rule_of_groups(identify.groups) && identify.groups != kRelatedGroups) {
    identify.groups = (folder / identify.groups).string();
    check_file(table, "groups", identify.groups);
  }
}

void read_select(StrictTable table, SelectOptions& select) {
  table.read("top", select.top);
  table.read("min_nodes", select.min_nodes);
  table.read("min_links", select.min_links);
  finish(table, select);
}

void read_diagnose(StrictTable table, DiagnoseOptions& diagnose) {
  table.read("specialisation", diagnose.specialisation);
  table.read("shares_of", diagnose.shares_of);
  table.read("hierarchy_ties", diagnose.hierarchy_ties);
  table.read("disassortativity", diagnose.disassortativity);
  table.read("reach_weight", diagnose.reach_weight);
  table.read("internal_reach", diagnose.internal_reach);
  table.read("external_reach", diagnose.external_reach);
  table.read("network_distances", diagnose.network_distances);
  table.read("population", diagnose.population);
  table.read("pooled", diagnose.pooled);
  table.read("firm_betweenness", diagnose.firm_betweenness);
  table.read("gatekeepers", diagnose.gatekeepers);
  finish(table, diagnose);
}

void read_group(StrictTable table, const std::filesystem::path& folder, GroupOptions& group) {
  table.read("digits", group.digits);
  table.read("least_groups", group.least_groups);
  table.read("most_groups", group.most_groups);
  table.read("restarts", group.restarts);
  table.read("flows", group.flows);
  finish(table, group);
  if (group.flows.empty()) return;
  group.flows = (folder / group.flows).string();
  check_file(table, "flows", group.flows);
}

void read_compare(StrictTable table, CompareOptions& compare) {
  table.read("match_by", compare.match_by);
  table.read("max_cost", compare.max_cost);
  table.read("split_share", compare.split_share);
  table.read("cell", compare.cell_m);
  finish(table, compare);
}

/// The tables first, so that a mistyped one is named before what it would have held is missed.
StudyFile read_tables(StrictTable& root, const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  auto study_table = root.table("study");
  auto input = root.table("input");
  auto columns = root.table("columns");
  auto group = root.table("group");
  auto identify = root.table("identify");
  auto select = root.table("select");
  auto diagnose = root.table("diagnose");
  auto compare = root.table("compare");
  root.finish();
  StudyFile study;
  study.path = path;
  read_study(std::move(study_table), study);
  read_columns(std::move(columns), study);
  read_group(std::move(group), folder, study.group);
  read_identify(std::move(identify), folder, study.identify);
  read_select(std::move(select), study.select);
  read_diagnose(std::move(diagnose), study.diagnose);
  read_compare(std::move(compare), study.compare);
  read_input(std::move(input), folder, study);
  return study;
}

}  // namespace

std::string StudyFile::firms_path(std::int64_t year) const { return with_year(firms, year); }
std::string StudyFile::trade_path(std::int64_t year) const { return with_year(trade, year); }
std::string StudyFile::concordance_path(std::int64_t year) const {
  const auto found = concordance.find(year);
  return found == concordance.end() ? std::string() : found->second;
}

StudyFile read_study_file(const std::string& path) {
  auto root = StrictTable::parse(path);
  return read_tables(root, path);
}

}  // namespace tradegraph::app
