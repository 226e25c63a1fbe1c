#pragma once
/// What a sweep is asked for, from the command line to the settings of a shard.

#include <string>
#include <vector>

#include "app/cluster_options.hpp"
#include "kernels/sweep.hpp"

namespace tradegraph::app {

struct SweepOptions {
  std::vector<double> eps_m;  ///< ascending, distinct, like the other lists
  std::vector<std::int64_t> min_firms;
  std::vector<double> stretch{2};
  kernels::DbscanConfig baseline;
  IdentifyOptions identify;  ///< groups and absorption; its eps, min_firms and stretch are unused
  bool ami = false;
  bool indicators = false;
  SelectOptions select = {};  ///< which clusters of a setting are typed

  /// Throws `ErrorKind::usage`.
  void validate() const;
  [[nodiscard]] kernels::SweepConfig config() const;
  /// All settings by stretch, then min_firms, then eps: the order of sweep.csv.
  [[nodiscard]] std::vector<kernels::DbscanConfig> settings() const;
  /// Whether any result depends on who trades with whom.
  [[nodiscard]] bool uses_trade() const;
};

/// One of `count` nearly equal parts of a sweep.
struct Shard {
  std::size_t number = 0;  ///< from 0
  std::size_t count = 1;

  /// "i/n" with i = 1..n; 0/n is n/n, so that arrays may count from 0 or from 1. Throws
  /// `ErrorKind::usage`.
  [[nodiscard]] static Shard parse(const std::string& text);
};

/// "EPS,MIN_FIRMS,STRETCH". Throws `ErrorKind::usage`.
[[nodiscard]] kernels::DbscanConfig parse_setting(const std::string& text);

}  // namespace tradegraph::app
