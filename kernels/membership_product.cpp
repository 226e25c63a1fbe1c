#include "kernels/membership_product.hpp"

#include <algorithm>
#include <utility>

#include "kernels/block_labels.hpp"
#include "kernels/label_tally.hpp"

namespace tradegraph::kernels {

using matrix::DistributedMatrix;

namespace {

/// Rows of this rank's block by class, and the class of each column; the last class is "no
/// cluster".
class Membership {
 public:
  Membership(const DistributedMatrix& a, const Labels& labels, std::int64_t clusters)
      : clusters_(clusters), of_(a, labels), rows_(classes(of_.of_row()), clusters + 1) {}

  /// Tallies of the block's entries by the classes of row and column; `weigh(number)` is the weight
  /// of an entry.
  template <class Weigh>
  [[nodiscard]] std::vector<Tally> tally(const matrix::CsrBlock& block, const Weigh& weigh) const {
    return tally_by_label(rows_, clusters_ + 1, [&](std::int64_t row, TallyPad& pad) {
      auto number = static_cast<std::size_t>(block.begin(row));
      for (const auto column : block.row(row)) {
        pad.add(class_of(of_.of_column()[column]), 1, weigh(number++));
      }
    });
  }

 private:
  [[nodiscard]] Label class_of(std::int32_t label) const {
    return label == kNoCluster ? clusters_ : label;
  }
  [[nodiscard]] std::vector<Label> classes(const std::vector<std::int32_t>& labels) const {
    std::vector<Label> result(labels.size());
    std::ranges::transform(labels, result.begin(), [&](auto label) { return class_of(label); });
    return result;
  }

  std::int64_t clusters_;
  BlockLabels of_;
  LabelGroups rows_;
};

/// Links are counted in `count` alone, amounts added in `weight` alone.
std::vector<Tally> tally_links(const DistributedMatrix& a, const Membership& membership) {
  return membership.tally(a.csr(), [](std::size_t) { return Int128{0}; });
}

void append_amounts(const DistributedMatrix& amount, FixedPointScale scale,
                    const Membership& membership, std::vector<Tally>& tallies) {
  const auto values = amount.csr().values<double>();
  auto cells =
      membership.tally(amount.csr(), [&](std::size_t i) { return scale.units(values[i]); });
  for (auto& cell : cells) cell.count = 0;
  tallies.insert(tallies.end(), cells.begin(), cells.end());
}

Label label_of(std::int64_t class_number, std::int64_t clusters) {
  return class_number == clusters ? kNoCluster : class_number;
}

}  // namespace

std::vector<ClusterFlow> collect_flows(const comm::Communicator& group, std::vector<Tally> tallies,
                                       std::int64_t clusters,
                                       const std::optional<FixedPointScale>& scale) {
  std::vector<ClusterFlow> flows;
  for (const auto& cell : collect_everywhere(group, std::move(tallies))) {
    flows.push_back({label_of(cell.label, clusters), label_of(cell.key, clusters),
                     static_cast<std::int64_t>(cell.count),
                     scale ? scale->value(cell.weight) : kUndefined});
  }
  return flows;
}

std::vector<ClusterFlow> membership_product(const DistributedMatrix& a, const Labels& labels,
                                            std::int64_t clusters,
                                            const DistributedMatrix* amount) {
  const auto& group = a.grid().group();
  comm::collectively(group, [&] { require_labels(labels.values(), clusters); });
  const Membership membership(a, labels, clusters);
  const auto scale = amount != nullptr ? std::optional(amount_scale(*amount)) : std::nullopt;
  auto tallies = comm::collectively(group, [&] {
    auto mine = tally_links(a, membership);
    if (amount != nullptr) append_amounts(*amount, *scale, membership, mine);
    return mine;
  });
  return collect_flows(group, std::move(tallies), clusters, scale);
}

}  // namespace tradegraph::kernels
