#include "app/industry_tables.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "engine/comm/agreement.hpp"
#include "engine/comm/gather_strings.hpp"
#include "io/text_table.hpp"
#include "kernels/industry_tallies.hpp"
#include "kernels/membership_product.hpp"

namespace tradegraph::app {

namespace {

using Codes = matrix::DistributedVector<std::int32_t>;

kernels::Labels as_labels(const TradeNetwork& network, const std::vector<std::int32_t>& codes) {
  return network.to_rows(std::vector<Label>(codes.begin(), codes.end()));
}

std::optional<double> amount_of(std::string_view cell) {
  double value = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

void IndustryTables::add_regions(const TradeNetwork& network, const Recoding& industry,
                                 const Codes& codes, const std::string& weight,
                                 Cells& cells) const {
  const auto& region = network.table().region;
  const auto regions = as_labels(network, region.codes);
  std::optional<kernels::Employees> employees;
  if (!weight.empty()) employees.emplace(network.to_rows(network.table().numbers.at(weight)));
  const auto tallies =
      kernels::industry_tallies(regions, region.dictionary.size(), codes, industry.names.size(),
                                employees ? &*employees : nullptr);
  for (const auto& tally : kernels::collect_everywhere(network.grid().group(), tallies.tallies)) {
    if (tally.label == kNoCluster || tally.key == kernels::kUnknownIndustry) continue;
    cells[{std::string(industry.names[tally.key]), std::string(region.dictionary[tally.label])}] +=
        tallies.scale.value(tally.weight);
  }
}

void IndustryTables::add(const TradeNetwork& network, const std::string& path) {
  const auto& table = network.table();
  require(table.industry.dictionary.size() > 0, ErrorKind::bad_input,
          path + ": has no column 'industry', which groups are made of");
  require(table.region.dictionary.size() > 0, ErrorKind::bad_input,
          path + ": has no column 'region', which relatedness is measured over");
  const auto industry = recode(table.industry.dictionary,
                               [&](std::string_view code) { return class_of(code, levels_); });
  const auto own = apply(industry, table.industry.codes);
  const auto codes = network.to_rows(own);
  for (std::int64_t i = 0; i < industry.names.size(); ++i) {
    industries_.emplace(industry.names[i]);
  }
  add_regions(network, industry, codes, "", establishments_);
  if (table.numbers.contains("employees")) {
    add_regions(network, industry, codes, "employees", employees_);
  }
  if (own_flows_) return;
  for (const auto& flow : kernels::membership_product(network.links(), as_labels(network, own),
                                                      industry.names.size())) {
    if (flow.from == kNoCluster || flow.to == kNoCluster) continue;
    flows_[{std::string(industry.names[flow.from]), std::string(industry.names[flow.to])}] +=
        static_cast<double>(flow.links);
  }
}

void IndustryTables::read_flows(const comm::Communicator& group, const std::string& path) {
  const auto file = io::CsvFile::open(group, path);
  const auto table = io::read_text_table(group, file, {"supplier", "buyer", "amount"});
  StringColumn suppliers;
  StringColumn buyers;
  std::vector<double> amounts;
  io::FaultList faults;
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    const auto amount = amount_of(table.columns[2][i]);
    if (!amount) {
      faults.add({table.line[static_cast<std::size_t>(i)], "amount",
                  std::string(table.columns[2][i]), "bad_row", "is not a number from 0", false});
    }
    amounts.push_back(amount.value_or(0));
    suppliers.push_back(class_of(table.columns[0][i], levels_));
    buyers.push_back(class_of(table.columns[1][i], levels_));
  }
  io::refuse_faults(group, file.path(), std::move(faults));
  suppliers = comm::all_gather_strings(group, suppliers);
  buyers = comm::all_gather_strings(group, buyers);
  amounts = comm::all_gather_v(group, std::span<const double>(amounts)).values;
  for (std::int64_t i = 0; i < suppliers.size(); ++i) {  // in the order of the file
    flows_[{std::string(suppliers[i]), std::string(buyers[i])}] +=
        amounts[static_cast<std::size_t>(i)];
  }
  own_flows_ = true;
}

std::vector<std::string> IndustryTables::industries() const {
  return {industries_.begin(), industries_.end()};
}

std::vector<double> IndustryTables::dense(const Cells& cells, const std::vector<std::string>& rows,
                                          const std::vector<std::string>& columns) const {
  std::vector<double> result(rows.size() * columns.size(), 0);
  const auto place = [](const std::vector<std::string>& names, const std::string& name) {
    const auto at = std::lower_bound(names.begin(), names.end(), name);
    return at != names.end() && *at == name ? static_cast<std::size_t>(at - names.begin())
                                            : names.size();
  };
  for (const auto& [key, value] : cells) {
    const auto row = place(rows, key.first);
    const auto column = place(columns, key.second);
    if (row == rows.size() || column == columns.size()) continue;
    result[row * columns.size() + column] = value;
  }
  return result;
}

std::vector<kernels::NamedRelatedness> IndustryTables::relatedness() const {
  const auto names = industries();
  std::set<std::string> found;
  for (const auto& [key, value] : establishments_) found.insert(key.second);
  const std::vector<std::string> regions(found.begin(), found.end());
  require(!regions.empty(), ErrorKind::bad_input, "no firm has both an industry and a region");
  const auto count = names.size();
  std::vector<kernels::NamedRelatedness> result;
  const auto table = dense(employees_.empty() ? establishments_ : employees_, names, regions);
  if (!employees_.empty()) {
    result.push_back({"LC-Emp", kernels::location_correlation(table, count)});
  }
  result.push_back(
      {"LC-Est", kernels::location_correlation(dense(establishments_, names, regions), count)});
  result.push_back({"COI", kernels::coagglomeration(table, count)});
  if (!flows_.empty()) {
    result.push_back({"IO", kernels::input_output(dense(flows_, names, names), count)});
  }
  std::vector<const kernels::Relatedness*> places{&result[0].matrix};
  if (!employees_.empty()) places.push_back(&result[1].matrix);
  const auto lc = kernels::average(places);
  const auto* coi = &result[employees_.empty() ? 1 : 2].matrix;
  std::vector<const kernels::Relatedness*> with_coi{&lc, coi};
  std::vector<kernels::NamedRelatedness> averages{{"LC", lc}};
  if (!flows_.empty()) {
    const auto* io = &result.back().matrix;
    averages.push_back({"LC-IO", kernels::average(std::vector{&lc, io})});
    with_coi.push_back(io);
  }
  averages.push_back({flows_.empty() ? "LC-COI" : "LC-COI-IO", kernels::average(with_coi)});
  result.insert(result.end(), averages.begin(), averages.end());
  return result;
}

}  // namespace tradegraph::app
