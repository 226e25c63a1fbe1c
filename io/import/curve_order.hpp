#pragma once
/// Order along a Hilbert curve, over all ranks.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// Cells along each axis are 2^kHilbertOrder.
inline constexpr int kHilbertOrder = 31;

/// Position of cell (x, y), each in [0, 2^31), along the Hilbert curve of order 31, in [0, 2^62).
/// Consecutive positions are neighbouring cells. Hilbert 1891, doi:10.1007/BF01199431.
[[nodiscard]] std::uint64_t hilbert_position(std::uint32_t x, std::uint32_t y);

/// Key of a place that there is not.
inline constexpr std::uint64_t kNoPlaceKey = std::uint64_t{1} << 62;

/// Positions of the places along the curve over the square that bounds all ranks' places;
/// kNoPlaceKey where x is NaN. Collective: one small all-reduce.
[[nodiscard]] std::vector<std::uint64_t> curve_keys(const comm::Communicator& comm,
                                                    std::span<const double> x,
                                                    std::span<const double> y);

/// Where this rank's items go when all ranks' items are ordered by (key, rank, index) and cut into
/// slices of equal length: rank r gets positions [n r / p, n (r+1) / p).
struct CurveOrder {
  std::vector<std::int64_t> order;        ///< this rank's items in that order
  std::vector<std::int32_t> destination;  ///< rank of order[i]; ascending
};

/// Collective. Exact splitters by bisection over the key's bits: one all-reduce of p - 1 counts a
/// bit, none at one rank.
[[nodiscard]] CurveOrder order_by_key(const comm::Communicator& comm,
                                      std::span<const std::uint64_t> keys);

}  // namespace tradegraph::io
