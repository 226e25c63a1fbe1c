#pragma once
/// What the tests of weak and of strong components share.

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "tests/support/network_fixture.hpp"

namespace tradegraph::testing {

class ComponentFixture : public NetworkTest {
 protected:
  using Labels = std::vector<std::int64_t>;

  /// Components, each known by its smallest input row, numbered 0, 1, ... by it.
  static Labels numbered(Labels low) {
    std::map<std::int64_t, std::int64_t> number;
    for (const auto row : low) number.emplace(row, 0);
    std::int64_t next = 0;
    for (auto& [row, n] : number) n = next++;
    for (auto& row : low) row = number[row];
    return low;
  }

  static Labels sizes_of(const Labels& labels) {
    Labels sizes;
    for (const auto label : labels) {
      sizes.resize(std::max(sizes.size(), static_cast<std::size_t>(label) + 1));
      ++sizes[static_cast<std::size_t>(label)];
    }
    return sizes;
  }

  static Labels identity(std::int64_t n) {
    Labels row(static_cast<std::size_t>(n));
    std::iota(row.begin(), row.end(), std::int64_t{0});
    return row;
  }

  static matrix::DistributedVector<std::int64_t> distributed(const comm::ProcessGrid& grid,
                                                             const Labels& all) {
    matrix::DistributedVector<std::int64_t> vector(
        grid, matrix::Layout(grid.shape(), static_cast<std::int64_t>(all.size()),
                             matrix::Alignment::slices));
    for (std::int64_t i = 0; i < vector.count(); ++i) vector[i] = all[vector.global_of(i).offset()];
    return vector;
  }
};

}  // namespace tradegraph::testing
