#pragma once
/// Settings of single industry groups, as `identify --per-group` reads them.

#include <map>
#include <string>

#include "app/cluster_options.hpp"

namespace tradegraph::app {

/// Reads a CSV file with the column `group` and one or both of `eps` (metres) and `min_firms`; an
/// empty cell leaves the setting as it is for all groups. Not collective. Throws
/// `ErrorKind::bad_input` with file and line for another column, a group that stands there twice or
/// a setting out of range.
[[nodiscard]] std::map<std::string, IdentifyOptions::PerGroup> read_per_group(
    const std::string& path);

}  // namespace tradegraph::app
