#pragma once
/// Firms by number: every rank keeps those whose number hashes to it, so that any rank can find out
/// where a firm is without a table of all firms.

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

class FirmDirectory {
 public:
  /// Collective. Throws `ErrorKind::bad_input` on all ranks if a firm is on two.
  FirmDirectory(const comm::Communicator& comm, const FirmPlaces& firms);

  /// Rank that keeps a firm.
  [[nodiscard]] std::int32_t rank_of(std::int64_t firm) const;
  /// Place of a firm among those kept here; none if it is not.
  [[nodiscard]] std::optional<std::size_t> find(std::int64_t firm) const;

  /// The firms kept here, in no particular order, and their state.
  [[nodiscard]] const std::vector<PlacedFirm>& firms() const { return delivery_.received(); }
  [[nodiscard]] const std::vector<FirmState>& states() const { return states_; }
  [[nodiscard]] std::vector<FirmState>& states() { return states_; }

  /// The states of this rank's FirmPlaces, in their order. Collective.
  [[nodiscard]] std::vector<FirmState> states_at_origin() const;

 private:
  const comm::Communicator& comm_;
  comm::Delivery<PlacedFirm> delivery_;
  NumberTable by_number_;
  std::vector<FirmState> states_;
};

}  // namespace tradegraph::kernels
