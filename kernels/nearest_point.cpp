#include "kernels/nearest_point.hpp"

#include <algorithm>
#include <limits>

namespace tradegraph::kernels {

namespace {

constexpr std::size_t kLeafSize = 16;

}  // namespace

NearestPoint::NearestPoint(std::vector<Place> places) : places_(std::move(places)) {
  nodes_.push_back({{}, 0, places_.size(), 0});
  for (std::size_t node = 0; node < nodes_.size(); ++node) split(node);
}

void NearestPoint::split(std::size_t i) {
  auto& node = nodes_[i];
  for (auto p = node.first; p < node.last; ++p) node.box.include(places_[p].x, places_[p].y);
  if (node.last - node.first <= kLeafSize || node.box.is_point()) return;
  const bool wide = node.box.max_x - node.box.min_x >= node.box.max_y - node.box.min_y;
  const auto first = node.first;
  const auto last = node.last;
  const auto middle = first + (last - first) / 2;
  const auto at = [this](std::size_t p) {
    return places_.begin() + static_cast<std::ptrdiff_t>(p);
  };
  std::nth_element(at(first), at(middle), at(last),
                   [wide](const Place& a, const Place& b) { return wide ? a.x < b.x : a.y < b.y; });
  node.left = nodes_.size();
  nodes_.push_back({{}, first, middle, 0});  // `node` may dangle from here
  nodes_.push_back({{}, middle, last, 0});
}

double NearestPoint::squared_distance_to(Place place) const {
  double best = std::numeric_limits<double>::infinity();
  if (!places_.empty()) search(0, place, best);
  return best;
}

void NearestPoint::search(std::size_t i, Place place, double& best) const {
  const auto& node = nodes_[i];
  if (least_squared_distance(place, node.box) >= best) return;
  if (node.box.is_point()) {
    best = least_squared_distance(place, node.box);
    return;
  }
  if (node.left == 0) {
    for (auto p = node.first; p < node.last; ++p) {
      best = std::min(best, squared_distance(place.x, place.y, places_[p].x, places_[p].y));
    }
    return;
  }
  const bool right_first = least_squared_distance(place, nodes_[node.left + 1].box) <
                           least_squared_distance(place, nodes_[node.left].box);
  search(node.left + (right_first ? 1 : 0), place, best);
  search(node.left + (right_first ? 0 : 1), place, best);
}

}  // namespace tradegraph::kernels
