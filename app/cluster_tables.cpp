#include "app/cluster_tables.hpp"

#include <functional>

#include "kernels/z_scores.hpp"

namespace tradegraph::app {

namespace {

using Integers = std::vector<std::int64_t>;
using Doubles = std::vector<double>;
using Texts = std::vector<std::string>;

/// A field of cluster c's figures; undefined where there are none.
template <class Figures>
double field_of(const std::vector<Figures>& figures, std::size_t c, double Figures::*wanted) {
  return figures.empty() ? kernels::kUndefined : figures[c].*wanted;
}
template <class Figures>
std::int64_t field_of(const std::vector<Figures>& figures, std::size_t c,
                      std::int64_t Figures::*wanted) {
  return figures.empty() ? io::kEmptyInteger : figures[c].*wanted;
}

/// Builds columns over the clusters of all years in turn.
class ClusterRows {
 public:
  explicit ClusterRows(const std::vector<Diagnosis>& years) : years_(years) {}

  void integers(const std::string& name,
                const std::function<std::int64_t(const Diagnosis&, std::size_t)>& value) {
    table_.columns.push_back({name, collect<std::int64_t>(value)});
  }
  void doubles(const std::string& name,
               const std::function<double(const Diagnosis&, std::size_t)>& value) {
    table_.columns.push_back({name, collect<double>(value)});
  }
  void doubles(const std::string& name, Doubles cells) {
    table_.columns.push_back({name, std::move(cells)});
  }
  /// Cells that the diagnosis has as they are, one a cluster.
  template <class Cell>
  void cells(const std::string& name, std::vector<Cell> Diagnosis::*of_year) {
    table_.columns.push_back({name, collect<Cell>([=](const Diagnosis& year, std::size_t c) {
                                return (year.*of_year)[c];
                              })});
  }
  /// One field of a kernel's figures; undefined where a year lacks these.
  template <class Figures, class Cell>
  void field(const std::string& name, std::vector<Figures> Diagnosis::*of_year,
             Cell Figures::*wanted) {
    table_.columns.push_back({name, collect<Cell>([=](const Diagnosis& year, std::size_t c) {
                                return field_of(year.*of_year, c, wanted);
                              })});
  }

  /// Columns that the years have alike.
  void further(std::vector<io::Column> Diagnosis::*columns) {
    for (std::size_t k = 0; !years_.empty() && k < (years_.front().*columns).size(); ++k) {
      auto all = (years_.front().*columns)[k];
      for (std::size_t y = 1; y < years_.size(); ++y) append(all, (years_[y].*columns)[k]);
      table_.columns.push_back(std::move(all));
    }
  }

  template <class T, class Value>
  [[nodiscard]] std::vector<T> collect(const Value& value) const {
    std::vector<T> cells;
    for (const auto& year : years_) {
      for (std::size_t c = 0; c < static_cast<std::size_t>(year.clusters); ++c) {
        cells.push_back(value(year, c));
      }
    }
    return cells;
  }
  [[nodiscard]] io::Table take() { return std::move(table_); }

 private:
  static void append(io::Column& to, const io::Column& from) {
    std::visit(
        [&]<class Cells>(Cells& cells) {
          const auto& more = std::get<Cells>(from.cells);
          cells.insert(cells.end(), more.begin(), more.end());
        },
        to.cells);
  }

