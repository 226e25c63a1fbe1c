#include "app/attribute_columns.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "kernels/heterophily.hpp"
#include "kernels/reported_figures.hpp"

namespace tradegraph::app {

namespace {

using kernels::FirmValues;
using kernels::ReportedFigure;

/// Numeric columns of the firms in the row layout, moved there at first use.
class Attributes {
 public:
  explicit Attributes(const TradeNetwork& network) : network_(network) {}

  /// Null where the network has no such column. Collective.
  const FirmValues* find(const std::string& name) {
    const auto made = made_.find(name);
    if (made != made_.end()) return &made->second;
    const auto slice = numbers(name);
    if (!slice) return nullptr;
    return &made_.emplace(name, network_.to_rows(*slice)).first->second;
  }

 private:
  /// The column `assets` stands for all assets, reported as such or as the two kinds that there
  /// are.
  [[nodiscard]] std::optional<std::vector<double>> numbers(const std::string& name) const {
    const auto& columns = network_.table().numbers;
    const auto found = columns.find(name == "assets" ? "total_assets" : name);
    if (found != columns.end()) return found->second;
    const auto tangible = columns.find("tangible_assets");
    const auto intangible = columns.find("intangible_assets");
    if (name != "assets" || tangible == columns.end() || intangible == columns.end()) {
      return std::nullopt;
    }
    auto sum = tangible->second;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += intangible->second[i];
    return sum;
  }

  const TradeNetwork& network_;
  std::map<std::string, FirmValues> made_;
};

struct Figure {
  const char* name;
  const char* numerator;
  const char* denominator;  ///< empty: one, of each firm
  double scale = 1;
  double shift = 0;
};

constexpr Figure kFigures[] = {
    {"employees_per_firm", "employees", ""},
    {"employment_growth_1y_pct", "employees", "employees_1", 100, -100},
    {"employment_growth_2y_pct", "employees", "employees_2", 100, -100},
    {"revenue_per_firm", "revenue", ""},
    {"net_income_per_firm", "net_income", ""},
    {"operating_income_per_firm", "operating_income", ""},
    {"value_added_per_firm", "value_added", ""},
    {"patents_per_firm", "patents", ""},
    {"iso_per_firm", "iso", ""},
    {"rnd_pct_of_revenue", "rd", "revenue", 100},
    {"tangible_asset_pct", "tangible_assets", "assets", 100},
    {"intangible_asset_pct", "intangible_assets", "assets", 100},
    {"labour_productivity", "value_added", "employees"},
};

/// Columns of one row a label.
class Columns {
 public:
  explicit Columns(std::int64_t clusters) : clusters_(static_cast<std::size_t>(clusters)) {}

  template <class Field>
  void reals(const std::string& name, const std::vector<ReportedFigure>& figures, Field field) {
    std::vector<double> cells(clusters_, kernels::kUndefined);
    for (std::size_t c = 0; c < figures.size(); ++c) cells[c] = std::invoke(field, figures[c]);
    columns_.push_back({name, std::move(cells)});
  }
  void reporting(const std::string& name, const std::vector<ReportedFigure>& figures) {
    std::vector<std::int64_t> cells(clusters_, io::kEmptyInteger);
    for (std::size_t c = 0; c < figures.size(); ++c) cells[c] = figures[c].reporting;
    columns_.push_back({name + "_reporting", std::move(cells)});
  }
  std::vector<io::Column> take() { return std::move(columns_); }

