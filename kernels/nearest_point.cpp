#include "kernels/nearest_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tradegraph::kernels {

namespace {

constexpr std::size_t kLeafSize = 16;

}  // namespace

NearestPoint::NearestPoint(std::vector<Place> places) : places_(std::move(places)) {
  nodes_.push_back(node_of(0, places_.size()));
}

NearestPoint::Node NearestPoint::node_of(std::size_t first, std::size_t last) const {
  Node node{{}, first, last, 0};
  for (auto p = first; p < last; ++p) node.box.include(places_[p].x, places_[p].y);
  return node;
}

void NearestPoint::split(std::size_t i) {
  const auto node = nodes_[i];
  const bool wide = node.box.max_x - node.box.min_x >= node.box.max_y - node.box.min_y;
  const auto middle = node.first + (node.last - node.first) / 2;
  const auto at = [this](std::size_t p) {
    return places_.begin() + static_cast<std::ptrdiff_t>(p);
  };
  std::nth_element(at(node.first), at(middle), at(node.last),
                   [wide](const Place& a, const Place& b) { return wide ? a.x < b.x : a.y < b.y; });
  nodes_[i].left = nodes_.size();
  nodes_.push_back(node_of(node.first, middle));
  nodes_.push_back(node_of(middle, node.last));
}

double NearestPoint::squared_distance_to(Place place, double bound) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  double best = std::nextafter(bound, kNone);
  if (!places_.empty()) search(0, place, best);
  if (best <= bound) return best;
  return kNone;
}

void NearestPoint::search(std::size_t i, Place place, double& best) {
  const auto& node = nodes_[i];
  if (least_squared_distance(place, node.box) >= best) return;
  if (node.box.is_point()) {
    best = least_squared_distance(place, node.box);
    return;
  }
  if (node.last - node.first <= kLeafSize) {
    for (auto p = node.first; p < node.last; ++p) {
      best = std::min(best, squared_distance(place.x, place.y, places_[p].x, places_[p].y));
    }
    return;
  }
  if (node.left == 0) split(i);
  const auto left = nodes_[i].left;  // `node` may dangle
  const bool right_first = least_squared_distance(place, nodes_[left + 1].box) <
                           least_squared_distance(place, nodes_[left].box);
  search(left + (right_first ? 1 : 0), place, best);
  search(left + (right_first ? 0 : 1), place, best);
}

}  // namespace tradegraph::kernels
