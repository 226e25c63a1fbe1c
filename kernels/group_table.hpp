#pragma once
/// The firms of whole industry groups, as columns a group.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/number_table.hpp"
#include "kernels/group_pieces.hpp"

namespace tradegraph::kernels {

class GroupTable {
 public:
  struct Group {
    std::int32_t code;
    std::size_t first;  ///< its points are [first, last) of the columns
    std::size_t last;
    std::vector<std::int64_t> pair_first;  ///< points, counted from `first`
    std::vector<std::int64_t> pair_second;
  };

  /// Refers to `received`, firms that all have a group; sorts them by group.
  GroupTable(const std::vector<PlacedFirm>& received, const IdentifyConfig& config);

  /// Keeps links between two firms of one group; others are none of DBSCAN's business.
  void add(std::span<const Link> links);

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] PointSet points(const Group& group) const;
  /// Index among the firms received of the i-th point of a group.
  [[nodiscard]] std::size_t received_at(const Group& group, std::size_t i) const {
    return order_[group.first + i];
  }

 private:
  void append(const PlacedFirm& firm, std::int32_t group);
  /// Place in the columns; beyond their end if the firm is not here.
  [[nodiscard]] std::size_t find(std::int64_t number) const;
  [[nodiscard]] Group& group_at(std::size_t place);

  const std::vector<PlacedFirm>& received_;
  std::vector<std::size_t> order_;
  std::optional<NumberTable> place_;  ///< of a firm's number
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<std::int64_t> row_;
  std::vector<Group> groups_;
};

}  // namespace tradegraph::kernels
