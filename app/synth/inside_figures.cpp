#include "app/synth/inside_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tradegraph::app::synth {

namespace {

/// Partners of each participant, in either direction.
struct Partners {
  std::vector<std::size_t> first;
  std::vector<std::int32_t> partner;
};

Partners partners_of(const std::vector<InsideLink>& links, std::int64_t participants) {
  const auto degrees = inside_degrees(links, participants);
  Partners result{{0}, {}};
  for (const auto degree : degrees) {
    result.first.push_back(result.first.back() + static_cast<std::size_t>(degree));
  }
  result.partner.resize(result.first.back());
  auto at = result.first;
  for (const auto& link : links) {
    result.partner[at[static_cast<std::size_t>(link.supplier)]++] = link.buyer;
    result.partner[at[static_cast<std::size_t>(link.buyer)]++] = link.supplier;
  }
  return result;
}

/// Breadth-first searches; counts[d] grows by the participants at distance d.
class Search {
 public:
  explicit Search(const Partners& partners)
      : partners_(partners), seen_(partners.first.size() - 1, -1) {}

  void from(std::int32_t source) {
    queue_ = {source};
    seen_[static_cast<std::size_t>(source)] = source;
    std::size_t done = 0;
    for (std::size_t d = 1; done < queue_.size(); ++d) {
      const auto end = queue_.size();
      for (; done < end; ++done) reach(queue_[done], source);
      if (counts_.size() <= d) counts_.resize(d + 1);
      counts_[d] += static_cast<std::int64_t>(queue_.size() - end);
    }
  }
  [[nodiscard]] const std::vector<std::int64_t>& counts() const { return counts_; }

 private:
  void reach(std::int32_t firm, std::int32_t source) {
    const auto i = static_cast<std::size_t>(firm);
    for (auto k = partners_.first[i]; k < partners_.first[i + 1]; ++k) {
      auto& seen = seen_[static_cast<std::size_t>(partners_.partner[k])];
      if (seen == source) continue;
      seen = source;
      queue_.push_back(partners_.partner[k]);
    }
  }

  const Partners& partners_;
  std::vector<std::int32_t> seen_;  ///< the last search that came by
  std::vector<std::int32_t> queue_;
  std::vector<std::int64_t> counts_;
};

}  // namespace

double internal_reach(const std::vector<InsideLink>& links, const Size& size) {
  if (size.nodes < 2) return std::numeric_limits<double>::quiet_NaN();
  const auto partners = partners_of(links, size.participants);
  const auto sources = std::min(size.participants, kMostSources);
  std::vector<std::int64_t> counts;
#pragma omp parallel
  {
    Search search(partners);
#pragma omp for schedule(dynamic, 16)
    for (std::int64_t k = 0; k < sources; ++k) {
      search.from(static_cast<std::int32_t>(k * size.participants / sources));
    }
#pragma omp critical(tradegraph_synth_distances)
    {
      counts.resize(std::max(counts.size(), search.counts().size()));
      for (std::size_t d = 0; d < search.counts().size(); ++d) counts[d] += search.counts()[d];
    }
  }
  double sum = 0;
  for (std::size_t d = 1; d < counts.size(); ++d) {
    sum += static_cast<double>(counts[d]) / static_cast<double>(d);
  }
  const auto nodes = static_cast<double>(size.nodes);
  return sum * static_cast<double>(size.participants) / static_cast<double>(sources) /
         (nodes * (nodes - 1));
}

double disassortativity(const std::vector<InsideLink>& links,
                        const std::vector<std::int32_t>& degrees) {
  std::vector<double> sums(degrees.size());
  for (const auto& link : links) {
    const auto a = static_cast<std::size_t>(link.supplier);
    const auto b = static_cast<std::size_t>(link.buyer);
    sums[a] += degrees[b];
    sums[b] += degrees[a];
  }
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    if (degrees[i] == 0) continue;
    const double k = degrees[i];
    const double mean = sums[i] / k;
    n += 1;
    x += k;
    y += mean;
    xx += k * k;
    yy += mean * mean;
    xy += k * mean;
  }
  const double spread = (n * xx - x * x) * (n * yy - y * y);
  return spread > 1e-9 * n * n ? -(n * xy - x * y) / std::sqrt(spread)
                               : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace tradegraph::app::synth