  const std::vector<Diagnosis>& years_;
  io::Table table_;
};

double pick(const kernels::ClusterSpecialisation& s, const std::string& which) {
  if (which == "mean") return s.mean;
  return which == "largest" ? s.largest : s.main;
}

double pick(const kernels::ShareReach& reach, const std::string& weight) {
  if (weight == "degree") return reach.degree;
  return weight == "amount" ? reach.amount : reach.uniform;
}

double connectivity(const Diagnosis& year, std::size_t c, std::size_t steps) {
  return kernels::connected_share(year.pairs_inside[c], year.inclusiveness[c].nodes, steps);
}

double compactness(const Diagnosis& year, std::size_t c) {
  return kernels::compactness(year.pairs_inside[c], year.inclusiveness[c].nodes);
}

/// Reach in distance form; undefined where these pairs were not computed.
double reach_by(const Diagnosis& year, const std::vector<kernels::PairsAt>& pairs, std::size_t c) {
  if (pairs.empty()) return kernels::kUndefined;
  return kernels::distance_reach(pairs[c], year.inclusiveness[c].nodes);
}

}  // namespace

std::vector<Indicator> six_indicators(const DiagnoseOptions& options) {
  const bool employees = options.shares_of == "employees";
  return {
      {"specialisation",
       [=](const Diagnosis& y, std::size_t c) {
         const auto& s = employees ? y.specialisation_employees : y.specialisation_firms;
         return s.empty() ? kernels::kUndefined : pick(s[c], options.specialisation);
       }},
      {"hierarchy",
       [=](const Diagnosis& y, std::size_t c) {
         return (options.hierarchy_ties == "average" ? y.hierarchy_average : y.hierarchy_ordinal)[c]
             .hierarchy;
       }},
      {"internal_reach",
       [=](const Diagnosis& y, std::size_t c) {
         return options.internal_reach == "share" ? pick(y.reach[c], options.reach_weight)
                                                  : compactness(y, c);
       }},
      {"related_variety",
       [=](const Diagnosis& y, std::size_t c) {
         return field_of(employees ? y.variety_employees : y.variety_firms, c,
                         &kernels::Variety::related);
       }},
      {"disassortativity",
       [=](const Diagnosis& y, std::size_t c) {
         const auto& a = y.assortativity[c];
         return options.disassortativity == "slope" ? -a.slope : -a.pearson;
       }},
      {"external_reach", [=](const Diagnosis& y, std::size_t c) {
         return options.external_reach == "distance"
                    ? reach_by(y, y.pairs_through.outside, c)
                    : kernels::external_reach(pick(y.reach[c], options.reach_weight));
       }}};
}

namespace {

/// z-scores over the reference population, pooled over the years or each year for itself.
Doubles standardised(const std::vector<Diagnosis>& years, const Doubles& values,
                     const DiagnoseOptions& options) {
  Doubles z;
  std::vector<std::uint8_t> population;
  std::size_t begin = 0;
  for (const auto& year : years) {
    for (const auto selected : year.selected) {
      population.push_back(options.population == "all" ? 1 : selected);
    }
    if (options.pooled == "years") continue;
    const auto part = kernels::z_scores(std::span(values).subspan(begin, year.selected.size()),
                                        std::span<const std::uint8_t>(population).subspan(begin));
    z.insert(z.end(), part.z.begin(), part.z.end());
    begin = population.size();
  }
  if (options.pooled == "years") z = kernels::z_scores(values, population).z;
  return z;
}

using kernels::Assortativity;
using kernels::Clustering;
using kernels::ClusterSpecialisation;
using kernels::Hierarchy;
using kernels::Inclusiveness;
using kernels::ShareReach;
using kernels::Variety;

void add_screening(ClusterRows& rows) {
  rows.field("firms", &Diagnosis::inclusiveness, &Inclusiveness::firms);
  rows.field("nodes", &Diagnosis::inclusiveness, &Inclusiveness::nodes);
  rows.field("links", &Diagnosis::inclusiveness, &Inclusiveness::links);
  rows.field("inclusiveness", &Diagnosis::inclusiveness, &Inclusiveness::inclusiveness);
  rows.integers("rank", [](const Diagnosis& y, std::size_t c) {
    return y.rank[c] > 0 ? y.rank[c] : io::kEmptyInteger;
  });
  rows.field("density", &Diagnosis::inclusiveness, &Inclusiveness::density);
  rows.doubles("connectivity",
               [](const Diagnosis& y, std::size_t c) { return connectivity(y, c, SIZE_MAX); });
  rows.doubles("compactness", compactness);
  rows.field("clustering", &Diagnosis::clustering, &Clustering::clustering);
  rows.field("transitivity", &Diagnosis::clustering, &Clustering::transitivity);
  rows.integers("selected",
                [](const Diagnosis& y, std::size_t c) { return std::int64_t{y.selected[c]}; });
}

/// What stands beside the screening and the six indicators, of links only.
void add_variants(ClusterRows& rows) {
  rows.integers("screened",
                [](const Diagnosis& y, std::size_t c) { return std::int64_t{y.screened[c]}; });
  rows.integers("reference_label", [](const Diagnosis& y, std::size_t c) {
    return y.reference_label[c] == kNoCluster ? io::kEmptyInteger : y.reference_label[c];
  });
  rows.cells("region", &Diagnosis::region);
  rows.field("linked", &Diagnosis::inclusiveness, &Inclusiveness::linked);
  rows.field("density_undirected", &Diagnosis::inclusiveness, &Inclusiveness::undirected_density);
  rows.doubles("connectivity_2",
               [](const Diagnosis& y, std::size_t c) { return connectivity(y, c, 2); });
  rows.doubles("connectivity_3",
               [](const Diagnosis& y, std::size_t c) { return connectivity(y, c, 3); });
  rows.field("hierarchy_r_squared", &Diagnosis::hierarchy_ordinal, &Hierarchy::r_squared);
  rows.field("hierarchy_average_ties", &Diagnosis::hierarchy_average, &Hierarchy::hierarchy);
  rows.field("assortativity_slope", &Diagnosis::assortativity, &Assortativity::slope);
  rows.field("assortativity_pearson", &Diagnosis::assortativity, &Assortativity::pearson);
  rows.field("assortativity_newman", &Diagnosis::assortativity, &Assortativity::newman);
  rows.field("share_in", &Diagnosis::reach, &ShareReach::uniform);
  rows.field("share_in_degree", &Diagnosis::reach, &ShareReach::degree);
  rows.field("share_in_amount", &Diagnosis::reach, &ShareReach::amount);
  rows.doubles("reach_inside",
               [](const Diagnosis& y, std::size_t c) { return reach_by(y, y.pairs_inside, c); });
  rows.doubles("reach_network", [](const Diagnosis& y, std::size_t c) {
    return reach_by(y, y.pairs_through.network, c);
  });
  rows.doubles("reach_outside", [](const Diagnosis& y, std::size_t c) {
    return reach_by(y, y.pairs_through.outside, c);
  });
}

/// Every variant of location quotient and variety, by firms or by employees.
void add_industries(ClusterRows& rows, const std::string& suffix,
                    std::vector<ClusterSpecialisation> Diagnosis::*specialisation,
                    std::vector<Variety> Diagnosis::*variety) {
  rows.field("lq_main" + suffix, specialisation, &ClusterSpecialisation::main);
  rows.field("lq_mean" + suffix, specialisation, &ClusterSpecialisation::mean);
  rows.field("lq_largest" + suffix, specialisation, &ClusterSpecialisation::largest);
  rows.field("related_variety" + suffix, variety, &Variety::related);
  rows.field("unrelated_variety" + suffix, variety, &Variety::unrelated);
  rows.field("entropy" + suffix, variety, &Variety::entropy);
}

}  // namespace

io::Table clusters_table(const std::vector<Diagnosis>& years, const DiagnoseOptions& options) {
  ClusterRows rows(years);
  rows.integers("year", [](const Diagnosis& y, std::size_t) { return y.year; });
  rows.integers("label", [](const Diagnosis&, std::size_t c) { return static_cast<Label>(c); });
  rows.cells("name", &Diagnosis::name);
  rows.cells("group", &Diagnosis::group);
  add_screening(rows);
  const auto indicators = six_indicators(options);
  for (const auto& indicator : indicators) rows.doubles(indicator.name, indicator.value);
  for (const auto& indicator : indicators) {
    rows.doubles(std::string("z_") + indicator.name,
                 standardised(years, rows.collect<double>(indicator.value), options));
  }
  add_variants(rows);
  add_industries(rows, "_firms", &Diagnosis::specialisation_firms, &Diagnosis::variety_firms);
  add_industries(rows, "_employees", &Diagnosis::specialisation_employees,
                 &Diagnosis::variety_employees);
  rows.further(&Diagnosis::attributes);
  rows.cells("lon", &Diagnosis::longitude);
  rows.cells("lat", &Diagnosis::latitude);
  return rows.take();
}

io::Table intercluster_table(const std::vector<Diagnosis>& years) {
  Integers year, from, to, links;
  Doubles amount;
  for (const auto& diagnosis : years) {
    for (const auto& flow : diagnosis.flows) {
      year.push_back(diagnosis.year);
      from.push_back(flow.from);
      to.push_back(flow.to);
      links.push_back(flow.links);
      amount.push_back(flow.amount);
    }
  }
  return {{{"year", year}, {"from", from}, {"to", to}, {"links", links}, {"amount", amount}}};
}

io::Table composition_table(
    const std::vector<std::pair<std::int64_t, std::vector<CompositionRow>>>& years) {
  Integers year, label, firms;
  Texts kind, code;
  Doubles share;
  for (const auto& [number, rows] : years) {
    for (const auto& row : rows) {
      year.push_back(number);
      label.push_back(row.label);
      kind.emplace_back(row.kind);
      code.push_back(row.code);
      firms.push_back(row.firms);
      share.push_back(row.share);
    }
  }
  return {{{"year", year},
           {"label", label},
           {"kind", kind},
           {"code", code},
           {"firms", firms},
           {"share", share}}};
}

}  // namespace tradegraph::app
