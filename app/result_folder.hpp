#pragma once
/// A folder of results of `diagnose` or `run`, as another command finds it.

#include <string>
#include <vector>

#include "app/context.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// One year of a folder.
struct ResultYear {
  std::int64_t year = 0;
  std::string snapshot;  ///< DIR/YEAR.h5, or where it was when the results were made
  std::string digest;    ///< of that snapshot
  std::string members;
  double eps_m = 0;    ///< 0 = not recorded
  io::Table clusters;  ///< clusters.csv, all years of the folder
};

/// What `folder` says of `year`; of its only year, if `year` is 0. Collective over all ranks.
/// Throws `ErrorKind::bad_input` if it is no such folder, or does not have that year (and, if
/// `year` is 0, if it has several).
[[nodiscard]] ResultYear read_result_year(const Context& context, const std::string& folder,
                                          std::int64_t year);

}  // namespace tradegraph::app
