#pragma once
/// Products of k x n sparse frontiers with a distributed matrix: what multi-source traversals in
/// GraphBLAS form are made of.
///
/// A frontier is a GrB_Matrix of doubles with k rows (sources); this rank holds the columns of the
/// firms that the row layout gives it, numbered by position.

#include <cstdint>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

/// One entry of a frontier on its way.
struct FrontierEntry {
  std::int64_t slot;  ///< source * columns of the receiving side + column
  double value;
};

class FrontierExchange {
 public:
  /// For frontiers times `a`, square. Keeps a reference to `a`. Memory: 12 bytes a block column.
  explicit FrontierExchange(const matrix::DistributedMatrix& a);

  /// Firms of this rank: the columns of its frontiers.
  [[nodiscard]] std::int64_t own() const { return own_; }

  /// frontier * a over (plus, first), kept where `mask` has an entry (`complement`: has none).
  /// Collective over the replica group; all-gathers along the grid row, all-to-all over the group.
  [[nodiscard]] matrix::GrbMatrix multiply(const matrix::GrbMatrix& frontier,
                                           const matrix::GrbMatrix& mask, bool complement) const;

 private:
  [[nodiscard]] matrix::GrbMatrix over_grid_row(const matrix::GrbMatrix& frontier) const;
  [[nodiscard]] matrix::GrbMatrix to_owners(const matrix::GrbMatrix& partial,
                                            const matrix::GrbMatrix& mask,
                                            GrB_Descriptor how) const;

  const matrix::DistributedMatrix* a_;
  std::int64_t own_ = 0;
  std::int64_t first_own_ = 0;             ///< where this rank's firms start in the row part
  std::vector<std::int32_t> owner_;        ///< of each block column: rank in the group,
  std::vector<std::int64_t> position_;     ///< position there,
  std::vector<std::int64_t> own_of_rank_;  ///< and firms of each rank
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::FrontierEntry> : std::true_type {};
