#include "kernels/density_forest.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/error.hpp"
#include "kernels/forest_cut.hpp"
#include "kernels/spatial_grid.hpp"

namespace tradegraph::kernels {

void SweepGrid::validate() const {
  const auto ascend = [](const auto& list) {
    return !list.empty() &&
           std::adjacent_find(list.begin(), list.end(), std::greater_equal<>()) == list.end();
  };
  require(ascend(eps_m) && ascend(min_firms), ErrorKind::usage,
          "a sweep takes one or more ascending values of eps and of min_firms");
  for (const auto eps : eps_m) DbscanConfig{eps, min_firms.front(), stretch}.validate();
}

DensityForest::DensityForest(std::shared_ptr<const Points> points, Level levels,
                             Buffer<Level> core_level, std::span<const std::uint32_t> link,
                             std::span<const Level> joined, ByLevel<Link> borders)
    : points_(std::move(points)),
      core_level_(std::move(core_level)),
      arrivals_(levels,
                [&](auto&& emit) {
                  for (std::uint32_t i = 0; i < core_level_.size(); ++i) {
                    const auto level = core_level_[i];
                    if (level < levels) emit(level, Link{i, joined[i] == level ? link[i] : i});
                  }
                }),
      mergers_(levels,
               [&](auto&& emit) {
                 for (std::uint32_t i = 0; i < core_level_.size(); ++i) {
                   if (joined[i] < levels && joined[i] > core_level_[i]) {
                     emit(joined[i], Link{i, link[i]});
                   }
                 }
               }),
      borders_(std::move(borders)) {}

void DensityForest::pack_into(std::vector<std::byte>& bytes) const {
  pack<Level>(core_level_, bytes);
  arrivals_.pack_into(bytes);
  mergers_.pack_into(bytes);
  borders_.pack_into(bytes);
}

DensityForest DensityForest::unpack_from(std::span<const std::byte>& bytes,
                                         std::shared_ptr<const Points> points) {
  DensityForest forest;
  forest.points_ = std::move(points);
  forest.core_level_ = unpack<Level>(bytes);
  forest.arrivals_ = ByLevel<Link>::unpack_from(bytes);
  forest.mergers_ = ByLevel<Link>::unpack_from(bytes);
  forest.borders_ = ByLevel<Link>::unpack_from(bytes);
  return forest;
}

DbscanResult DensityForest::cut(Level level) const {
  ForestCut found(*this);
  found.rise_to(level);
  const auto n = core_level_.size();
  std::vector<std::pair<std::int64_t, std::size_t>> smallest;  // row of a core, cluster
  for (std::size_t k = 0; k < static_cast<std::size_t>(found.clusters()); ++k) {
    smallest.emplace_back(kNoRow, k);
  }
  for (std::size_t p = 0; p < n; ++p) {
    if (!is_core(p, level)) continue;
    auto& of_cluster = smallest[static_cast<std::size_t>(found.cluster()[p])].first;
    of_cluster = std::min(of_cluster, points_->row[p]);
  }
  std::sort(smallest.begin(), smallest.end());
  std::vector<std::int64_t> number(smallest.size());
  for (std::size_t k = 0; k < smallest.size(); ++k) {
    number[smallest[k].second] = static_cast<std::int64_t>(k);
  }
  DbscanResult result{std::vector<std::int64_t>(n, -1), std::vector<Role>(n, Role::noise)};
  for (std::size_t p = 0; p < n; ++p) {
    const auto cluster = found.cluster()[p];
    if (cluster < 0) continue;
    const auto i = points_->input[p];
    result.cluster[i] = number[static_cast<std::size_t>(cluster)];
    result.role[i] = is_core(p, level) ? Role::core : Role::border;
  }
  return result;
}

}  // namespace tradegraph::kernels
