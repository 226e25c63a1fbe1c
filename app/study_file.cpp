#include "app/study_file.hpp"

#include <algorithm>
#include <filesystem>

#include "app/strict_toml.hpp"
#include "engine/base/error.hpp"

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

void read_input(StrictTable table, StudyFile& study) {
  std::string on_error = "stop";
  std::int64_t deflate = study.deflate_level;
  table.read("firms", study.firms);
  table.read("trade", study.trade);
  table.read("crs", study.crs);
  table.read("project", study.project);
  table.read("on_error", on_error);
  table.read("deflate", deflate);
  table.finish();
  if (study.firms.empty()) throw table.error("firms", "must name the firms' CSV file");
  if (study.years.size() > 1) {
    for (const auto& [key, path] : {std::pair{"firms", study.firms}, {"trade", study.trade}}) {
      if (!path.empty() && path.find("{year}") == std::string::npos) {
        throw table.error(key, "must contain {year}, since the study has several years");
      }
    }
  }
  if (on_error != "stop" && on_error != "skip") {
    throw table.error("on_error", "must be 'stop' or 'skip'");
  }
  study.skip_bad_rows = on_error == "skip";
  if (deflate < 0 || deflate > 9) throw table.error("deflate", "must be 0 .. 9");
  study.deflate_level = static_cast<int>(deflate);
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

void read_levels(StrictTable& table, IndustryLevels& levels) {
  auto division = static_cast<std::int64_t>(levels.division_digits);
  auto klass = static_cast<std::int64_t>(levels.class_digits);
  table.read("division_digits", division);
  table.read("class_digits", klass);
  if (division < 1) throw table.error("division_digits", "must be at least 1");
  if (klass < division) throw table.error("class_digits", "must be at least division_digits");
  levels = {static_cast<std::size_t>(division), static_cast<std::size_t>(klass)};
}

void read_per_group(StrictTable table, IdentifyOptions& identify) {
  for (const auto& name : table.keys()) {
    auto group = table.table(name);
    auto& settings = identify.per_group[name];
    if (group.has("eps")) group.read("eps", settings.eps_m.emplace());
    if (group.has("min_firms")) group.read("min_firms", settings.min_firms.emplace());
    double unused = 0;
    std::int64_t unused_count = 0;
    group.read("eps", unused);
    group.read("min_firms", unused_count);
    group.finish();
  }
  table.finish();
}

void read_identify(StrictTable table, const std::filesystem::path& folder,
                   IdentifyOptions& identify) {
  table.read("eps", identify.eps_m);
  table.read("min_firms", identify.min_firms);
  table.read("stretch", identify.stretch);
  table.read("groups", identify.groups);
  table.read("absorb", identify.absorb);
  table.read("absorb_radius", identify.absorb_radius_m);
  read_levels(table, identify.levels);
  read_per_group(table.table("per_group"), identify);
  const auto& groups = identify.groups;
  if (groups != "division" && groups != "section" && groups != "none") {
    identify.groups = (folder / groups).string();
  }
  table.finish();
  identify.validate();
}

void read_select(StrictTable table, SelectOptions& select) {
  table.read("top", select.top);
  table.read("min_nodes", select.min_nodes);
  table.read("min_links", select.min_links);
  table.finish();
  select.validate();
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
  table.finish();
  diagnose.validate();
}

StudyFile read_tables(StrictTable& root, const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  StudyFile study;
  study.path = path;
  read_study(root.table("study"), study);
  read_input(root.table("input"), study);
  read_columns(root.table("columns"), study);
  read_identify(root.table("identify"), folder, study.identify);
  read_select(root.table("select"), study.select);
  read_diagnose(root.table("diagnose"), study.diagnose);
  root.finish();
  study.firms = (folder / study.firms).string();
  if (!study.trade.empty()) study.trade = (folder / study.trade).string();
  return study;
}

}  // namespace

std::string StudyFile::firms_path(std::int64_t year) const { return with_year(firms, year); }
std::string StudyFile::trade_path(std::int64_t year) const { return with_year(trade, year); }

StudyFile read_study_file(const std::string& path) {
  auto root = StrictTable::parse(path);
  try {
    return read_tables(root, path);
  } catch (const Error& error) {  // a setting out of range does not know which file it is from
    if (error.kind() != ErrorKind::usage) throw;
    throw Error(ErrorKind::bad_input, path + ": " + error.what());
  }
}

}  // namespace tradegraph::app
