#include "kernels/trade_partners.hpp"

namespace tradegraph::kernels {

TradePartners::TradePartners(std::size_t points, const std::vector<ClosePair>& close,
                             const EpsLevels& levels, double stretch_squared) {
  if (close.empty()) return;
  first_.assign(points + 1, 0);
  for (const auto& pair : close) {
    ++first_[static_cast<std::size_t>(pair.first) + 1];
    ++first_[static_cast<std::size_t>(pair.second) + 1];
  }
  for (std::size_t i = 0; i < points; ++i) first_[i + 1] += first_[i];
  partners_.resize(first_.back());
  auto next = first_;
  for (const auto& pair : close) {
    TradePartner partner{pair.squared_distance / stretch_squared, 0,
                         levels.of_trade(pair.squared_distance), levels.of(pair.squared_distance)};
    const auto i = static_cast<std::size_t>(pair.first);
    const auto j = static_cast<std::size_t>(pair.second);
    partner.point = static_cast<std::uint32_t>(j);
    partners_[next[i]++] = partner;
    partner.point = static_cast<std::uint32_t>(i);
    partners_[next[j]++] = partner;
  }
}

}  // namespace tradegraph::kernels
