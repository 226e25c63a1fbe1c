#pragma once
/// DBSCAN over pieces of groups: each rank clusters its own firms with the help of guests, and the
/// components are put together across ranks.
///
/// Every neighbour of an own firm is known here (`LocalGroups`). So the core flags of own firms are
/// right; those of guests come from their homes. Every pair of neighbouring cores is then joined on
/// the rank of either. A core that is a guest here belongs to a component here and to one at home:
/// such pairs of components are gathered and joined on all ranks. No rank needs more than its own
/// firms, the guests, and the list of components.

#include <limits>
#include <vector>

#include "kernels/local_groups.hpp"
#include "kernels/spatial_grid.hpp"

namespace tradegraph::kernels {

/// A component of cores, or what a rank knows of it.
struct PieceComponent {
  std::int64_t firms = 0;  ///< own core and border firms here
  std::int64_t smallest_row = std::numeric_limits<std::int64_t>::max();  ///< of those
  double eps_m = 0;
  std::int32_t group = kNoGroup;
  std::int32_t has_own_core = 0;
};

struct PieceClusters {
  /// By local group and own point: the component that the firm joins, the same number on all ranks;
  /// -1 = noise.
  std::vector<std::vector<std::int64_t>> component;
  std::vector<std::vector<std::uint8_t>> is_core;  ///< likewise
  /// All ranks' components, by rank; the number of a cluster is the smallest of its components.
  std::vector<PieceComponent> components;
  std::vector<std::int32_t> rank;     ///< of each
  std::vector<std::int64_t> cluster;  ///< of each
};

class PieceSolver {
 public:
  /// Builds the grids. Collective: one exchange.
  PieceSolver(const comm::Communicator& comm, const LocalGroups& groups, const GroupPieces& pieces,
              const IdentifyConfig& config);

  ~PieceSolver();

  /// Collective: two exchanges of a value a guest, all-gathers of the pairs of components and of
  /// the components.
  [[nodiscard]] PieceClusters solve();
  /// The number of clusters that stretch = 1 gives. Once, after `solve`. Collective.
  [[nodiscard]] std::int64_t count_without_stretch();

 private:
  struct Work;  ///< of one group

  void find_cores();
  void exchange_core_flags();
  void find_components();
  [[nodiscard]] std::vector<std::int64_t> join_across_ranks();

  const comm::Communicator& comm_;
  const LocalGroups& groups_;
  const IdentifyConfig& config_;
  std::vector<LocalPoint> guests_;  ///< of this rank
  std::vector<LocalPoint> asked_;  ///< own points that are guests elsewhere, as they were asked for
  comm::Delivery<std::int64_t> requests_;
  std::vector<SpatialGrid> grids_;
  std::vector<Work> work_;
  std::int64_t first_component_ = 0;  ///< number of this rank's first one
  std::int64_t components_ = 0;       ///< of this rank
};

}  // namespace tradegraph::kernels
