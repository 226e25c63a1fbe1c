#pragma once
/// Firms by number, so that any rank can find out where a firm is without a table of all firms.
/// Where the ranks hold contiguous numbers one after the other, firms stay where they are; else
/// every rank keeps those whose number hashes to it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/number_table.hpp"
#include "engine/comm/delivery.hpp"
#include "kernels/identify.hpp"

namespace tradegraph::kernels {

struct PlacedFirm {
  std::int64_t firm;
  std::int64_t row;
  double x;
  double y;
  std::int32_t group;
  std::int32_t region;

  [[nodiscard]] bool has_place() const { return std::isfinite(x) && std::isfinite(y); }
};

/// What is known of a firm in the course of the work.
struct FirmState {
  std::int64_t label = kNoCluster;
  double k_distance_m = std::numeric_limits<double>::quiet_NaN();
  std::int64_t role = 0;  ///< a `Role`, widened so that the record has no padding

  [[nodiscard]] Role role_of() const { return static_cast<Role>(role); }
};

/// A trade link on its way.
struct Link {
  std::int64_t supplier;
  std::int64_t buyer;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::PlacedFirm> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::FirmState> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Link> : std::true_type {};

namespace tradegraph::kernels {

/// Which rank keeps a firm.
class Keepers {
 public:
  /// Collective: one all-gather of three numbers.
  Keepers(const comm::Communicator& comm, std::span<const std::int64_t> firms);

  [[nodiscard]] std::int32_t of(std::int64_t firm) const {
    if (ranks_ == 1) return 0;
    if (first_.empty()) return hashed(firm);
    return rank_[std::max<std::size_t>(firsts_up_to(firm), 1) - 1];
  }
  /// Whether the ranks hold all numbers from `least_number()` on, one rank after the other.
  [[nodiscard]] bool is_in_turn() const { return !first_.empty(); }
  [[nodiscard]] std::int64_t least_number() const { return first_.front(); }

 private:
  [[nodiscard]] std::int32_t hashed(std::int64_t firm) const;
  /// How many of `first_` do not exceed `firm`; of few without a branch to mispredict.
  [[nodiscard]] std::size_t firsts_up_to(std::int64_t firm) const {
    if (first_.size() > 8) {
      const auto after = std::upper_bound(first_.begin(), first_.end(), firm);
      return static_cast<std::size_t>(after - first_.begin());
    }
    std::size_t count = 0;
    for (const auto first : first_) count += first <= firm ? 1 : 0;
    return count;
  }

  int ranks_;
  std::vector<std::int64_t> first_;  ///< number of each rank that has firms; empty = hashed
  std::vector<std::int32_t> rank_;   ///< parallel to `first_`
  std::int64_t end_ = 0;             ///< one after the last number
};

class FirmDirectory {
 public:
  /// Collective. Throws `ErrorKind::bad_input` on all ranks if a firm is on two.
  FirmDirectory(const comm::Communicator& comm, const FirmPlaces& firms);

  /// Rank that keeps a firm.
  [[nodiscard]] std::int32_t rank_of(std::int64_t firm) const { return keepers_.of(firm); }
  /// Whether the ranks keep all numbers from `least_number()` on one after the other, each in
  /// ascending order.
  [[nodiscard]] bool is_in_turn() const { return keepers_.is_in_turn(); }
  [[nodiscard]] std::int64_t least_number() const { return keepers_.least_number(); }
  /// Place of a firm among those kept here; none if it is not.
  [[nodiscard]] std::optional<std::size_t> find(std::int64_t firm) const;

  /// The same as a number, -1 for none; to be asked for many firms in a row.
  [[nodiscard]] std::int64_t position(std::int64_t firm) const { return by_number_.find(firm); }

  /// The firms kept here, in no particular order, and their state.
  [[nodiscard]] const std::vector<PlacedFirm>& firms() const {
    return delivery_ ? delivery_->received() : firms_in_turn_;
  }
  [[nodiscard]] const std::vector<FirmState>& states() const { return states_; }
  [[nodiscard]] std::vector<FirmState>& states() { return states_; }

  /// The states of this rank's FirmPlaces, in their order. Collective.
  [[nodiscard]] std::vector<FirmState> states_at_origin() const;

 private:
  Keepers keepers_;
  std::vector<PlacedFirm> firms_in_turn_;               ///< which stay where they are
  std::optional<comm::Delivery<PlacedFirm>> delivery_;  ///< others
  NumberTable by_number_;
  std::vector<FirmState> states_;
};

}  // namespace tradegraph::kernels
