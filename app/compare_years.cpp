#include <algorithm>
#include <numeric>

#include "app/study.hpp"

namespace tradegraph::app {

namespace {

YearMatch match(const comm::ProcessGrid& grid, const YearResult& a, const YearResult& b,
                const CompareOptions& options) {
  return match_years(grid.group(), a.panel, b.panel, a.diagnosis.screened, b.diagnosis.screened,
                     options);
}

/// `partner`: label in the reference year of each cluster.
void carry(const Diagnosis& reference, const std::vector<Label>& partner, Diagnosis& year) {
  year.reference_label = partner;
  for (std::size_t c = 0; c < partner.size(); ++c) {
    year.selected[c] =
        partner[c] == kNoCluster ? 0 : reference.selected[static_cast<std::size_t>(partner[c])];
  }
}

}  // namespace

std::vector<YearMatch> compare_years(const comm::ProcessGrid& grid, std::vector<YearResult>& years,
                                     std::int64_t reference_year, const CompareOptions& options) {
  std::vector<std::size_t> order(years.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return years[a].diagnosis.year < years[b].diagnosis.year;
  });
  std::vector<YearMatch> matches;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    matches.push_back(match(grid, years[order[i]], years[order[i + 1]], options));
  }
  const auto is_reference = [&](std::size_t i) {
    return years[i].diagnosis.year == reference_year;
  };
  const auto at = static_cast<std::size_t>(std::find_if(order.begin(), order.end(), is_reference) -
                                           order.begin());
  const auto& reference = years[order[at]];
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& year = years[order[i]];
    if (i + 1 == at) carry(reference.diagnosis, partner_in_b(matches[i]), year.diagnosis);
    if (i == at + 1) carry(reference.diagnosis, partner_in_a(matches[at]), year.diagnosis);
    if (i + 1 < at) {
      carry(reference.diagnosis, partner_in_b(match(grid, year, reference, options)),
            year.diagnosis);
    }
    if (i > at + 1) {
      carry(reference.diagnosis, partner_in_a(match(grid, reference, year, options)),
            year.diagnosis);
    }
  }
  return matches;
}

}  // namespace tradegraph::app
