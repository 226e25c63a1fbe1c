#include "kernels/block_labels.hpp"

namespace tradegraph::kernels {

BlockLabels::Short BlockLabels::shortened(const Labels& labels) {
  Short result(labels.grid(), labels.layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < labels.count(); ++i) {
    result[i] = static_cast<std::int32_t>(labels[i]);
  }
  return result;
}

}  // namespace tradegraph::kernels
