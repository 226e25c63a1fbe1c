#pragma once
/// Nearest of a set of places, exact to the last bit of the squared distance.

#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/box.hpp"

namespace tradegraph::kernels {

/// A k-d tree that is stored as a permutation: halves by the median of the longer side, where a
/// search comes to. O(n) to build; O(n log n) for all searches to split, linear memory.
class NearestPoint {
 public:
  explicit NearestPoint(std::vector<Place> places);

  /// Least squared distance in double from `place`; infinity if it is above `bound` or the set is
  /// empty. O(log n) for places that are not adversarial.
  [[nodiscard]] double squared_distance_to(Place place,
                                           double bound = std::numeric_limits<double>::infinity());

 private:
  struct Node {
    Box box;
    std::size_t first;
    std::size_t last;
    std::size_t left;  ///< children are `left` and `left + 1`; 0 = none, or none yet
  };
  [[nodiscard]] Node node_of(std::size_t first, std::size_t last) const;
  void split(std::size_t i);
  void search(std::size_t i, Place place, double& best);

  std::vector<Place> places_;
  std::vector<Node> nodes_;
};

}  // namespace tradegraph::kernels
