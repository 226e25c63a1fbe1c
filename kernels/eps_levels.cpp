#include "kernels/eps_levels.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::size_t kMostLevels = 65000;
constexpr std::size_t kBuckets = 1024;

}  // namespace

EpsLevels::EpsLevels(std::span<const double> eps_m, double stretch)
    : eps_m_(eps_m.begin(), eps_m.end()) {
  require(!eps_m_.empty() && eps_m_.size() <= kMostLevels, ErrorKind::usage,
          "a sweep takes 1 to 65000 values of eps");
  require(std::adjacent_find(eps_m_.begin(), eps_m_.end(), std::greater_equal<>()) == eps_m_.end(),
          ErrorKind::usage, "the values of eps must ascend");
  for (const auto eps : eps_m_) {
    squared_.push_back(eps * eps);
    stretched_squared_.push_back((stretch * eps) * (stretch * eps));
  }
  top_ = squared_.back();
  scale_ = static_cast<double>(kBuckets) / top_;
  // A squared distance is never above its level's threshold, and the product that makes the bucket
  // is monotone: so the level's bucket is not below the distance's.
  for (std::size_t bucket = 0; bucket <= kBuckets; ++bucket) {
    const auto reaches = [&](double threshold) {
      return static_cast<std::size_t>(threshold * scale_) >= bucket;
    };
    const auto first = std::find_if(squared_.begin(), squared_.end(), reaches);
    start_.push_back(static_cast<Level>(std::min(first, squared_.end() - 1) - squared_.begin()));
  }
}

Level EpsLevels::of_trade(double squared_distance) const {
  const auto first =
      std::lower_bound(stretched_squared_.begin(), stretched_squared_.end(), squared_distance);
  return static_cast<Level>(first - stretched_squared_.begin());
}

}  // namespace tradegraph::kernels
