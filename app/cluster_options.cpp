#include "app/cluster_options.hpp"

#include <algorithm>
#include <initializer_list>

#include "engine/base/error.hpp"

namespace tradegraph::app {

kernels::Absorb IdentifyOptions::absorb_rule() const {
  if (absorb == "none") return kernels::Absorb::none;
  if (absorb == "footprint") return kernels::Absorb::footprint;
  if (absorb == "admin") return kernels::Absorb::admin;
  throw Error(ErrorKind::usage,
              "absorb is '" + absorb + "', but must be 'footprint', 'admin' or 'none'");
}

void IdentifyOptions::validate() const {
  const kernels::DbscanConfig common{eps_m, min_firms, stretch};
  common.validate();
  require(absorb_radius_m >= 0, ErrorKind::usage, "absorb_radius must be 0 (eps) or more metres");
  static_cast<void>(absorb_rule());
  for (const auto& [name, own] : per_group) {
    kernels::DbscanConfig{own.eps_m.value_or(eps_m), own.min_firms.value_or(min_firms), stretch}
        .validate();
  }
}

void SelectOptions::validate() const {
  require(top >= 1 && min_nodes >= 0 && min_links >= 0, ErrorKind::usage,
          "selection needs top >= 1, min_nodes >= 0 and min_links >= 0");
}

namespace {

void require_one_of(const std::string& name, const std::string& value,
                    std::initializer_list<const char*> allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
  std::string list;
  for (const char* word : allowed) list += (list.empty() ? "'" : ", '") + std::string(word) + "'";
  throw Error(ErrorKind::usage, name + " is '" + value + "', but must be one of " + list);
}

}  // namespace

void DiagnoseOptions::validate() const {
  require_one_of("specialisation", specialisation, {"main", "mean", "largest"});
  require_one_of("shares_of", shares_of, {"firms", "employees"});
  require_one_of("hierarchy_ties", hierarchy_ties, {"ordinal", "average"});
  require_one_of("disassortativity", disassortativity, {"pearson", "slope"});
  require_one_of("reach_weight", reach_weight, {"uniform", "degree", "amount"});
  require_one_of("internal_reach", internal_reach, {"distance", "share"});
  require_one_of("external_reach", external_reach, {"share", "distance"});
  require_one_of("network_distances", network_distances, {"auto", "yes", "no"});
  require(external_reach != "distance" || network_distances != "no", ErrorKind::usage,
          "external_reach = 'distance' needs network_distances, which is 'no'");
  require_one_of("population", population, {"selected", "all"});
  require_one_of("pooled", pooled, {"years", "year"});
  require_one_of("firm_betweenness", firm_betweenness, {"auto", "yes", "no"});
}

}  // namespace tradegraph::app
