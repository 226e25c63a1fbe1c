#include <map>

#include "app/cluster_columns.hpp"
#include "app/year_match.hpp"

namespace tradegraph::app {

namespace {

using Integers = std::vector<std::int64_t>;
using Doubles = std::vector<double>;
using Texts = std::vector<std::string>;

/// Columns of clusters.csv whose change is told.
std::vector<std::string> changes() {
  return with_indicators({"firms", "nodes", "links", "inclusiveness", "density"}, {});
}

/// clusters.csv by year and label.
class ClusterFacts {
 public:
  explicit ClusterFacts(const io::Table& clusters) {
    for (const auto& column : clusters.columns) columns_[column.name] = &column;
    const auto& year = std::get<Integers>(columns_.at("year")->cells);
    const auto& label = std::get<Integers>(columns_.at("label")->cells);
    for (std::size_t row = 0; row < year.size(); ++row) row_[{year[row], label[row]}] = row;
  }

  [[nodiscard]] bool has(const std::string& column) const { return columns_.contains(column); }
  [[nodiscard]] std::int64_t integer(const std::string& column, std::int64_t year,
                                     Label label) const {
    return label == kNoCluster ? io::kEmptyInteger
                               : std::get<Integers>(cells(column))[row(year, label)];
  }
  [[nodiscard]] std::string text(const std::string& column, std::int64_t year, Label label) const {
    return label == kNoCluster ? std::string() : std::get<Texts>(cells(column))[row(year, label)];
  }
  /// Integers as doubles.
  [[nodiscard]] double number(const std::string& column, std::int64_t year, Label label) const {
    if (label == kNoCluster) return kernels::kUndefined;
    if (const auto* reals = std::get_if<Doubles>(&cells(column))) return (*reals)[row(year, label)];
    const auto value = integer(column, year, label);
    return value == io::kEmptyInteger ? kernels::kUndefined : static_cast<double>(value);
  }

 private:
  [[nodiscard]] const decltype(io::Column::cells)& cells(const std::string& column) const {
    return columns_.at(column)->cells;
  }
  [[nodiscard]] std::size_t row(std::int64_t year, Label label) const {
    return row_.at({year, label});
  }
  std::map<std::string, const io::Column*> columns_;
  std::map<std::pair<std::int64_t, Label>, std::size_t> row_;
};

/// Builds columns over the lines of all matches in turn.
class MatchRows {
 public:
  explicit MatchRows(const std::vector<YearMatch>& years) : years_(years) {}

  template <class Value>
  void add(const std::string& name, const Value& value) {
    using Cell = std::decay_t<decltype(value(years_.front(), years_.front().matches.front()))>;
    std::vector<Cell> cells;
    for (const auto& year : years_) {
      for (const auto& match : year.matches) cells.push_back(value(year, match));
    }
    table_.columns.push_back({name, std::move(cells)});
  }
  [[nodiscard]] io::Table take() { return std::move(table_); }

