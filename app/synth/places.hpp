#pragma once
/// The places of a synthetic nation: its cities and counties.

#include <span>

namespace tradegraph::app::synth {

struct City {
  int large_region;  ///< 0..6: capital area, Gangwon, Chungcheong, Honam, Daegyeong, south-east,
                     ///< Jeju
  const char* code;  ///< the first two digits are the province, column `province` of the firms
  const char* name;  ///< column `region` of the firms; no two the same
  double longitude;
  double latitude;
  double area_km2;
  double weight;  ///< inhabitants in millions, approximate
};

inline constexpr int kLargeRegions = 7;

/// Ordered by large region, then by code.
[[nodiscard]] std::span<const City> cities();

}  // namespace tradegraph::app::synth
