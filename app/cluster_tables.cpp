#include "app/cluster_tables.hpp"

#include <cmath>
#include <functional>

#include "kernels/z_scores.hpp"

namespace tradegraph::app {

namespace {

using Integers = std::vector<std::int64_t>;
using Doubles = std::vector<double>;
using Texts = std::vector<std::string>;

/// Builds columns over the clusters of all years in turn.
class ClusterRows {
 public:
  explicit ClusterRows(const std::vector<Diagnosis>& years) : years_(years) {}

  void integers(const std::string& name,
                const std::function<std::int64_t(const Diagnosis&, std::size_t)>& value) {
    table_.columns.push_back({name, collect<std::int64_t>(value)});
  }
  void texts(const std::string& name,
             const std::function<std::string(const Diagnosis&, std::size_t)>& value) {
    table_.columns.push_back({name, collect<std::string>(value)});
  }
  void doubles(const std::string& name,
               const std::function<double(const Diagnosis&, std::size_t)>& value) {
    table_.columns.push_back({name, collect<double>(value)});
  }
  /// An indicator and its z-score.
  void doubles(const std::string& name, Doubles values) {
    table_.columns.push_back({name, std::move(values)});
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

/// Value `c` of a column that a year may lack.
template <class T, class Field>
double optional(const std::vector<T>& column, std::size_t c, Field field) {
  return column.empty() ? kernels::kUndefined : std::invoke(field, column[c]);
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
         return optional(employees ? y.variety_employees : y.variety_firms, c,
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

using kernels::Inclusiveness;

void add_screening(ClusterRows& rows) {
  for (const auto& [name, field] : {std::pair{"firms", &Inclusiveness::firms},
                                    {"nodes", &Inclusiveness::nodes},
                                    {"links", &Inclusiveness::links}}) {
    rows.integers(name, [field = field](const Diagnosis& y, std::size_t c) {
      return y.inclusiveness[c].*field;
    });
  }
  rows.doubles("inclusiveness",
               [](const Diagnosis& y, std::size_t c) { return y.inclusiveness[c].inclusiveness; });
  rows.integers("rank", [](const Diagnosis& y, std::size_t c) {
    return y.rank[c] > 0 ? y.rank[c] : io::kEmptyInteger;
  });
  rows.doubles("density",
               [](const Diagnosis& y, std::size_t c) { return y.inclusiveness[c].density; });
  rows.doubles("connectivity",
               [](const Diagnosis& y, std::size_t c) { return connectivity(y, c, SIZE_MAX); });
  rows.doubles("compactness", compactness);
  rows.doubles("clustering",
               [](const Diagnosis& y, std::size_t c) { return y.clustering[c].clustering; });
  rows.doubles("transitivity",
               [](const Diagnosis& y, std::size_t c) { return y.clustering[c].transitivity; });
  rows.integers("selected",
                [](const Diagnosis& y, std::size_t c) { return std::int64_t{y.selected[c]}; });
}

/// What stands beside the screening and the six indicators, links only.
void add_variants(ClusterRows& rows) {
  rows.integers("screened",
                [](const Diagnosis& y, std::size_t c) { return std::int64_t{y.screened[c]}; });
  rows.integers("reference_label", [](const Diagnosis& y, std::size_t c) {
    return y.reference_label[c] == kNoCluster ? io::kEmptyInteger : y.reference_label[c];
  });
  rows.texts("region", [](const Diagnosis& y, std::size_t c) { return y.region[c]; });
  rows.integers("linked",
                [](const Diagnosis& y, std::size_t c) { return y.inclusiveness[c].linked; });
  rows.doubles("density_undirected", [](const Diagnosis& y, std::size_t c) {
    return y.inclusiveness[c].undirected_density;
  });
  rows.doubles("connectivity_2",
               [](const Diagnosis& y, std::size_t c) { return connectivity(y, c, 2); });
  rows.doubles("connectivity_3",
               [](const Diagnosis& y, std::size_t c) { return connectivity(y, c, 3); });
  rows.doubles("hierarchy_r_squared",
               [](const Diagnosis& y, std::size_t c) { return y.hierarchy_ordinal[c].r_squared; });
  rows.doubles("hierarchy_average_ties",
               [](const Diagnosis& y, std::size_t c) { return y.hierarchy_average[c].hierarchy; });
  rows.doubles("assortativity_slope",
               [](const Diagnosis& y, std::size_t c) { return y.assortativity[c].slope; });
  rows.doubles("assortativity_pearson",
               [](const Diagnosis& y, std::size_t c) { return y.assortativity[c].pearson; });
  rows.doubles("assortativity_newman",
               [](const Diagnosis& y, std::size_t c) { return y.assortativity[c].newman; });
  rows.doubles("share_in", [](const Diagnosis& y, std::size_t c) { return y.reach[c].uniform; });
  rows.doubles("share_in_degree",
               [](const Diagnosis& y, std::size_t c) { return y.reach[c].degree; });
  rows.doubles("share_in_amount",
               [](const Diagnosis& y, std::size_t c) { return y.reach[c].amount; });
  rows.doubles("reach_inside",
               [](const Diagnosis& y, std::size_t c) { return reach_by(y, y.pairs_inside, c); });
  rows.doubles("reach_network", [](const Diagnosis& y, std::size_t c) {
    return reach_by(y, y.pairs_through.network, c);
  });
  rows.doubles("reach_outside", [](const Diagnosis& y, std::size_t c) {
    return reach_by(y, y.pairs_through.outside, c);
  });
}

/// Every variant of location quotient and variety, by firms and by employees.
void add_industries(ClusterRows& rows, const std::string& suffix,
                    std::vector<kernels::ClusterSpecialisation> Diagnosis::*specialisation,
                    std::vector<kernels::Variety> Diagnosis::*variety) {
  using kernels::ClusterSpecialisation;
  using kernels::Variety;
  for (const auto& [name, field] : {std::pair{"lq_main", &ClusterSpecialisation::main},
                                    {"lq_mean", &ClusterSpecialisation::mean},
                                    {"lq_largest", &ClusterSpecialisation::largest}}) {
    rows.doubles(name + suffix, [specialisation, field = field](const Diagnosis& y, std::size_t c) {
      return optional(y.*specialisation, c, field);
    });
  }
  for (const auto& [name, field] : {std::pair{"related_variety", &Variety::related},
                                    {"unrelated_variety", &Variety::unrelated},
                                    {"entropy", &Variety::entropy}}) {
    rows.doubles(name + suffix, [variety, field = field](const Diagnosis& y, std::size_t c) {
      return optional(y.*variety, c, field);
    });
  }
}

}  // namespace

io::Table clusters_table(const std::vector<Diagnosis>& years, const DiagnoseOptions& options) {
  ClusterRows rows(years);
  rows.integers("year", [](const Diagnosis& y, std::size_t) { return y.year; });
  rows.integers("label", [](const Diagnosis&, std::size_t c) { return static_cast<Label>(c); });
  rows.texts("name", [](const Diagnosis& y, std::size_t c) { return y.name[c]; });
  rows.texts("group", [](const Diagnosis& y, std::size_t c) { return y.group[c]; });
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
  rows.doubles("lon", [](const Diagnosis& y, std::size_t c) { return y.longitude[c]; });
  rows.doubles("lat", [](const Diagnosis& y, std::size_t c) { return y.latitude[c]; });
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
