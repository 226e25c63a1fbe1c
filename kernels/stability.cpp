#include "kernels/stability.hpp"

namespace tradegraph::kernels {

namespace {

void offer(Stability& at, const Overlap& cell, std::int64_t firms) {
  const auto either = at.firms + firms - cell.firms;
  const auto best_either = at.firms + at.best_firms - at.shared;
  // Cells come by ascending label: of equals the first stays.
  if (at.best >= 0 && cell.firms * best_either <= at.shared * either) return;
  at.best = cell.b;
  at.best_firms = firms;
  at.shared = cell.firms;
  at.jaccard = static_cast<double>(cell.firms) / static_cast<double>(either);
  at.survives = 2 * cell.firms >= either;
}

}  // namespace

std::vector<Stability> stability(std::span<const Overlap> table,
                                 std::span<const std::int64_t> baseline,
                                 std::span<const std::int64_t> setting) {
  std::vector<Stability> result(baseline.size());
  for (std::size_t b = 0; b < baseline.size(); ++b) result[b].firms = baseline[b];
  for (const auto& cell : table) {
    if (cell.a < 0) continue;
    auto& at = result[static_cast<std::size_t>(cell.a)];
    if (cell.b < 0) {
      at.noise = cell.firms;
      continue;
    }
    at.parts += 4 * cell.firms >= at.firms ? 1 : 0;
    offer(at, cell, setting[static_cast<std::size_t>(cell.b)]);
  }
  std::vector<std::int64_t> times_best(setting.size(), 0);
  for (const auto& at : result) {
    if (at.best >= 0) ++times_best[static_cast<std::size_t>(at.best)];
  }
  for (auto& at : result) {
    at.splits = at.parts >= 2;
    at.merges = at.best >= 0 && times_best[static_cast<std::size_t>(at.best)] >= 2;
  }
  return result;
}

}  // namespace tradegraph::kernels
