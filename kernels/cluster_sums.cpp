#include "kernels/cluster_sums.hpp"

#include <string>

namespace tradegraph::kernels {

void require_labels(std::span<const Label> labels, std::int64_t clusters) {
  const auto is_wrong = [&](Label label) { return label < kNoCluster || label >= clusters; };
  const auto count = static_cast<std::int64_t>(labels.size());
  std::int64_t first_wrong = count;
#pragma omp parallel for schedule(static) reduction(min : first_wrong)
  for (std::int64_t i = 0; i < count; ++i) {
    if (is_wrong(labels[static_cast<std::size_t>(i)])) first_wrong = std::min(first_wrong, i);
  }
  if (first_wrong == count) return;
  throw Error(ErrorKind::internal,
              "label " + std::to_string(labels[static_cast<std::size_t>(first_wrong)]) +
                  " outside 0.." + std::to_string(clusters - 1));
}

int threads_for_sums(std::int64_t firms, std::int64_t clusters) {
  constexpr std::int64_t kFirmsAThread = 4096;
  const auto most = std::min(firms / kFirmsAThread, firms / std::max<std::int64_t>(clusters, 1));
  return static_cast<int>(std::clamp<std::int64_t>(most, 1, omp_get_max_threads()));
}

}  // namespace tradegraph::kernels
