#include "app/cluster_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/cluster_columns.hpp"
#include "kernels/partition_similarity.hpp"
#include "kernels/typology.hpp"

namespace tradegraph::app {

namespace {

using Scores = std::vector<kernels::SixScores>;

/// Rows that are typed together, by what the group is called: "" or " 2020".
std::map<std::string, std::vector<std::size_t>> populations(const io::Table& clusters,
                                                            const DiagnoseOptions& options) {
  const auto& year = cells_of<IntegerCells>(clusters, "year");
  const auto& selected = cells_of<IntegerCells>(clusters, "selected");
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t row = 0; row < year.size(); ++row) {
    if (options.population != "all" && selected[row] != 1) continue;
    groups[options.pooled == "years" ? "" : " " + std::to_string(year[row])].push_back(row);
  }
  return groups;
}

Scores scores(const io::Table& clusters, const std::vector<std::size_t>& rows) {
  Scores result(rows.size());
  for (std::size_t k = 0; k < kIndicatorNames.size(); ++k) {
    const auto& z = cells_of<DoubleCells>(clusters, std::string("z_") + kIndicatorNames[k]);
    for (std::size_t i = 0; i < rows.size(); ++i) result[i][k] = z[rows[i]];
  }
  return result;
}

/// Reach is measured inside and outside, each in one of two forms.
struct ReachForms {
  const char* internal;
  const char* external;

  [[nodiscard]] bool are_chosen(const DiagnoseOptions& options) const {
    return options.internal_reach == internal && options.external_reach == external;
  }
};

constexpr std::array<ReachForms, 4> kReachForms{
    {{"distance", "share"}, {"distance", "distance"}, {"share", "share"}, {"share", "distance"}}};

/// The scores with both reaches in these forms. Not standardised, which components make up for.
Scores with_reach(const io::Table& clusters, const std::vector<std::size_t>& rows,
                  const DiagnoseOptions& options, const ReachForms& forms, Scores scores) {
  const auto weight = options.reach_weight == "uniform" ? "" : "_" + options.reach_weight;
  const auto& share = cells_of<DoubleCells>(clusters, "share_in" + weight);
  const auto& inside = cells_of<DoubleCells>(clusters, "compactness");
  const auto& outside = cells_of<DoubleCells>(clusters, "reach_outside");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    scores[i][2] = std::string(forms.internal) == "share" ? share[rows[i]] : inside[rows[i]];
    scores[i][5] = std::string(forms.external) == "share" ? -share[rows[i]] : outside[rows[i]];
  }
  return scores;
}

/// Adjusted Rand index over the clusters that both give a type.
double agreement(const kernels::Typology& a, const kernels::Typology& b) {
  std::vector<std::int32_t> of_a, of_b;
  for (std::size_t i = 0; i < a.clusters.size(); ++i) {
    if (a.clusters[i].type < 0 || b.clusters[i].type < 0) continue;
    of_a.push_back(a.clusters[i].type);
    of_b.push_back(b.clusters[i].type);
  }
  if (of_a.empty()) return kernels::kUndefined;
  return kernels::adjusted_rand(kernels::overlaps(of_a, of_b));
}

std::string missing(const kernels::SixScores& scores) {
  std::string names;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    if (std::isnan(scores[k]))
      names += (names.empty() ? "" : " ") + std::string(kIndicatorNames[k]);
  }
  return names;
}

/// The columns to be added, one cell a row of clusters.csv.
struct Columns {
  explicit Columns(std::size_t rows)
      : centripetal(rows, kernels::kUndefined),
        centrifugal(centripetal),
        type(rows),
        missing(rows) {
    distance.fill(centripetal);
    by_reach.fill(type);
  }

  void fill(std::size_t row, const kernels::ClusterType& cluster,
            const kernels::SixScores& of_cluster) {
    centripetal[row] = cluster.centripetal;
    centrifugal[row] = cluster.centrifugal;
    type[row] = name(cluster);
    missing[row] = app::missing(of_cluster);
    for (std::size_t t = 0; t < kernels::kTypes; ++t) distance[t][row] = cluster.distance[t];
  }

  [[nodiscard]] static std::string name(const kernels::ClusterType& cluster) {
    return cluster.type < 0 ? "" : kernels::kTypeNames[static_cast<std::size_t>(cluster.type)];
  }

  void insert_into(io::Table& clusters) && {
    std::vector<io::Column> added;
    for (std::size_t t = 0; t < kernels::kTypes; ++t) {
      auto name = std::string("distance_") + kernels::kTypeNames[t];
      std::ranges::replace(name, '-', '_');
      added.push_back({name, std::move(distance[t])});
    }
    added.push_back({"missing_indicators", std::move(missing)});
    for (std::size_t k = 0; k < kReachForms.size(); ++k) {
      added.push_back(
          {std::string("type_") + kReachForms[k].internal + "_" + kReachForms[k].external,
           std::move(by_reach[k])});
    }
    added.push_back({"centripetal", std::move(centripetal)});
    added.push_back({"centrifugal", std::move(centrifugal)});
    added.push_back({"type", std::move(type)});
    const auto place = std::ranges::find(clusters.columns, "lon", &io::Column::name);
    clusters.columns.insert(place, added.begin(), added.end());
  }

