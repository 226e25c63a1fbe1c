#include <algorithm>
#include <cmath>
#include <string_view>

#include "app/synth/agglomerations.hpp"
#include "app/synth/class_shares.hpp"
#include "app/synth/draw.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr double kMetresADegree = 111000;

Point moved(const Point& place, double east_m, double north_m) {
  const double metres_a_longitude = kMetresADegree * std::cos(place.latitude * M_PI / 180);
  return {place.longitude + east_m / metres_a_longitude, place.latitude + north_m / kMetresADegree};
}

/// Clusters that stretch over several towns.
void shape(Agglomeration& a) {
  const std::string_view name = a.published->key;
  const Point centre{a.published->longitude, a.published->latitude};
  a.cores = {centre};
  a.radius_m = 700 + 20 * std::sqrt(a.published->firms);
  if (name == "busan-ulsan-gyeongnam-shipbuilding-automotive") {
    // Changwon, Gimhae, western Busan, Yangsan, Ulsan.
    a.cores = {{128.63, 35.22}, {128.86, 35.25}, {128.98, 35.15}, {129.04, 35.36}, {129.33, 35.53}};
    a.radius_m = 1800;
    a.corridor_share = 0.48;
  } else if (name == "suwon-hwaseong-yongin-electronics") {
    a.cores = {moved(centre, -5000, -1000), centre, moved(centre, 5000, 1000)};
    a.corridor_share = 0.4;
  } else if (std::ranges::count(std::string_view(a.published->name), '-') > 0) {
    if (a.published->firms < 700) return;
    a.cores = {moved(centre, -2500, 0), moved(centre, 2500, 0)};
    a.corridor_share = 0.35;
  } else if (name == "gangnam-services") {
    a.radius_m = 2000;
  } else if (name == "seongsu-services") {
    a.radius_m = 900;
  } else if (name == "hongdae-services") {
    a.radius_m = 1500;
  }
}

std::int64_t scaled(double count, const Setting& setting, std::int64_t fewest) {
  return std::max(fewest, whole(count * static_cast<double>(setting.firms) / 1e6));
}

/// Nodes that go with links and inclusiveness; what the source leaves free is set to 1.25 links a
/// participant where there are so many firms.
Size size_of(std::int64_t firms, std::int64_t links, double inclusiveness) {
  Size size;
  size.firms = firms;
  const double most = inclusiveness * 0.8 * static_cast<double>(firms);
  const double participants = std::min(1.25 * static_cast<double>(links), most);
  size.nodes = std::clamp<std::int64_t>(whole(participants / inclusiveness), kFewestNodes, firms);
  size.participants = whole(inclusiveness * static_cast<double>(size.nodes));
  size.links = std::max(links, (size.participants + 1) / 2);
  return size;
}

/// Ranks of the first year run over all agglomerations; inclusiveness falls linearly with them.
double inclusiveness_in_first_year(int rank) {
  return rank <= 40 ? 0.85 - 0.0125 * (rank - 1) : 0.16 - 0.0018 * (rank - 61);
}

Size size_before(const Size& now, int rank) {
  Size size;
  const double inclusiveness = inclusiveness_in_first_year(rank);
  size.firms = now.firms * 9 / 10;
  size.nodes = now.nodes * 9 / 10;
  size.participants =
      std::max<std::int64_t>(2, whole(inclusiveness * static_cast<double>(size.nodes)));
  const auto wanted = rank <= 40 ? now.links * 8 / 10 : size.participants * 9 / 10;
  const auto pairs = size.participants * (size.participants - 1) / 2;
  size.links = std::clamp(wanted, (size.participants + 1) / 2, std::max<std::int64_t>(1, pairs));
  return size;
}

/// The mean over nodes of the share of links inside, in the order of the published external reach
/// (z-scores from -4.8 to 0.3): 0.72 for the most closed, 0.1 for the most open.
double share_inside(const PublishedCluster& published) {
  const double closed = (0.303 - published.external_reach) / 5.116;
  return std::min(0.10 + 0.62 * closed, 0.92 * published.inclusiveness);
}

int nearest_city(const Point& place) {
  int nearest = 0;
  double best = 1e300;
  for (std::size_t c = 0; c < cities().size(); ++c) {
    const double d = distance_m(place, {cities()[c].longitude, cities()[c].latitude});
    if (d < best) {
      best = d;
      nearest = static_cast<int>(c);
    }
  }
  return nearest;
}

}  // namespace

std::vector<Agglomeration> published_agglomerations(const Setting& setting) {
  std::vector<Agglomeration> all;
  for (const auto& published : published_clusters()) {
    auto& a = all.emplace_back();
    a.name = published.name;
    a.published = &published;
    a.group = published.group;
    shape(a);
    a.city = nearest_city({published.longitude, published.latitude});
    const bool is_downtown = a.group == 10 || a.group == 11 || a.group == 13 || a.group == 14;
    a.address_share = is_downtown ? 0.4 : 0;
    a.last = size_of(scaled(published.firms, setting, kFewestMembers),
                     scaled(published.links, setting, kFewestLinks), published.inclusiveness);
    a.first = size_before(a.last, published.rank_2010);
    a.share_in = share_inside(published);
    a.class_shares = shares_of_variety(a.group, 1.0 + 0.72 * (published.related_variety + 1.7));
    a.related_variety = related_variety(a.group, a.class_shares);
  }
  return all;
}

}  // namespace tradegraph::app::synth
