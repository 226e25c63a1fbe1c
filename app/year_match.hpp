#pragma once
/// Two years compared: cells, firms and links that their clusters share, and what became of each.

#include <vector>

#include "app/compare_options.hpp"
#include "app/year_panel.hpp"
#include "io/table.hpp"
#include "kernels/matching.hpp"

namespace tradegraph::app {

/// The same on all ranks.
struct YearMatch {
  std::int64_t year_a = 0;
  std::int64_t year_b = 0;
  std::vector<kernels::ClusterPair> pairs;
  std::vector<kernels::Match> matches;
  kernels::SharedKeys cells;
  kernels::SharedKeys firms;  ///< a firm that stays has the same id
  kernels::SharedKeys links;  ///< inside clusters; a link that is kept joins the same ids
};

/// `screened_*`: whether each cluster passes the screening of its own year. Places of both years
/// are brought to the plane of year b where theirs differ. Collective over `group`. Throws
/// `ErrorKind::bad_input` if they cannot be.
[[nodiscard]] YearMatch match_years(const comm::Communicator& group, const YearPanel& a,
                                    const YearPanel& b, const std::vector<std::uint8_t>& screened_a,
                                    const std::vector<std::uint8_t>& screened_b,
                                    const CompareOptions& options);

/// Label in year b of each cluster of year a, or the reverse; -1 = none.
[[nodiscard]] std::vector<Label> partner_in_b(const YearMatch& match);
[[nodiscard]] std::vector<Label> partner_in_a(const YearMatch& match);

/// matches.csv of one or more pairs of years. `clusters_a` and `_b`: clusters.csv with the earlier
/// and the later year of each match; columns that they lack are left out.
[[nodiscard]] io::Table matches_table(const std::vector<YearMatch>& matches,
                                      const io::Table& clusters_a, const io::Table& clusters_b);

/// How many clusters went which way, for people.
[[nodiscard]] std::string describe(const YearMatch& match);

}  // namespace tradegraph::app
