#pragma once
/// The results of a sweep on their way: files of finished settings below DIR/parts, written by any
/// rank of any shard at any time, and the tables that they are joined to.
///
/// A part holds, for each of its settings, the finished lines of sweep.csv and stability.csv; so
/// joining is copying, and the tables do not depend on who computed what. DIR/parts/sweep.json says
/// which sweep the parts belong to.

#include <string>
#include <vector>

#include "app/persistence.hpp"
#include "kernels/sweep.hpp"

namespace tradegraph::app {

class SweepFolder {
 public:
  explicit SweepFolder(std::string folder) : folder_(std::move(folder)) {}

  /// Writes the plan, or checks that the one that is there is the same: throws
  /// `ErrorKind::bad_input` if the folder holds parts of another sweep. One process.
  void claim(const SweepPlan& plan) const;
  /// Removes what an earlier sweep left in DIR/parts. One process.
  void clear() const;
  /// The plan of the parts. Throws `ErrorKind::bad_input` if there is none.
  [[nodiscard]] SweepPlan read_plan() const;

  /// Which settings are finished, by position in the plan.
  [[nodiscard]] std::vector<std::uint8_t> finished(const SweepPlan& plan) const;
  /// Writes the results of the settings at these positions as one file. One process.
  void write(const SweepPlan& plan, const std::vector<std::size_t>& positions,
             const std::vector<kernels::SettingResult>& results) const;
  /// Joins all parts to sweep.csv, stability.csv and persistence.csv. Throws `ErrorKind::bad_input`
  /// where settings are missing. One process.
  [[nodiscard]] std::vector<Persistence> join(const SweepPlan& plan) const;

 private:
  [[nodiscard]] std::string parts() const { return folder_ + "/parts"; }

  std::string folder_;
};

}  // namespace tradegraph::app