  DoubleCells centripetal;
  DoubleCells centrifugal;
  std::array<DoubleCells, kernels::kTypes> distance;
  TextCells type;
  TextCells missing;
  std::array<TextCells, kReachForms.size()> by_reach;  ///< the type under each choice
};

void record(Provenance& provenance, const std::string& group, const kernels::Typology& found) {
  const auto name = "typology" + group + ": ";
  provenance.figure(name + "complete clusters", static_cast<double>(found.complete));
  if (!found.exists) return;
  for (std::size_t k = 0; k < kIndicatorNames.size(); ++k) {
    const auto& force = k < 3 ? found.centripetal : found.centrifugal;
    provenance.figure(name + "loading of " + kIndicatorNames[k], force.loadings[k % 3]);
  }
  provenance.figure(name + "explained by centripetal", found.centripetal.explained);
  provenance.figure(name + "explained by centrifugal", found.centrifugal.explained);
  for (std::size_t t = 0; t < kernels::kTypes; ++t) {
    const auto type = name + kernels::kTypeNames[t];
    provenance.figure(type + ", centripetal", found.centroids[t][0]);
    provenance.figure(type + ", centrifugal", found.centroids[t][1]);
  }
  provenance.figure(name + "silhouette", found.silhouette);
}

std::string describe(const std::string& group, const kernels::Typology& found) {
  if (!found.exists) {
    return fmt::format(
        "\nno typology{}: {} clusters have all six indicators, 8 or more that vary "
        "are needed\n",
        group, found.complete);
  }
  const auto force = [&](const char* title, const kernels::Force& f, std::size_t first) {
    return fmt::format("{}: {} {:.3f}, {} {:.3f}, {} {:.3f}; {:.1f} % of variance\n", title,
                       kIndicatorNames[first], f.loadings[0], kIndicatorNames[first + 1],
                       f.loadings[1], kIndicatorNames[first + 2], f.loadings[2], 100 * f.explained);
  };
  std::string text = fmt::format("\ntypes{} of {} clusters, silhouette {:.3f}\n", group,
                                 found.complete, found.silhouette);
  text += force("centripetal", found.centripetal, 0);
  text += force("centrifugal", found.centrifugal, 3);
  for (std::size_t t = 0; t < kernels::kTypes; ++t) {
    text += fmt::format("{:<16}{:>6} clusters around ({:+.2f}, {:+.2f})\n", kernels::kTypeNames[t],
                        found.sizes[t], found.centroids[t][0], found.centroids[t][1]);
  }
  return text;
}

/// Types under each choice of reach, beside those under the choice made.
std::string try_reach(const io::Table& clusters, const DiagnoseOptions& options,
                      const std::string& group, const std::vector<std::size_t>& rows,
                      const Scores& six, const kernels::Typology& chosen, Columns& columns,
                      Provenance& provenance) {
  std::string text;
  for (std::size_t k = 0; k < kReachForms.size(); ++k) {
    const auto& forms = kReachForms[k];
    const auto found = forms.are_chosen(options)
                           ? chosen
                           : kernels::typology(with_reach(clusters, rows, options, forms, six));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      columns.by_reach[k][rows[i]] = Columns::name(found.clusters[i]);
    }
    if (forms.are_chosen(options) || !chosen.exists || !found.exists) continue;
    const auto agreed = agreement(chosen, found);
    provenance.figure(fmt::format("typology{}: adjusted Rand index with reach inside by {}, "
                                  "outside by {}",
                                  group, forms.internal, forms.external),
                      agreed);
    text += fmt::format(
        "reach inside by {}, outside by {}: silhouette {:.3f}, adjusted Rand index "
        "with these types {:.3f}\n",
        forms.internal, forms.external, found.silhouette, agreed);
  }
  return text;
}

}  // namespace

std::string add_types(io::Table& clusters, const DiagnoseOptions& options, Provenance& provenance) {
  provenance.convention("types",
                        "first principal component of three z-scores each way, standardised; "
                        "k-means (4, 100 starts, seed 1) named by the nearest ideals");
  Columns columns(static_cast<std::size_t>(clusters.rows()));
  std::string text;
  for (const auto& [group, rows] : populations(clusters, options)) {
    const auto six = scores(clusters, rows);
    const auto found = kernels::typology(six);
    for (std::size_t i = 0; i < rows.size(); ++i) columns.fill(rows[i], found.clusters[i], six[i]);
    record(provenance, group, found);
    text += describe(group, found);
    text += try_reach(clusters, options, group, rows, six, found, columns, provenance);
  }
  std::move(columns).insert_into(clusters);
  return text;
}

}  // namespace tradegraph::app
