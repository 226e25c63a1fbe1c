#pragma once
/// Trading pairs of a sweep, near enough to matter at its largest eps, by point.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/dbscan_stages.hpp"
#include "kernels/eps_levels.hpp"

namespace tradegraph::kernels {

struct TradePartner {
  double ratio;         ///< d^2 / stretch^2
  std::uint32_t point;  ///< the partner
  Level trade;          ///< level from which on the two are neighbours
  Level plain;          ///< level from which on they would be without trade
};

class TradePartners {
 public:
  /// `close` holds the distinct pairs by point, of `points` points.
  TradePartners(std::size_t points, const std::vector<ClosePair>& close, const EpsLevels& levels,
                double stretch_squared);

  [[nodiscard]] std::span<const TradePartner> of(std::size_t point) const {
    if (first_.empty()) return {};
    return std::span(partners_).subspan(first_[point], first_[point + 1] - first_[point]);
  }
  [[nodiscard]] bool empty() const { return partners_.empty(); }

  /// Neighbours at `level` that a point has only by trade.
  [[nodiscard]] std::int64_t extra(std::size_t point, Level level) const {
    std::int64_t count = 0;
    for (const auto& partner : of(point)) {
      count += partner.trade <= level && level < partner.plain ? 1 : 0;
    }
    return count;
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<TradePartner> partners_;
};

}  // namespace tradegraph::kernels
