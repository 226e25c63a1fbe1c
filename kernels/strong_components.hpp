#pragma once
/// Strongly connected components.
///
/// Definition: firms i and j are in one component if directed links lead from i to j and from j
/// back to i; a firm on no closed path is a component of its own. Numbered as weak components are:
/// 0, 1, ... by the smallest input row. Weights and loops play no part.
///
/// Method, on a grid (multistep: Slota, Rajamanickam & Madduri 2014, doi:10.1109/IPDPS.2014.64):
///   trim    firms without a supplier left, or without a buyer left, are components of their own;
///           taken away in rounds, each over its links on one side only;
///   pivot   the firm with the largest product of suppliers and buyers left: what it reaches, and
///           within that what reaches it, is the giant component (Fleischer, Hendrickson & Pinar
///           2000, doi:10.1007/3-540-45591-4_68); then trim again;
///   colour  what is left takes the highest firm that reaches it as colour; backwards from that
///           firm, those of its colour are its component (Orzan 2004); trim; until nothing is left.
/// As soon as few links are left, they are gathered on one rank and solved there
/// (`strong_serial.hpp`); networks on one rank and few threads are solved so from the start.
/// Searches are steps along links (`link_steps.hpp`).
///
/// Complexity: O(firms + links) / ranks for trimming and the giant component, the rest as many
/// times as colours follow each other; rounds as many as the longest trimmed chain and the longest
/// shortest path, each a few messages along a grid row and column and one all-reduce. Memory:
/// 4 bytes a link (columns of the block), 40 a firm of the block's rows and columns. Collective.
/// Failure: `ErrorKind::internal` unless A is square and `row` as `number_components` wants it.

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/component_labels.hpp"

namespace tradegraph::kernels {

struct StrongComponentsConfig {
  /// One pass on one thread where one rank holds the network and has at most so many threads.
  int serial_threads = 2;
  std::int64_t gathered_links = 1 << 18;  ///< what is left is gathered when it has no more links
};

/// `row`: the input row of each firm, a permutation of 0 .. n-1 in any layout. Collective.
[[nodiscard]] Components strong_components(const matrix::DistributedMatrix& a,
                                           const matrix::DistributedVector<std::int64_t>& row,
                                           const StrongComponentsConfig& config = {});

/// For networks whose firms are numbered in input order. Collective.
[[nodiscard]] Components strong_components(const matrix::DistributedMatrix& a,
                                           const StrongComponentsConfig& config = {});

}  // namespace tradegraph::kernels
