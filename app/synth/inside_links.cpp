#include "app/synth/inside_links.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "app/synth/draw.hpp"
#include "app/synth/renewal.hpp"

namespace tradegraph::app::synth {

namespace {

/// Draws the partners of one participant after the other.
class Chooser {
 public:
  Chooser(std::uint64_t seed, double exponent, std::int64_t year)
      : seed_(seed), exponent_(exponent), year_(year) {}

  /// Up to `count` of the participants before `rank`; the first of them is `given` if not negative.
  const std::vector<std::int32_t>& partners(std::int64_t rank, std::int64_t count,
                                            std::int64_t given) {
    chosen_.clear();
    for (std::int64_t k = 0; k < std::min(count, rank); ++k) {
      const bool is_given = k == 0 && given >= 0;
      const auto partner = is_given ? given : draw(rank, k);
      chosen_.push_back(static_cast<std::int32_t>(partner));
    }
    return chosen_;
  }
  [[nodiscard]] bool supplies(std::int64_t rank, std::int64_t partner) const {
    return uniform(key(seed_, rank, partner, 7)) < 0.5;
  }

 private:
  /// A partner that is not chosen yet: the first of some draws, or the next one free.
  [[nodiscard]] std::int64_t draw(std::int64_t rank, std::int64_t k) const {
    const auto slot = key(seed_, rank, k);
    const auto since = renewed(slot, kLinkHazard, year_, kOldestLink);
    std::int64_t partner = 0;
    for (int attempt = 0; attempt < 12; ++attempt) {
      partner = draw_by_rank(uniform(key(slot, since, attempt)), rank, exponent_, 2);
      if (is_free(partner)) return partner;
    }
    while (!is_free(partner)) partner = partner + 1 == rank ? 0 : partner + 1;
    return partner;
  }
  [[nodiscard]] bool is_free(std::int64_t partner) const {
    return std::ranges::find(chosen_, static_cast<std::int32_t>(partner)) == chosen_.end();
  }

  std::uint64_t seed_;
  double exponent_;
  std::int64_t year_;
  std::vector<std::int32_t> chosen_;
};

}  // namespace

std::vector<InsideLink> inside_links(std::uint64_t seed, const Size& size, double rank_exponent,
                                     std::int64_t year) {
  std::vector<InsideLink> links;
  if (size.participants < 2 || size.links < 1) return links;
  const auto roots = std::max<std::int64_t>(1, size.participants - size.links);
  const auto choosers = size.participants - roots;
  const auto each = size.links / choosers;
  const auto more = size.links % choosers;
  Chooser chooser(seed, rank_exponent, year);
  for (std::int64_t i = 0; i < choosers; ++i) {
    const auto rank = roots + i;
    const auto count = each + (permute(seed, choosers, i) < more ? 1 : 0);
    for (const auto partner : chooser.partners(rank, count, i < roots ? i : -1)) {
      const auto own = static_cast<std::int32_t>(rank);
      links.push_back(chooser.supplies(rank, partner) ? InsideLink{own, partner}
                                                      : InsideLink{partner, own});
    }
  }
  return links;
}

std::vector<std::int32_t> inside_degrees(const std::vector<InsideLink>& links,
                                         std::int64_t participants) {
  std::vector<std::int32_t> degrees(static_cast<std::size_t>(participants));
  for (const auto& link : links) {
    ++degrees[static_cast<std::size_t>(link.supplier)];
    ++degrees[static_cast<std::size_t>(link.buyer)];
  }
  return degrees;
}

double hierarchy_of(std::vector<std::int32_t> degrees) {
  std::erase_if(degrees, [](std::int32_t degree) { return degree <= 0; });
  if (degrees.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(degrees, std::greater());
  const auto n = static_cast<double>(degrees.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    const double rank = std::log(static_cast<double>(i + 1));
    const double degree = std::log(static_cast<double>(degrees[i]));
    x += rank;
    y += degree;
    xx += rank * rank;
    xy += rank * degree;
  }
  return -(n * xy - x * y) / (n * xx - x * x);
}

}  // namespace tradegraph::app::synth
