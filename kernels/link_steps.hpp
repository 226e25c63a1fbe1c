#pragma once
/// Steps along links from few firms at a time: what peeling and searches on a grid are made of.
///
/// Each firm has one rank that keeps what is known of it: the rank that holds it in the column
/// layout; "own position" is its place there. A step towards buyers from some firms is
///   spread   own positions -> rows of the block: along the grid column to the row's grid row, then
///            to all ranks of that grid row, which hold the firm's links;
///   visit    the links of those rows, by all threads of each rank; and
///   deliver  columns of the block -> own positions: along the grid column.
/// A step towards suppliers goes the other way, over a transposed copy of the block: spread along
/// the grid column, visit columns, deliver along the grid row and then the grid column. On one row
/// of ranks (1 x C) nothing but the firms of a step travels towards buyers; a firm is sent at most
/// C times, and never a link. Sparse frontiers in 2-D as in Buluc & Madduri 2011,
/// doi:10.1145/2063384.2063471.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

/// A firm (its own position, its row or its column) and what is said of it.
struct FirmNote {
  std::int64_t firm;
  std::int64_t value;
};

enum class Towards { buyers, suppliers };

class LinkSteps {
 public:
  /// `a`, square, must outlive this. `both_ways`: steps towards suppliers are taken too; for these
  /// the block is kept by columns: 4 bytes an entry and 8 a column, and 8 an entry while it is
  /// made. Collective.
  LinkSteps(const matrix::DistributedMatrix& a, bool both_ways);

  /// Firms of this rank.
  [[nodiscard]] std::int64_t own() const { return static_cast<std::int64_t>(global_.size()); }
  [[nodiscard]] std::int64_t global_of(std::int64_t own_position) const {
    return global_[static_cast<std::size_t>(own_position)];
  }
  /// Columns (towards buyers) or rows of the block.
  [[nodiscard]] std::int64_t ends(Towards towards) const;
  /// Whether every end is this rank's own firm, at the same position: then nothing is delivered.
  [[nodiscard]] bool owns_ends(Towards towards) const;

  /// From own positions to rows (towards buyers) or columns of the block. Collective.
  [[nodiscard]] std::vector<FirmNote> spread(Towards towards,
                                             std::span<const FirmNote> firms) const;
  /// Calls `at_end(end, value)` for each link from each of `starts`, by many threads; returns the
  /// ends for which it said true, in no particular order. Not collective.
  template <class AtEnd>
  [[nodiscard]] std::vector<std::int64_t> visit(Towards towards, std::span<const FirmNote> starts,
                                                const AtEnd& at_end) const {
    return visit_links(towards == Towards::buyers ? links_ : *turned_, starts, at_end);
  }
  /// From columns (towards buyers) or rows of the block to own positions. Collective.
  [[nodiscard]] std::vector<FirmNote> deliver(Towards towards, std::vector<FirmNote> ends) const;

 private:
  /// Part and place in it of a firm, in the other dealing.
  struct Place {
    std::int32_t part;
    std::int64_t local;
  };
  static std::vector<Place> places(std::span<const std::int64_t> firms,
                                   const matrix::Partition& in);
  template <class AtEnd>
  static std::vector<std::int64_t> visit_links(const matrix::CsrBlock& links,
                                               std::span<const FirmNote> starts,
                                               const AtEnd& at_end);
  [[nodiscard]] std::vector<FirmNote> to_owners(std::vector<FirmNote> columns) const;

  const matrix::DistributedMatrix* a_;
  matrix::CsrBlock links_;                  ///< by row
  std::optional<matrix::CsrBlock> turned_;  ///< by column
  std::vector<std::int64_t> piece_begin_;   ///< of the column part, a rank of the grid column
  std::vector<std::int64_t> global_;        ///< own firms
  std::vector<Place> row_of_own_;           ///< none on one rank, where all places are the same
  std::vector<Place> column_of_row_;        ///< likewise; of the block's rows
};

template <class AtEnd>
std::vector<std::int64_t> LinkSteps::visit_links(const matrix::CsrBlock& links,
                                                 std::span<const FirmNote> starts,
                                                 const AtEnd& at_end) {
  constexpr std::size_t kWorthThreads = 1000;  // waking them costs more than so few firms' links
  std::vector<std::int64_t> chosen;
#pragma omp parallel if (starts.size() >= kWorthThreads)
  {
    std::vector<std::int64_t> mine;
#pragma omp for schedule(dynamic, 128) nowait
    for (std::size_t i = 0; i < starts.size(); ++i) {
      for (const auto end : links.row(starts[i].firm)) {
        const auto at = static_cast<std::int64_t>(end);
        if (at_end(at, starts[i].value)) mine.push_back(at);
      }
    }
#pragma omp critical
    chosen.insert(chosen.end(), mine.begin(), mine.end());
  }
  return chosen;
}

/// Numbers of links that firms have left: one off for each link from one of `gone`. Memory: 8 bytes
/// a row or column of the block where firms have more than one rank.
class LinkCountdown {
 public:
  explicit LinkCountdown(const LinkSteps& steps) : steps_(&steps) {}

  /// `left`: what each own firm has. Returns the own positions that come down to `level` from
  /// above it; counts at or below `level` mean nothing any more. Collective.
  [[nodiscard]] std::vector<std::int64_t> take(Towards towards, std::span<const std::int64_t> gone,
                                               std::int64_t level, std::span<std::int64_t> left);
  /// Links that each own firm has from the firms `from`. Collective.
  [[nodiscard]] std::vector<std::int64_t> count(Towards towards,
                                                std::span<const std::int64_t> from);

 private:
  [[nodiscard]] std::vector<FirmNote> counts(Towards towards, std::span<const FirmNote> starts);

  const LinkSteps* steps_;
  std::vector<std::int64_t> at_end_[2];  ///< links a column, a row; 0 between calls
};

/// The positions as notes that say nothing.
[[nodiscard]] std::vector<FirmNote> notes(std::span<const std::int64_t> firms);

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::FirmNote> : std::true_type {};