 private:
  std::size_t clusters_;
  std::vector<io::Column> columns_;
};

/// 1 for suspended and closed firms, 0 for open ones; NaN for any other status, or none.
std::optional<std::vector<double>> is_inactive(const io::FirmTable& table) {
  const auto found = table.texts.find("status");
  if (found == table.texts.end()) return std::nullopt;
  const auto meaning = [](std::string_view status) {
    std::string lower(status);
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (lower == "open") return 0.0;
    return lower == "suspended" || lower == "closed" ? 1.0 : kernels::kUndefined;
  };
  std::vector<double> of_code;
  for (std::int64_t k = 0; k < found->second.dictionary.size(); ++k) {
    of_code.push_back(meaning(found->second.dictionary[k]));
  }
  std::vector<double> result;
  for (const auto code : found->second.codes) {
    result.push_back(code < 0 ? kernels::kUndefined : of_code[static_cast<std::size_t>(code)]);
  }
  return result;
}

/// Years since the founding, of this rank's slice; NaN where it is not known or after the year.
std::optional<std::vector<double>> ages(const TradeNetwork& network) {
  const auto found = network.table().numbers.find("founded");
  if (found == network.table().numbers.end()) return std::nullopt;
  auto result = found->second;
  for (auto& value : result) {
    value = static_cast<double>(network.metadata().year) - std::floor(value);
    if (value < 0) value = kernels::kUndefined;
  }
  return result;
}

std::optional<std::vector<double>> is_startup(const TradeNetwork& network) {
  auto result = ages(network);
  if (!result) return result;
  for (auto& age : *result) age = std::isnan(age) ? age : (age <= kStartupYears ? 1 : 0);
  return result;
}

/// A class a firm, in the row layout; -1 everywhere without the column.
matrix::DistributedVector<std::int32_t> classes(const TradeNetwork& network,
                                                const std::optional<std::vector<double>>& values,
                                                std::int32_t (*class_of)(double)) {
  if (!values) return {network.grid(), network.rows(), -1};
  std::vector<std::int32_t> slice;
  slice.reserve(values->size());
  for (const auto value : *values) slice.push_back(class_of(value));
  return network.to_rows(slice);
}

/// 0 for the first bound that `value` is below, and so on.
template <std::size_t n>
std::int32_t class_below(double value, const double (&bounds)[n]) {
  if (!(value >= 0)) return -1;
  return static_cast<std::int32_t>(std::upper_bound(bounds, bounds + n, value) - bounds);
}

}  // namespace

std::int32_t size_class(double employees) { return class_below(employees, {5., 10., 50., 300.}); }

std::int32_t age_class(double years) { return class_below(years, {4., 8., 20.}); }

std::vector<io::Column> competitiveness_columns(const TradeNetwork& network,
                                                const kernels::Labels& labels,
                                                std::int64_t clusters) {
  Columns columns(clusters);
  Attributes attributes(network);
  const auto share = [&](const std::string& name,
                         const std::optional<std::vector<double>>& of_firm) {
    std::vector<ReportedFigure> figures;
    if (of_firm) {
      const auto values = network.to_rows(*of_firm);
      figures = kernels::reported_figure(labels, clusters, {.numerator = &values});
    }
    columns.reals(name, figures, &ReportedFigure::mean);
    columns.reporting(name, figures);
  };
  share("suspended_or_closed_share", is_inactive(network.table()));
  share("startup_share", is_startup(network));
  for (const auto& figure : kFigures) {
    const std::string name = figure.name;
    const auto* x = attributes.find(figure.numerator);
    const bool divided = *figure.denominator != '\0';
    const auto* y = divided ? attributes.find(figure.denominator) : nullptr;
    std::vector<ReportedFigure> figures;
    if (x != nullptr && (y != nullptr || !divided)) {
      figures = kernels::reported_figure(labels, clusters, {x, y, figure.scale, figure.shift});
    }
    if (name == "employees_per_firm") columns.reals("employees", figures, &ReportedFigure::sum);
    columns.reals(name, figures, &ReportedFigure::mean);
    columns.reals(name + "_of_sums", figures, &ReportedFigure::of_sums);
    columns.reporting(name, figures);
  }
  return columns.take();
}

std::vector<io::Column> heterophily_columns(const TradeNetwork& network,
                                            const kernels::Labels& labels, std::int64_t clusters,
                                            const matrix::DistributedVector<std::int32_t>& group) {
  const auto& numbers = network.table().numbers;
  const auto employees = numbers.find("employees");
  std::optional<std::vector<double>> sizes;
  if (employees != numbers.end()) sizes = employees->second;
  const auto found = kernels::heterophily(
      network.links(), labels, clusters,
      {group, classes(network, sizes, size_class), classes(network, ages(network), age_class)});
  std::vector<io::Column> columns;
  const char* const names[] = {"heterophily_group", "heterophily_size", "heterophily_age"};
  for (std::size_t k = 0; k < found.size(); ++k) {
    std::vector<double> shares;
    for (const auto& one : found[k]) shares.push_back(one.share());
    columns.push_back({names[k], std::move(shares)});
  }
  return columns;
}

}  // namespace tradegraph::app