 private:
  const std::vector<YearMatch>& years_;
  io::Table table_;
};

using kernels::Match;

std::int64_t or_empty(Label label) { return label == kNoCluster ? io::kEmptyInteger : label; }

/// A field of the pair; empty for what was born or died.
auto of_pair(double kernels::ClusterPair::*field) {
  return [field](const YearMatch& year, const Match& m) {
    return m.pair < 0 ? kernels::kUndefined : year.pairs[static_cast<std::size_t>(m.pair)].*field;
  };
}

void add_pair(MatchRows& rows, const ClusterFacts& before, const ClusterFacts& now) {
  rows.add("label_a", [](const YearMatch&, const Match& m) { return or_empty(m.a); });
  rows.add("label_b", [](const YearMatch&, const Match& m) { return or_empty(m.b); });
  rows.add("overlap", of_pair(&kernels::ClusterPair::overlap));
  rows.add("firm_jaccard", of_pair(&kernels::ClusterPair::firm_jaccard));
  rows.add("event",
           [](const YearMatch&, const Match& m) { return std::string(kernels::name(m.event)); });
  rows.add("rank_a", [&](const YearMatch& year, const Match& m) {
    return before.integer("rank", year.year_a, m.a);
  });
  rows.add("rank_b", [&](const YearMatch& year, const Match& m) {
    return now.integer("rank", year.year_b, m.b);
  });
  rows.add("rank_change", [&](const YearMatch& year, const Match& m) {
    const auto rank_a = before.integer("rank", year.year_a, m.a);
    const auto rank_b = now.integer("rank", year.year_b, m.b);
    if (rank_a == io::kEmptyInteger || rank_b == io::kEmptyInteger) return io::kEmptyInteger;
    return rank_a - rank_b;
  });
}

void add_match(MatchRows& rows, const ClusterFacts& before, const ClusterFacts& now) {
  rows.add("year_a", [](const YearMatch& year, const Match&) { return year.year_a; });
  rows.add("year_b", [](const YearMatch& year, const Match&) { return year.year_b; });
  rows.add("matched",
           [](const YearMatch&, const Match& m) { return std::int64_t{m.matched ? 1 : 0}; });
  rows.add("cost", of_pair(&kernels::ClusterPair::cost));
  rows.add("similarity", of_pair(&kernels::ClusterPair::similarity));
  rows.add("share_of_a", of_pair(&kernels::ClusterPair::share_of_a));
  rows.add("share_of_b", of_pair(&kernels::ClusterPair::share_of_b));
  rows.add("successors", [](const YearMatch&, const Match& m) {
    return m.a == kNoCluster ? io::kEmptyInteger : m.successors;
  });
  rows.add("predecessors", [](const YearMatch&, const Match& m) {
    return m.b == kNoCluster ? io::kEmptyInteger : m.predecessors;
  });
  for (const std::string column : {"name", "type"}) {
    if (!before.has(column) || !now.has(column)) continue;
    rows.add(column + "_a", [&](const YearMatch& year, const Match& m) {
      return before.text(column, year.year_a, m.a);
    });
    rows.add(column + "_b", [&](const YearMatch& year, const Match& m) {
      return now.text(column, year.year_b, m.b);
    });
  }
  for (const std::string column : {"screened", "selected"}) {
    if (!before.has(column) || !now.has(column)) continue;
    rows.add(column + "_a", [&](const YearMatch& year, const Match& m) {
      return before.integer(column, year.year_a, m.a);
    });
    rows.add(column + "_b", [&](const YearMatch& year, const Match& m) {
      return now.integer(column, year.year_b, m.b);
    });
  }
}

/// What stayed, what was there before only, what is there now only.
void add_turnover(MatchRows& rows, const char* stayed, const char* left, const char* entered,
                  kernels::SharedKeys YearMatch::*keys) {
  const auto both = [keys](const YearMatch& year, const Match& m) {
    return m.pair < 0 ? 0 : (year.*keys).both(m.a, m.b);
  };
  rows.add(stayed, both);
  rows.add(left, [=](const YearMatch& year, const Match& m) {
    if (m.a == kNoCluster) return std::int64_t{0};
    return (year.*keys).of_a[static_cast<std::size_t>(m.a)] - both(year, m);
  });
  rows.add(entered, [=](const YearMatch& year, const Match& m) {
    if (m.b == kNoCluster) return std::int64_t{0};
    return (year.*keys).of_b[static_cast<std::size_t>(m.b)] - both(year, m);
  });
}

}  // namespace

io::Table matches_table(const std::vector<YearMatch>& matches, const io::Table& clusters_a,
                        const io::Table& clusters_b) {
  const ClusterFacts before(clusters_a);
  const ClusterFacts now(clusters_b);
  MatchRows rows(matches);
  add_pair(rows, before, now);
  add_match(rows, before, now);
  add_turnover(rows, "firms_stayed", "firms_left", "firms_entered", &YearMatch::firms);
  add_turnover(rows, "links_kept", "links_lost", "links_new", &YearMatch::links);
  for (const auto& column : changes()) {
    if (!before.has(column) || !now.has(column)) continue;
    rows.add("change_" + column, [&](const YearMatch& year, const Match& m) {
      return now.number(column, year.year_b, m.b) - before.number(column, year.year_a, m.a);
    });
  }
  return rows.take();
}

}  // namespace tradegraph::app
