#pragma once
/// Settings of the study's stages, as the command line and the study file give them.
/// docs/study.toml explains each.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "app/industry.hpp"
#include "kernels/identify.hpp"

namespace tradegraph::app {

/// A setting that cannot be used, as the study file calls it, and what is wrong with it.
struct SettingFault {
  std::string setting;  ///< "eps"
  std::string what;     ///< "must be above 0 ..., not -1"
};

[[nodiscard]] std::optional<SettingFault> fault_of(const IndustryLevels& levels);

/// Throws `ErrorKind::usage` if there is a fault.
void refuse(const std::optional<SettingFault>& fault);

struct IdentifyOptions {
  double eps_m = 1000;
  std::int64_t min_firms = 20;
  double stretch = 2;
  /// "division", "section", "none" (all together), or the path of a groups.csv (industry,group).
  std::string groups = "division";
  IndustryLevels levels;
  /// "footprint", "admin" or "none".
  std::string absorb = "footprint";
  double absorb_radius_m = 0;  ///< 0 = eps

  /// What one group has of its own; the rest is as for all.
  struct PerGroup {
    std::optional<double> eps_m;
    std::optional<std::int64_t> min_firms;

    [[nodiscard]] std::optional<SettingFault> fault() const;
  };
  std::map<std::string, PerGroup> per_group;

  /// The first setting that is out of range; those of single groups are not looked at.
  [[nodiscard]] std::optional<SettingFault> fault() const;
  /// Throws `ErrorKind::usage`, for settings of single groups too.
  void validate() const;
  [[nodiscard]] kernels::Absorb absorb_rule() const;
};

/// Whether `groups` is one of the rules above, and no file.
[[nodiscard]] bool is_rule_of_groups(const std::string& groups);

/// Which agglomerations are clusters: the top by inclusiveness, then minimum sizes.
struct SelectOptions {
  std::int64_t top = 50;
  std::int64_t min_nodes = 20;
  std::int64_t min_links = 20;

  [[nodiscard]] std::optional<SettingFault> fault() const;
  void validate() const { refuse(fault()); }
};

/// Which variant of an indicator its plain column takes; every variant has a column of its own.
struct DiagnoseOptions {
  std::string specialisation = "main";       ///< "main", "mean" or "largest"
  std::string shares_of = "firms";           ///< "firms" or "employees"
  std::string hierarchy_ties = "ordinal";    ///< "ordinal" or "average"
  std::string disassortativity = "pearson";  ///< "pearson" (-r) or "slope" (-b)
  std::string reach_weight = "uniform";      ///< "uniform", "degree" or "amount"
  std::string internal_reach = "distance";   ///< "distance" (normalised, inside) or "share"
  std::string external_reach = "share";      ///< "share" or "distance"
  /// Distances through the whole network: "yes", "no", or "auto": while members x links <= 1e12.
  std::string network_distances = "auto";
  std::string population = "selected";  ///< z-scores over "selected" clusters or "all"
  std::string pooled = "years";         ///< z-scores over all "years" pooled or each "year"
  /// Exact betweenness of every firm: "yes", "no", or "auto": while firms x links <= 5e10.
  std::string firm_betweenness = "auto";
  std::int64_t gatekeepers = 10;  ///< a cluster, at most

  [[nodiscard]] std::optional<SettingFault> fault() const;
  void validate() const { refuse(fault()); }
};

}  // namespace tradegraph::app
