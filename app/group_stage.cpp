#include "app/group_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/output.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::app {

std::string beside(const std::string& output, const std::string& ending) {
  const std::filesystem::path path(output);
  return (path.parent_path() / (path.stem().string() + ending)).string();
}

namespace {

/// G01, G02, ...
std::vector<std::string> group_names(const kernels::Grouping& found) {
  const auto groups = 1 + *std::max_element(found.group.begin(), found.group.end());
  const auto width = std::max<std::size_t>(2, std::to_string(groups).size());
  std::vector<std::string> names;
  for (const auto group : found.group) names.push_back(fmt::format("G{:0{}}", group + 1, width));
  return names;
}

io::Table candidates_table(const kernels::Grouping& found,
                           const std::vector<kernels::NamedRelatedness>& matrices) {
  std::vector<std::string> relatedness, function;
  std::vector<std::int64_t> standardised, groups, chosen;
  std::vector<double> score;
  std::vector<std::vector<double>> by_matrix(4 * matrices.size());
  for (std::size_t k = 0; k < found.candidates.size(); ++k) {
    const auto& one = found.candidates[k];
    relatedness.push_back(one.relatedness);
    function.push_back(one.function);
    standardised.push_back(one.standardised ? 1 : 0);
    groups.push_back(one.groups);
    score.push_back(one.score);
    chosen.push_back(k == found.best ? 1 : 0);
    for (std::size_t m = 0; m < matrices.size(); ++m) {
      const auto& v = one.by_matrix[m];
      by_matrix[4 * m].push_back(v.cluster_mean);
      by_matrix[4 * m + 1].push_back(v.cluster_high);
      by_matrix[4 * m + 2].push_back(v.industry_mean);
      by_matrix[4 * m + 3].push_back(v.industry_high);
    }
  }
  io::Table table{{{"relatedness", relatedness},
                   {"function", function},
                   {"standardised", standardised},
                   {"groups", groups},
                   {"score", score},
                   {"chosen", chosen}}};
  for (std::size_t m = 0; m < matrices.size(); ++m) {
    for (std::size_t k = 0; k < 4; ++k) {
      constexpr const char* kShares[] = {"cluster_mean", "cluster_high", "industry_mean",
                                         "industry_high"};
      table.columns.push_back({matrices[m].name + "_" + kShares[k], by_matrix[4 * m + k]});
    }
  }
  return table;
}

/// A row a pair of industries, a column a matrix.
io::Table relatedness_table(const std::vector<std::string>& industries,
                            const std::vector<kernels::NamedRelatedness>& matrices) {
  std::vector<std::string> first, second;
  std::vector<std::vector<double>> values(matrices.size());
  for (std::size_t i = 0; i < industries.size(); ++i) {
    for (std::size_t j = i + 1; j < industries.size(); ++j) {
      first.push_back(industries[i]);
      second.push_back(industries[j]);
      for (std::size_t m = 0; m < matrices.size(); ++m) {
        values[m].push_back(matrices[m].matrix(i, j));
      }
    }
  }
  io::Table table{{{"industry_a", first}, {"industry_b", second}}};
  for (std::size_t m = 0; m < matrices.size(); ++m) {
    table.columns.push_back({matrices[m].name, values[m]});
  }
  return table;
}

std::string describe(const kernels::Grouping& found, std::size_t industries) {
  const auto groups = 1 + *std::max_element(found.group.begin(), found.group.end());
  if (found.candidates.empty()) {
    return fmt::format("{} industries are too few to group: one group\n", industries);
  }
  const auto& best = found.candidates[found.best];
  return fmt::format(
      "{} industries in {} groups: {} of {}, {} rows, {} groups of {} candidates, score {:.3f}; "
      "{} outliers moved\n",
      industries, groups, best.function, best.relatedness,
      best.standardised ? "standardised" : "raw", best.groups, found.candidates.size(), best.score,
      found.moved);
}

}  // namespace

std::optional<SettingFault> GroupOptions::fault() const {
  const auto not_one = [](const std::string& what, std::int64_t value) {
    return fmt::format("must be {}, not {}", what, value);
  };
  if (digits < 1 || digits > 9) return SettingFault{"digits", not_one("1 .. 9", digits)};
  if (least_groups < 2) return SettingFault{"least_groups", not_one("2 or more", least_groups)};
  if (most_groups < least_groups) {
    return SettingFault{"most_groups", not_one("at least least_groups", most_groups)};
  }
  if (restarts < 1) return SettingFault{"restarts", not_one("1 or more", restarts)};
  return std::nullopt;
}

void GroupOptions::record(Provenance& provenance) const {
  provenance.setting("digits", digits);
  provenance.setting("least_groups", least_groups);
  provenance.setting("most_groups", most_groups);
  provenance.setting("restarts", restarts);
  provenance.setting("flows", flows);
}

void add_snapshot(const Context& context, Provenance& provenance, const comm::ProcessGrid& grid,
                  const std::string& path, IndustryTables& tables) {
  provenance.stage("industries of " + std::filesystem::path(path).stem().string(), [&] {
    const auto network = load_network(context, grid, path);
    provenance.snapshot(network.metadata().year, network.metadata(), network.firms(),
                        network.link_count(), path);
    tables.add(network, path);
  });
}

StageFigures GroupingFigures::by_name() const { return {{"score", {score}}, {"moved", {moved}}}; }

GroupingFigures GroupingFigures::of(const StageFigures& by_name) {
  return {by_name.at("score").at(0), by_name.at("moved").at(0)};
}

void record_grouping(Provenance& provenance, const GroupingFigures& figures) {
  provenance.convention("relatedness", "pairs of different industries; the diagonal means nothing");
  provenance.convention("LC", "Pearson correlation over regions, of all snapshots together");
  provenance.convention("COI", "Ellison-Glaeser, by employees where there are any, else by firms");
  provenance.convention("IO", "largest of four input and output shares, by links or --flows");
  if (!std::isnan(figures.score)) provenance.figure("groups: score", figures.score);
  provenance.figure("groups: outliers moved", figures.moved);
}

GroupingFigures write_groups(const Context& context, Provenance& provenance,
                             const IndustryTables& tables, const GroupOptions& options,
                             std::uint64_t seed, const std::string& output) {
  const auto industries = tables.industries();
  const auto matrices = provenance.stage("relatedness", [&] { return tables.relatedness(); });
  const auto found = provenance.stage("groups", [&] {
    return kernels::group_industries(matrices, {.least_groups = options.least_groups,
                                                .most_groups = options.most_groups,
                                                .restarts = options.restarts,
                                                .seed = seed});
  });
  write_whole(output, context, {{{"industry", industries}, {"group", group_names(found)}}});
  write_whole(beside(output, "_candidates.csv"), context, candidates_table(found, matrices));
  write_whole(beside(output, "_relatedness.csv"), context, relatedness_table(industries, matrices));
  const GroupingFigures figures{
      found.candidates.empty() ? kernels::kUndefined : found.candidates[found.best].score,
      static_cast<double>(found.moved)};
  record_grouping(provenance, figures);
  context.print(describe(found, industries.size()));
  return figures;
}

}  // namespace tradegraph::app
