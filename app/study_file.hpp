#pragma once
/// STUDY.toml: what `tradegraph run` is to do. docs/study.toml explains every key.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/cluster_options.hpp"
#include "app/compare_options.hpp"
#include "app/group_stage.hpp"
#include "io/column_map.hpp"

namespace tradegraph::app {

struct StudyFile {
  std::string path;
  std::vector<std::int64_t> years;
  std::int64_t reference_year = 0;  ///< the last of `years` unless given

  /// Paths with {year} in place of the year, relative to the study file's folder.
  std::string firms;
  std::string trade;  ///< empty: no trade
  std::string crs = "EPSG:4326";
  std::string project = "auto";
  std::map<std::int64_t, std::string> concordance;  ///< years whose industry codes are renamed
  bool skip_bad_rows = false;
  int deflate_level = 1;
  io::ColumnMap columns;

  GroupOptions group;  ///< of identify.groups = "related"
  IdentifyOptions identify;
  SelectOptions select;
  DiagnoseOptions diagnose;
  CompareOptions compare;

  [[nodiscard]] std::string firms_path(std::int64_t year) const;
  /// Empty when the study has no trade.
  [[nodiscard]] std::string trade_path(std::int64_t year) const;
  /// Empty when the year's industry codes stay.
  [[nodiscard]] std::string concordance_path(std::int64_t year) const;
};

/// Reads and checks a study file. Throws `ErrorKind::bad_input` with file and line for a key that
/// is unknown (with the nearest known one), of the wrong type or out of range. Not collective.
[[nodiscard]] StudyFile read_study_file(const std::string& path);

}  // namespace tradegraph::app
