#pragma once
/// The eps of a sweep as small integers: level e means "within reach at the e-th eps and at all
/// later ones".
///
/// A level is found by the very comparison that `dbscan` makes at each eps, so it loses nothing:
/// d^2 <= fl(eps_e^2) if and only if of(d^2) <= e, and likewise for trading pairs with
/// fl(fl(stretch*eps_e)^2). Rounding is monotone, so both thresholds ascend with eps and no trading
/// pair has a level above its plain one.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

using Level = std::uint16_t;

class EpsLevels {
 public:
  /// `eps_m` ascending, distinct, at most 65,000 of them; throws `ErrorKind::usage` otherwise.
  EpsLevels(std::span<const double> eps_m, double stretch);

  /// Number of levels; as a level: "at none of them".
  [[nodiscard]] Level count() const { return static_cast<Level>(eps_m_.size()); }
  [[nodiscard]] double eps_m(std::size_t level) const { return eps_m_[level]; }
  /// fl(eps^2).
  [[nodiscard]] double squared(std::size_t level) const { return squared_[level]; }
  /// First level at which two firms at this squared distance are neighbours without trade.
  [[nodiscard]] Level of(double squared_distance) const {
    if (!(squared_distance <= top_)) return count();
    auto level = start_[static_cast<std::size_t>(squared_distance * scale_)];
    while (squared_[level] < squared_distance) ++level;
    return level;
  }
  /// Likewise for two firms that trade.
  [[nodiscard]] Level of_trade(double squared_distance) const;

 private:
  std::vector<double> eps_m_;
  std::vector<double> squared_;
  std::vector<double> stretched_squared_;
  double top_ = 0;
  double scale_ = 0;          ///< squared distance -> bucket
  std::vector<Level> start_;  ///< by bucket: no squared distance in it has a lower level
};

}  // namespace tradegraph::kernels
