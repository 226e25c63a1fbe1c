#include "app/cluster_stage.hpp"

#include <fmt/format.h>

#include <map>

#include "app/output.hpp"
#include "engine/base/log.hpp"
#include "engine/base/suggest.hpp"
#include "io/members.hpp"

namespace tradegraph::app {

namespace {

/// The group of a code, or of the longest beginning of it that the table names: a groups.csv may
/// list divisions or classes.
std::string group_in_table(const std::map<std::string, std::string>& table, std::string_view code) {
  for (auto length = code.size(); length > 0; --length) {
    const auto found = table.find(std::string(code.substr(0, length)));
    if (found != table.end()) return found->second;
  }
  return {};
}

/// Collective over the replica group, which reads the table of groups together.
Recoding grouping(const TradeNetwork& network, const IdentifyOptions& options) {
  const auto& industries = network.table().industry.dictionary;
  if (options.groups == "section") return recode(industries, section_of);
  if (options.groups == "division") {
    return recode(industries,
                  [&](std::string_view code) { return division_of(code, options.levels); });
  }
  const auto rows = io::read_groups(network.grid().group(), options.groups);
  std::map<std::string, std::string> table;
  for (std::int64_t i = 0; i < rows.industry.size(); ++i) {
    const auto [at, is_new] = table.emplace(rows.industry[i], rows.group[i]);
    require(is_new || at->second == rows.group[i], ErrorKind::bad_input,
            options.groups + ":" + std::to_string(rows.line[static_cast<std::size_t>(i)]) +
                ": industry '" + at->first + "' is in two groups, '" + at->second + "' and '" +
                std::string(rows.group[i]) + "'");
  }
  return recode(industries, [&](std::string_view code) { return group_in_table(table, code); });
}

void warn_of_firms_without_group(const TradeNetwork& network, const IndustryGroups& groups) {
  const auto mine = std::count(groups.codes.begin(), groups.codes.end(), -1);
  const auto all =
      comm::all_reduce<std::int64_t>(network.grid().group(), mine, comm::ReduceOp::sum);
  if (all == 0) return;
  log::info(
      fmt::format("{} of {} firms have no industry group: they found no cluster, but may be "
                  "absorbed by one",
                  all, network.firms()));
}

/// A group that no firm has is a mistake in the settings, or one that other years have.
void refuse_unknown_group(const std::string& name, const IndustryGroups& groups, bool may_lack) {
  const auto message = "per_group names '" + name + "', an industry group that no firm belongs to" +
                       did_you_mean(name, strings(groups.names));
  require(may_lack, ErrorKind::bad_input, message);
  log::warn(message);
}

/// Settings a group by the group's number.
std::map<std::int32_t, kernels::DbscanConfig> per_group(const IndustryGroups& groups,
                                                        const IdentifyOptions& options,
                                                        const kernels::DbscanConfig& common,
                                                        bool may_lack) {
  std::map<std::string, std::int32_t> number;
  for (std::int64_t g = 0; g < groups.names.size(); ++g) {
    number[std::string(groups.names[g])] = static_cast<std::int32_t>(g);
  }
  std::map<std::int32_t, kernels::DbscanConfig> result;
  for (const auto& [name, own] : options.per_group) {
    const auto found = number.find(name);
    if (found == number.end()) {
      refuse_unknown_group(name, groups, may_lack);
      continue;
    }
    auto& config = result[found->second] = common;
    config.eps_m = own.eps_m.value_or(common.eps_m);
    config.min_firms = own.min_firms.value_or(common.min_firms);
  }
  return result;
}

kernels::IdentifyConfig configure(const IndustryGroups& groups, const IdentifyOptions& options,
                                  const IdentifyExtras& extras) {
  kernels::IdentifyConfig config;
  config.dbscan = {
      .eps_m = options.eps_m, .min_firms = options.min_firms, .stretch = options.stretch};
  config.per_group = per_group(groups, options, config.dbscan, extras.may_lack_groups);
  config.absorb = options.absorb_rule();
  config.absorb_radius_m = options.absorb_radius_m;
  config.ungrouped = options.groups == "none";
  config.verify = extras.verify;
  config.k_distance = extras.k_distance;
  config.validate();
  return config;
}

}  // namespace

IndustryGroups industry_groups(const TradeNetwork& network, const IdentifyOptions& options) {
  const auto& table = network.table();
  IndustryGroups groups;
  groups.codes.assign(static_cast<std::size_t>(table.count()), -1);
  if (options.groups == "none") return groups;
  require(table.industry.dictionary.size() > 0, ErrorKind::bad_input,
          "the snapshot has no column 'industry' with a code in it, which grouping needs: give it "
          "one, or identify with --ungrouped");
  const auto recoding = grouping(network, options);
  groups.names = recoding.names;
  groups.codes = apply(recoding, table.industry.codes);
  warn_of_firms_without_group(network, groups);
  return groups;
}

kernels::FirmPlaces firm_places(const TradeNetwork& network, const IndustryGroups& groups,
                                kernels::Absorb absorb) {
  const auto& table = network.table();
  // A rank without firms cannot tell.
  require(comm::any_rank(network.grid().group(), table.x_m.size() > 0) || network.firms() == 0,
          ErrorKind::bad_input,
          "the snapshot has no places: import firms with columns lon,lat or x,y");
  require(absorb != kernels::Absorb::admin || table.region.dictionary.size() > 0,
          ErrorKind::bad_input,
          "the snapshot has no column 'region' with a code in it, which --absorb admin needs");
  kernels::FirmPlaces result;
  for (std::int64_t i = 0; i < table.count(); ++i) result.firm.push_back(table.first + i);
  result.row = table.input_row;
  result.x_m = table.x_m;
  result.y_m = table.y_m;
  result.group = groups.codes;
  result.region = table.region.codes;
  result.region.resize(result.firm.size(), -1);  // a snapshot without regions
  return result;
}

kernels::Identification identify_clusters(const TradeNetwork& network, const IndustryGroups& groups,
                                          const IdentifyOptions& options,
                                          const IdentifyExtras& extras) {
  const auto config = configure(groups, options, extras);
  const auto places = firm_places(network, groups, config.absorb);
  return kernels::identify(network.grid().group(), places, network.trade_pairs(), config);
}

std::vector<std::int32_t> role_codes(const kernels::Membership& membership) {
  std::vector<std::int32_t> roles;
  for (const auto role : membership.role) roles.push_back(static_cast<std::int32_t>(role));
  return roles;
}

io::Table members_table(const TradeNetwork& network, const IndustryGroups& groups,
                        const std::vector<Label>& labels, const std::vector<std::int32_t>& roles) {
  const auto& order = network.order_of_table();
  const auto role = order.apply(std::span<const std::int32_t>(roles));
  const auto group = order.apply(std::span<const std::int32_t>(groups.codes));
  std::vector<std::string> role_names;
  std::vector<std::string> group_names;
  for (std::size_t i = 0; i < role.size(); ++i) {
    role_names.emplace_back(role[i] < 0 ? "" : name(static_cast<kernels::Role>(role[i])));
    group_names.emplace_back(group[i] < 0 ? "" : groups.names[group[i]]);
  }
  io::Table table;
  table.columns.push_back({"id", strings(order.apply(network.table().id))});
  table.columns.push_back({"label", order.apply(std::span<const Label>(labels))});
  table.columns.push_back({"role", std::move(role_names)});
  table.columns.push_back({"group", std::move(group_names)});
  return table;
}

void write_members(const std::string& path, const Context& context, const TradeNetwork& network,
                   const IndustryGroups& groups, const kernels::Membership& membership) {
  write_slices(path, context, network.grid(),
               members_table(network, groups, membership.label, role_codes(membership)));
}

std::string describe(const kernels::IdentifySummary& summary) {
  const auto largest = summary.sizes.empty() ? 0 : summary.sizes.front();
  return fmt::format(
      "{} agglomerations ({} without link stretch), the largest of {} firms\n"
      "{} core, {} border, {} absorbed, {} noise, {} without a place\n",
      summary.clusters, summary.clusters_without_stretch, largest, summary.core, summary.border,
      summary.absorbed, summary.noise, summary.without_place);
}

}  // namespace tradegraph::app
