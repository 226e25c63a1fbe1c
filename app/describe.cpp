#include "app/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernels/degree.hpp"

namespace tradegraph::app {

std::string describe_dropped(const io::SnapshotMetadata& metadata) {
  std::string text;
  for (const auto& [reason, rows] : metadata.dropped) {
    if (rows == 0) continue;
    auto words = reason;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += fmt::format("  {} rows: {}\n", rows, words);
  }
  return text.empty() ? text : "dropped or merged\n" + text;
}

std::string describe_degrees(const TradeNetwork& network) {
  const auto degree = kernels::degree(network.partners(), kernels::DegreeMode::out);
  std::array<std::int64_t, 3> sums{};  // firms without partners, with one, sum of degrees
  std::int64_t largest = 0;
  for (const auto k : degree.values()) {
    sums[0] += k == 0 ? 1 : 0;
    sums[1] += k == 1 ? 1 : 0;
    sums[2] += k;
    largest = std::max(largest, k);
  }
  const auto& group = network.grid().group();
  comm::all_reduce_in_place(group, std::span<std::int64_t>(sums), comm::ReduceOp::sum);
  largest = comm::all_reduce(group, largest, comm::ReduceOp::max);
  const auto share = [&](std::int64_t count) {
    return 100.0 * static_cast<double>(count) /
           static_cast<double>(std::max<std::int64_t>(network.firms(), 1));
  };
  return fmt::format(
      "partners a firm     mean {:.2f}, largest {}\n"
      "without partners    {} firms ({:.1f} %)\n"
      "with one partner    {} firms ({:.1f} %)\n",
      share(sums[2]) / 100, largest, sums[0], share(sums[0]), sums[1], share(sums[1]));
}

}  // namespace tradegraph::app
