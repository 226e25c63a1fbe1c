#include "kernels/matching.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/base/error.hpp"
#include "kernels/assignment.hpp"

namespace tradegraph::kernels {

namespace {

using Profile = std::map<std::int64_t, double>;

std::map<Label, Profile> profiles_by_label(const std::vector<Tally>& tallies) {
  std::map<Label, Profile> profiles;
  for (const auto& tally : tallies) {
    if (tally.label != kNoCluster) {
      profiles[tally.label][tally.key] = static_cast<double>(tally.count);
    }
  }
  return profiles;
}

double squared_length(const Profile& profile) {
  double sum = 0;
  for (const auto& [key, count] : profile) sum += count * count;
  return sum;
}

/// Sums are of integers, exact up to 2^53.
double cosine(const Profile& a, const Profile& b) {
  double product = 0;
  for (const auto& [key, count] : a) {
    const auto found = b.find(key);
    if (found != b.end()) product += count * found->second;
  }
  return std::min(1.0, ratio(product, std::sqrt(squared_length(a) * squared_length(b))));
}

double share(std::int64_t part, std::int64_t whole) {
  return ratio(static_cast<double>(part), static_cast<double>(whole));
}

double or_zero(double value) { return std::isnan(value) ? 0 : value; }

ClusterPair make_pair(Label a, Label b, double similarity, const SharedKeys& cells,
                      const SharedKeys& firms, MatchBy by) {
  ClusterPair pair{a, b, cells.jaccard(a, b), similarity, firms.jaccard(a, b), 1, 0, 0};
  const auto& counted = by == MatchBy::firms ? firms : cells;
  const double alike = by == MatchBy::firms ? 1 : similarity;
  const auto both = counted.both(a, b);
  pair.cost = 1 - or_zero(alike * counted.jaccard(a, b));
  pair.share_of_a = or_zero(alike * share(both, counted.of_a[static_cast<std::size_t>(a)]));
  pair.share_of_b = or_zero(alike * share(both, counted.of_b[static_cast<std::size_t>(b)]));
  return pair;
}

/// What is gained over leaving both alone, in units of 2^-40.
std::int64_t gain(const ClusterPair& pair, const MatchConfig& config) {
  return std::llround(std::ldexp(config.max_cost - pair.cost, 40));
}

std::vector<std::int64_t> assign(const std::vector<ClusterPair>& pairs, std::size_t clusters_a,
                                 std::size_t clusters_b, const MatchConfig& config) {
  std::vector<Candidate> candidates;
  for (const auto& pair : pairs) {
    if (const auto units = gain(pair, config); units > 0) {
      candidates.push_back({pair.a, pair.b, units});
    }
  }
  return best_assignment(static_cast<std::int64_t>(clusters_a),
                         static_cast<std::int64_t>(clusters_b), candidates);
}

/// What a pair goes through, by the first that holds.
Event event_of(bool is_promoted, bool is_demoted, bool is_split, bool is_merged) {
  if (is_promoted) return Event::promoted;
  if (is_demoted) return Event::demoted;
  if (is_split) return Event::split;
  return is_merged ? Event::merged : Event::continued;
}

std::vector<std::int64_t> holders(std::size_t clusters, const std::vector<ClusterPair>& pairs,
                                  Label ClusterPair::*label, double ClusterPair::*part,
                                  double least) {
  std::vector<std::int64_t> count(clusters, 0);
  for (const auto& pair : pairs) {
    if (pair.*part >= least) ++count[static_cast<std::size_t>(pair.*label)];
  }
  return count;
}

}  // namespace

void MatchConfig::validate() const {
  require(max_cost > 0 && max_cost <= 1, ErrorKind::usage, "max_cost must be above 0, at most 1");
  require(split_share > 0 && split_share <= 1, ErrorKind::usage,
          "split_share must be above 0, at most 1");
}

const char* name(Event event) {
  constexpr const char* kNames[] = {"continued", "born",     "died",   "split",
                                    "merged",    "promoted", "demoted"};
  return kNames[static_cast<std::size_t>(event)];
}

std::vector<ClusterPair> cluster_pairs(const SharedKeys& cells, const SharedKeys& firms,
                                       const std::vector<Tally>& profiles_a,
                                       const std::vector<Tally>& profiles_b, MatchBy by) {
  std::vector<std::pair<Label, Label>> meeting;
  for (const auto& pair : cells.pairs) meeting.emplace_back(pair.a, pair.b);
  for (const auto& pair : firms.pairs) meeting.emplace_back(pair.a, pair.b);
  std::sort(meeting.begin(), meeting.end());
  meeting.erase(std::unique(meeting.begin(), meeting.end()), meeting.end());
  auto of_a = profiles_by_label(profiles_a);
  auto of_b = profiles_by_label(profiles_b);
  std::vector<ClusterPair> pairs;
  for (const auto& [a, b] : meeting) {
    pairs.push_back(make_pair(a, b, cosine(of_a[a], of_b[b]), cells, firms, by));
  }
  return pairs;
}

std::vector<Match> match_clusters(const std::vector<ClusterPair>& pairs,
                                  const std::vector<std::uint8_t>& selected_a,
                                  const std::vector<std::uint8_t>& selected_b,
                                  const MatchConfig& config) {
  config.validate();
  const auto assigned = assign(pairs, selected_a.size(), selected_b.size(), config);
  const auto successors = holders(selected_a.size(), pairs, &ClusterPair::a,
                                  &ClusterPair::share_of_a, config.split_share);
  const auto predecessors = holders(selected_b.size(), pairs, &ClusterPair::b,
                                    &ClusterPair::share_of_b, config.split_share);
  std::vector<bool> has_future(selected_a.size(), false);
  std::vector<bool> has_past(selected_b.size(), false);
  std::vector<Match> matches;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& pair = pairs[i];
    const auto a = static_cast<std::size_t>(pair.a);
    const auto b = static_cast<std::size_t>(pair.b);
    Match match{pair.a,
                pair.b,
                Event::continued,
                assigned[a] == pair.b,
                successors[a],
                predecessors[b],
                static_cast<std::int64_t>(i)};
    const bool is_split = pair.share_of_a >= config.split_share && successors[a] >= 2;
    const bool is_merged = pair.share_of_b >= config.split_share && predecessors[b] >= 2;
    if (!match.matched && !is_split && !is_merged) continue;
    const bool before = selected_a[a] != 0;
    const bool now = selected_b[b] != 0;
    match.event = event_of(match.matched && now && !before, match.matched && before && !now,
                           is_split, is_merged);
    has_future[a] = has_past[b] = true;
    matches.push_back(match);
  }
  for (std::size_t a = 0; a < has_future.size(); ++a) {
    if (has_future[a]) continue;
    matches.push_back(
        {static_cast<Label>(a), kNoCluster, Event::died, false, successors[a], 0, -1});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& x, const Match& y) { return x.a < y.a; });
  for (std::size_t b = 0; b < has_past.size(); ++b) {
    if (has_past[b]) continue;
    matches.push_back(
        {kNoCluster, static_cast<Label>(b), Event::born, false, 0, predecessors[b], -1});
  }
  return matches;
}

}  // namespace tradegraph::kernels
