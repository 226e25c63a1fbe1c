#pragma once
/// How settled each baseline cluster is over all settings of a sweep.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/dbscan.hpp"

namespace tradegraph::app {

/// What is the same for all shards of a sweep.
struct SweepPlan {
  std::vector<kernels::DbscanConfig> settings;
  kernels::DbscanConfig baseline;
  std::vector<std::int64_t> baseline_firms;  ///< by label
  std::vector<std::string> baseline_group;   ///< by label; empty = none
  bool indicators = false;
  std::string fingerprint;  ///< of everything that the results depend on

  friend bool operator==(const SweepPlan&, const SweepPlan&) = default;
};

/// Of a baseline cluster.
struct Persistence {
  std::int64_t survived = 0;  ///< settings with a cluster of Jaccard 1/2 or more
  std::int64_t split = 0;
  std::int64_t merged = 0;
  double jaccard = 0;  ///< sum over settings of that of the best cluster
};

/// Adds up the lines of stability.csv.
class PersistenceTable {
 public:
  explicit PersistenceTable(const SweepPlan& plan);

  /// The lines of one setting, one a baseline cluster; settings come in any order, each once.
  void add(std::size_t position, std::string_view lines);
  /// Writes persistence.csv. One process.
  void write(const std::string& path) const;
  [[nodiscard]] const std::vector<Persistence>& clusters() const { return clusters_; }

 private:
  /// Least and largest value of an indicator.
  struct Range {
    double low;
    double high;
  };
  [[nodiscard]] std::string line(std::size_t label) const;
  [[nodiscard]] std::string types(std::size_t label) const;
  [[nodiscard]] bool survives(std::size_t label, std::size_t position) const {
    return survives_[position * clusters_.size() + label] != 0;
  }

  const SweepPlan& plan_;
  std::vector<Persistence> clusters_;
  std::vector<std::uint8_t> survives_;        ///< by setting and label
  std::vector<std::vector<Range>> ranges_;    ///< by label and indicator
  std::vector<std::set<std::string>> types_;  ///< by label: at the settings in which it survives
};

}  // namespace tradegraph::app
