#include "app/cluster_options.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"
#include "engine/base/suggest.hpp"
#include "engine/base/text.hpp"

namespace tradegraph::app {

void refuse(const std::optional<SettingFault>& fault) {
  if (fault) throw Error(ErrorKind::usage, fault->setting + " " + fault->what);
}

namespace {

using Fault = std::optional<SettingFault>;

/// What the kernel says of one setting, the others being sound: "eps must be ...".
Fault fault_of(const std::string& setting, const kernels::DbscanConfig& config) {
  try {
    config.validate();
  } catch (const Error& error) {
    const std::string message = error.what();
    return SettingFault{setting, message.substr(setting.size() + 1)};
  }
  return std::nullopt;
}

Fault fault_of_eps(double eps_m) { return fault_of("eps", {eps_m, 1, 1}); }
Fault fault_of_min_firms(std::int64_t min_firms) {
  return fault_of("min_firms", {1, min_firms, 1});
}
Fault fault_of_stretch(double stretch) { return fault_of("stretch", {1, 1, stretch}); }

Fault fault_of_count(const std::string& setting, std::int64_t value, std::int64_t least) {
  if (value >= least) return std::nullopt;
  return SettingFault{
      setting, "must be at least " + std::to_string(least) + ", not " + std::to_string(value)};
}

Fault fault_of_radius(double radius_m) {
  if (radius_m >= 0 && std::isfinite(radius_m)) return std::nullopt;
  return SettingFault{"absorb_radius",
                      "must be 0 (eps) or a length in metres, not " + to_text(radius_m)};
}

Fault fault_of_word(const std::string& setting, const std::string& word,
                    const std::vector<std::string>& allowed) {
  if (std::ranges::find(allowed, word) != allowed.end()) return std::nullopt;
  std::string list;
  for (const auto& known : allowed) list += (list.empty() ? "'" : ", '") + known + "'";
  return SettingFault{
      setting, "is '" + word + "', but must be one of " + list + did_you_mean(word, allowed)};
}

Fault first_of(std::initializer_list<Fault> faults) {
  for (const auto& fault : faults) {
    if (fault) return fault;
  }
  return std::nullopt;
}

}  // namespace

Fault fault_of(const IndustryLevels& levels) {
  return first_of({fault_of_count("division_digits", levels.division_digits, 1),
                   fault_of_count("class_digits", levels.class_digits, levels.division_digits)});
}

bool is_rule_of_groups(const std::string& groups) {
  return groups == "division" || groups == "section" || groups == "none";
}

kernels::Absorb IdentifyOptions::absorb_rule() const {
  if (absorb == "none") return kernels::Absorb::none;
  return absorb == "admin" ? kernels::Absorb::admin : kernels::Absorb::footprint;
}

Fault IdentifyOptions::PerGroup::fault() const {
  return first_of({eps_m ? fault_of_eps(*eps_m) : std::nullopt,
                   min_firms ? fault_of_min_firms(*min_firms) : std::nullopt});
}

Fault IdentifyOptions::fault() const {
  return first_of({fault_of_eps(eps_m), fault_of_min_firms(min_firms), fault_of_stretch(stretch),
                   fault_of_word("absorb", absorb, {"footprint", "admin", "none"}),
                   fault_of_radius(absorb_radius_m), fault_of(levels)});
}

void IdentifyOptions::validate() const {
  refuse(fault());
  require(groups != "none" || per_group.empty(), ErrorKind::usage,
          "settings of single groups make no sense when all industries are together");
  for (const auto& [group, own] : per_group) {
    auto fault = own.fault();
    if (fault) fault->setting = "per_group " + group + ": " + fault->setting;
    refuse(fault);
  }
}

Fault SelectOptions::fault() const {
  return first_of({fault_of_count("top", top, 1), fault_of_count("min_nodes", min_nodes, 0),
                   fault_of_count("min_links", min_links, 0)});
}

Fault DiagnoseOptions::fault() const {
  const bool lacks_distances = external_reach == "distance" && network_distances == "no";
  return first_of({fault_of_word("specialisation", specialisation, {"main", "mean", "largest"}),
                   fault_of_word("shares_of", shares_of, {"firms", "employees"}),
                   fault_of_word("hierarchy_ties", hierarchy_ties, {"ordinal", "average"}),
                   fault_of_word("disassortativity", disassortativity, {"pearson", "slope"}),
                   fault_of_word("reach_weight", reach_weight, {"uniform", "degree", "amount"}),
                   fault_of_word("internal_reach", internal_reach, {"distance", "share"}),
                   fault_of_word("external_reach", external_reach, {"share", "distance"}),
                   fault_of_word("network_distances", network_distances, {"auto", "yes", "no"}),
                   lacks_distances ? Fault({"network_distances",
                                            "is 'no', but external_reach = 'distance' needs them"})
                                   : std::nullopt,
                   fault_of_word("population", population, {"selected", "all"}),
                   fault_of_word("pooled", pooled, {"years", "year"}),
                   fault_of_word("firm_betweenness", firm_betweenness, {"auto", "yes", "no"}),
                   fault_of_count("gatekeepers", gatekeepers, 0)});
}

}  // namespace tradegraph::app
