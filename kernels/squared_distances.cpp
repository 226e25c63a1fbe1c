#include "kernels/squared_distances.hpp"

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

SquaredDistances squared_distances(std::span<const double> values, std::size_t columns) {
  require(columns > 0 && values.size() % columns == 0, ErrorKind::internal, "not a table");
  const auto rows = values.size() / columns;
  SquaredDistances result{rows, std::vector<double>(rows * rows, 0)};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double squared = squared_distance(values.subspan(i * columns, columns),
                                              values.subspan(j * columns, columns));
      result.values[i * rows + j] = result.values[j * rows + i] = squared;
    }
  }
  return result;
}

}  // namespace tradegraph::kernels
