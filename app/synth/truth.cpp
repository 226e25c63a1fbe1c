#include <fmt/format.h>

#include <cmath>

#include "app/synth/dispersed.hpp"
#include "app/synth/draw.hpp"
#include "app/synth/files.hpp"
#include "app/synth/inside_figures.hpp"
#include "engine/comm/agreement.hpp"
#include "io/csv_reader.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::app::synth {

namespace {

/// Firms of each group as a share of all, in expectation.
std::vector<double> group_shares(const Year& year) {
  const auto& nation = year.nation();
  const auto groups = industry_groups().size();
  const auto cities = static_cast<std::size_t>(nation.cities());
  std::vector<double> counts(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    const auto group = static_cast<int>(g);
    counts[g] += static_cast<double>(nation.hubs.begin(group, nation.cities()) -
                                     nation.hubs.begin(group, 0));
    counts[g] += static_cast<double>(nation.leaves.begin(group, nation.cities()) -
                                     nation.leaves.begin(group, 0));
    const double before = g == 0 ? 0 : nation.city_weights[g * cities - 1];
    counts[g] += static_cast<double>(nation.unlinked_firms(year.year())) *
                 (nation.city_weights[(g + 1) * cities - 1] - before);
  }
  for (std::size_t i = 0; i < nation.agglomerations.size(); ++i) {
    const auto& a = nation.agglomerations[i];
    counts[static_cast<std::size_t>(a.group)] +=
        static_cast<double>(year.size(static_cast<int>(i)).firms);
  }
  for (auto& count : counts) count /= static_cast<double>(nation.setting.firms);
  return counts;
}

/// Mean over the nodes of the share of links that stay inside, without the links that others
/// choose.
double share_inside(const Year& year, int agglomeration) {
  const auto& home = year.nation().agglomerations[static_cast<std::size_t>(agglomeration)];
  const auto& size = year.size(agglomeration);
  double sum = 0;
  for (const auto degree : year.inside_degree(agglomeration)) {
    sum += degree / (degree + outside_links(home, size, degree));
  }
  return sum / static_cast<double>(size.nodes);
}

/// What becomes of an agglomeration by the next year that is written.
std::string successor(const Agglomeration& a, std::int64_t number, const Year* next) {
  if (next == nullptr || a.size(next->year()).firms == 0) return {};
  return std::to_string(number);
}

std::string event(const Agglomeration& a, const Year& now, const Year* next) {
  if (next == nullptr) return {};
  if (a.size(next->year()).firms == 0) return "died";
  if (is_in_parts(a, now.year()) && !is_in_parts(a, next->year())) return "merged";
  const bool is_late = a.published != nullptr && a.published->rank_2010 > 50;
  const bool spans = progress_of(now.year()) == 0 && progress_of(next->year()) == 1;
  return is_late && spans ? "promoted" : "continued";
}

/// By the study's own screening; in between the published years not known.
std::string screened(const Agglomeration& a, const Year& year) {
  const double progress = progress_of(year.year());
  if (a.published == nullptr) return "0";
  if (a.published->rank_2010 <= 50 || progress == 1) return "1";
  return progress == 0 ? "0" : "";
}

/// Empty where it is not defined.
std::string cell(double value) { return std::isfinite(value) ? fmt::format("{:.6f}", value) : ""; }

std::string cluster_row(const Year& year, int i, std::size_t part, const Year* next,
                        const std::vector<double>& shares) {
  const auto& a = year.nation().agglomerations[static_cast<std::size_t>(i)];
  const auto& size = year.size(i);
  const bool is_published = a.published != nullptr;
  const auto number = i + (part == 1 ? kSecondPart : 0);
  const double inclusiveness =
      static_cast<double>(size.participants) / static_cast<double>(size.nodes);
  // The counts of an agglomeration in two parts are those of both.
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{:.6f},{:.6f},{},{}\n",
      year.year(), number, io::csv_quoted(a.name), is_published ? a.published->key : "",
      is_published ? 1 : 0, screened(a, year), is_published ? a.published->type : "",
      industry_groups()[static_cast<std::size_t>(a.group)].name, size.firms, size.nodes,
      size.participants, year.inside(i).size(), is_in_parts(a, year.year()) ? 2 : 1,
      cell(inclusiveness), cell(100 * (1 - share_inside(year, i))),
      cell(hierarchy_of(year.inside_degree(i))),
      cell(1 / shares[static_cast<std::size_t>(a.group)]), cell(a.related_variety),
      cell(internal_reach(year.inside(i), size)),
      cell(disassortativity(year.inside(i), year.inside_degree(i))), a.cores[part].longitude,
      a.cores[part].latitude, successor(a, i, next), event(a, year, next));
}

std::string clusters_table(const std::vector<const Year*>& years) {
  std::string text =
      "year,agglomeration,name,published,selected,screened,type,group,firms,nodes,participants,"
      "links,parts,inclusiveness,external_reach,hierarchy,specialisation,related_variety,"
      "internal_reach,disassortativity,lon,lat,"
      "successor,event\n";
  for (std::size_t y = 0; y < years.size(); ++y) {
    const auto& year = *years[y];
    const Year* next = y + 1 < years.size() ? years[y + 1] : nullptr;
    const auto shares = group_shares(year);
    for (int i = 0; i < static_cast<int>(year.nation().agglomerations.size()); ++i) {
      if (year.size(i).firms == 0) continue;
      const auto& a = year.nation().agglomerations[static_cast<std::size_t>(i)];
      const std::size_t parts = is_in_parts(a, year.year()) ? 2 : 1;
      for (std::size_t part = 0; part < parts; ++part) {
        text += cluster_row(year, i, part, next, shares);
      }
    }
  }
  return text;
}

std::string groups_table() {
  std::string text = "industry,group\n";
  for (const auto& group : industry_groups()) {
    for (const auto& klass : group.classes) text += fmt::format("{},{}\n", klass.code, group.name);
  }
  return text;
}

std::string flows_table(const Nation& nation) {
  std::string text = "from,to,links\n";
  for (const auto& flow : nation.flows) {
    text += fmt::format("{},{},{:.4f}\n", flow.from, flow.to, flow.links);
  }
  return text;
}

std::string study(const std::vector<const Year*>& years) {
  const double scale = years.front()->nation().scale();
  std::string list;
  for (const auto* year : years) {
    list += (list.empty() ? "" : ", ") + std::to_string(year->year());
  }
  return fmt::format(
      R"(# The study of this nation: tradegraph run study.toml -o results

[study]
years = [{}]

[input]
firms = "firms_{{year}}.csv"
trade = "trade_{{year}}.csv"

[identify]
# Places are the same at any number of firms, so what a cluster is grows with it: 60 firms within a
# kilometre in a nation of a million (four times what dispersed firms of one group reach in a city),
# and 8 at least.
eps = 1000
min_firms = {}
stretch = 2
groups = "groups.csv"      # the groups as planted

[diagnose]                 # both take longer than all else
network_distances = "no"
firm_betweenness = "no"
)",
      list, std::max<std::int64_t>(8, whole(60 * scale)));
}

}  // namespace

void write_truth(const comm::Communicator& comm, const std::string& folder,
                 const std::vector<const Year*>& years) {
  comm::collectively(comm, [&] {
    if (!comm.is_root()) return;
    io::write_text_file(folder + "/truth_clusters.csv", clusters_table(years));
    io::write_text_file(folder + "/truth_flows.csv", flows_table(years.front()->nation()));
    io::write_text_file(folder + "/groups.csv", groups_table());
    io::write_text_file(folder + "/study.toml", study(years));
  });
}

}  // namespace tradegraph::app::synth
