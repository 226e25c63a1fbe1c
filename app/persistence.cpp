#include "app/persistence.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/base/error.hpp"
#include "io/cell_text.hpp"
#include "io/csv_reader.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::app {

namespace {

/// Columns of stability.csv.
enum Column { kJaccard = 8, kSurvives = 9, kSplits = 11, kMerges = 12, kFirstIndicator = 16 };
constexpr std::array<const char*, 7> kIndicators{
    "inclusiveness",  "specialisation", "related_variety", "internal_reach",
    "external_reach", "hierarchy",      "disassortativity"};

/// NaN for an empty cell.
std::vector<double> cells_of(std::string_view line) {
  std::vector<double> cells;
  for (;;) {
    const auto end = line.find(',');
    const auto text = line.substr(0, end);
    double value = std::nan("");
    std::from_chars(text.data(), text.data() + text.size(), value);
    cells.push_back(value);
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

void append(std::string& line, double value) {
  line += ',';
  io::append_number(line, value);
}

/// The run of values around the baseline's at which a cluster survives, that of the baseline
/// included. `at` holds (value, survives) of the settings that differ from the baseline in this
/// value only.
std::pair<double, double> run_around(double baseline, std::vector<std::pair<double, bool>> at) {
  std::sort(at.begin(), at.end());
  auto low = baseline;
  auto high = baseline;
  for (auto i = at.rbegin(); i != at.rend(); ++i) {
    if (i->first > baseline) continue;
    if (!i->second) break;
    low = i->first;
  }
  for (const auto& [value, survives] : at) {
    if (value < baseline) continue;
    if (!survives) break;
    high = value;
  }
  return {low, high};
}

}  // namespace

PersistenceTable::PersistenceTable(const SweepPlan& plan)
    : plan_(plan),
      clusters_(plan.baseline_firms.size()),
      survives_(plan.settings.size() * clusters_.size(), 0),
      ranges_(clusters_.size(), std::vector<Range>(plan.indicators ? kIndicators.size() : 0,
                                                   {std::numeric_limits<double>::infinity(),
                                                    -std::numeric_limits<double>::infinity()})),
      types_(clusters_.size()) {}

void PersistenceTable::add(std::size_t position, std::string_view lines) {
  for (std::size_t label = 0; label < clusters_.size(); ++label) {
    const auto end = lines.find('\n');
    const auto line = lines.substr(0, end);
    const auto cells = cells_of(line);
    lines.remove_prefix(std::min(end, lines.size() - 1) + 1);
    require(cells.size() >= kFirstIndicator + ranges_[label].size() ||
                (ranges_[label].empty() && cells.size() > kMerges),
            ErrorKind::bad_input, "a part of the sweep is damaged");
    auto& cluster = clusters_[label];
    const bool survives = cells[kSurvives] == 1;
    cluster.survived += survives ? 1 : 0;
    cluster.split += cells[kSplits] == 1 ? 1 : 0;
    cluster.merged += cells[kMerges] == 1 ? 1 : 0;
    cluster.jaccard += cells[kJaccard];
    survives_[position * clusters_.size() + label] = survives ? 1 : 0;
    if (!survives) continue;
    if (plan_.indicators) types_[label].emplace(line.substr(line.rfind(',') + 1));
    for (std::size_t i = 0; i < ranges_[label].size(); ++i) {
      auto& range = ranges_[label][i];
      const auto value = cells[kFirstIndicator + i];
      if (std::isnan(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
}

std::string PersistenceTable::line(std::size_t label) const {
  const auto& cluster = clusters_[label];
  const auto settings = static_cast<double>(plan_.settings.size());
  const auto& base = plan_.baseline;
  std::vector<std::pair<double, bool>> by_eps;
  std::vector<std::pair<double, bool>> by_min_firms;
  for (std::size_t s = 0; s < plan_.settings.size(); ++s) {
    const auto& at = plan_.settings[s];
    if (at.stretch != base.stretch) continue;
    if (at.min_firms == base.min_firms) by_eps.emplace_back(at.eps_m, survives(label, s));
    if (at.eps_m != base.eps_m) continue;
    by_min_firms.emplace_back(static_cast<double>(at.min_firms), survives(label, s));
  }
  auto text = std::to_string(label) + "," + io::csv_quoted(plan_.baseline_group[label]) + "," +
              std::to_string(plan_.baseline_firms[label]) + "," +
              std::to_string(plan_.settings.size()) + "," + std::to_string(cluster.survived);
  for (const double sum :
       {static_cast<double>(cluster.survived), cluster.jaccard, static_cast<double>(cluster.split),
        static_cast<double>(cluster.merged)}) {
    append(text, sum / settings);
  }
  const auto [eps_low, eps_high] = run_around(base.eps_m, by_eps);
  const auto [k_low, k_high] = run_around(static_cast<double>(base.min_firms), by_min_firms);
  for (const double value : {eps_low, eps_high})
    append(text, by_eps.empty() ? std::nan("") : value);
  for (const double value : {k_low, k_high}) {
    append(text, by_min_firms.empty() ? std::nan("") : value);
  }
  for (const auto& range : ranges_[label]) {
    const bool is_defined = range.low <= range.high;
    append(text, is_defined ? range.low : std::nan(""));
    append(text, is_defined ? range.high : std::nan(""));
  }
  return text + (plan_.indicators ? "," + types(label) : "") + "\n";
}

std::string PersistenceTable::types(std::size_t label) const {
  std::string text;
  for (const auto& type : types_[label]) {
    if (!type.empty()) text += (text.empty() ? "" : " ") + type;
  }
  return text;
}

void PersistenceTable::write(const std::string& path) const {
  io::TextFileWriter file(path);
  std::string header =
      "label,group,firms,settings,survived,survival,jaccard,split,merged,eps_low,eps_high,"
      "min_firms_low,min_firms_high";
  if (plan_.indicators) {
    for (const auto* name : kIndicators) {
      header += "," + std::string(name) + "_low," + name + "_high";
    }
    header += ",types";
  }
  file.write(header + "\n");
  for (std::size_t label = 0; label < clusters_.size(); ++label) file.write(line(label));
  file.commit();
}

}  // namespace tradegraph::app
