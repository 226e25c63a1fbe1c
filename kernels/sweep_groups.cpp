#include "kernels/sweep_groups.hpp"

#include <omp.h>

#include <map>
#include <numeric>
#include <utility>

#include "engine/base/parallel.hpp"
#include "engine/base/slices.hpp"

namespace tradegraph::kernels {

std::vector<SweepGroup> sweep_groups(const WholeNation& nation) {
  std::map<std::int32_t, std::size_t> firms;
  for (const auto code : nation.group) {
    if (code >= 0) ++firms[code];
  }
  std::map<std::int32_t, SweepGroup> groups;
  for (const auto& [code, count] : firms) {
    auto& group = groups[code];
    group.code = code;
    group.firm.reserve(count);
    group.x_m.reserve(count);
    group.y_m.reserve(count);
    group.row.reserve(count);
  }
  for (std::size_t i = 0; i < nation.firms(); ++i) {
    if (nation.group[i] < 0) continue;
    auto& group = groups[nation.group[i]];
    group.firm.push_back(static_cast<std::uint32_t>(i));
    group.x_m.push_back(nation.x_m[i]);
    group.y_m.push_back(nation.y_m[i]);
    group.row.push_back(nation.row[i]);
  }
  std::vector<SweepGroup> result;
  for (auto& [code, group] : groups) result.push_back(std::move(group));
  return result;
}

GroupTrade::GroupTrade(const WholeNation& nation, const std::vector<SweepGroup>& groups)
    : nation_(nation), place_(static_cast<std::int64_t>(nation.firms())) {
  for (const auto& group : groups) {
    for (std::size_t p = 0; p < group.firm.size(); ++p) {
      place_[group.firm[p]] = static_cast<std::uint32_t>(p);
    }
  }
}

template <class Use>
void GroupTrade::for_pairs(const SweepGroup& group, std::int64_t begin, std::int64_t end,
                           Use&& use) const {
  for (auto p = begin; p < end; ++p) {
    for (const auto j : nation_.buyers.of(group.firm[static_cast<std::size_t>(p)])) {
      if (nation_.group[j] == group.code) use(p, static_cast<std::int64_t>(place_[j]));
    }
  }
}

GroupTrade::Lists GroupTrade::pairs_of(const SweepGroup& group, int slice, int slices) const {
  const Slices of_ranks(std::ssize(group.row), slices);
  const Slices of_threads(of_ranks.count(slice), omp_get_max_threads());
  const auto for_thread = [&](std::int64_t number, auto&& use) {
    const auto thread = static_cast<int>(number);
    const auto begin = of_ranks.begin(slice) + of_threads.begin(thread);
    for_pairs(group, begin, begin + of_threads.count(thread), use);
  };
  std::vector<std::int64_t> before(static_cast<std::size_t>(omp_get_max_threads()) + 1, 0);
  parallel_for(omp_get_max_threads(), [&](std::int64_t thread) {
    std::int64_t count = 0;
    for_thread(thread, [&](std::int64_t, std::int64_t) { ++count; });
    before[static_cast<std::size_t>(thread) + 1] = count;
  });
  std::partial_sum(before.begin(), before.end(), before.begin());
  Lists lists{Buffer<std::int64_t>(before.back()), Buffer<std::int64_t>(before.back())};
  parallel_for(omp_get_max_threads(), [&](std::int64_t thread) {
    auto next = before[static_cast<std::size_t>(thread)];
    for_thread(thread, [&](std::int64_t supplier, std::int64_t buyer) {
      lists.first[next] = supplier;
      lists.second[next++] = buyer;
    });
  });
  return lists;
}

}  // namespace tradegraph::kernels
