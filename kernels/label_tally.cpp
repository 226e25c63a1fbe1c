#include "kernels/label_tally.hpp"

#include <algorithm>

#include "kernels/cluster_sums.hpp"

namespace tradegraph::kernels {

LabelGroups::LabelGroups(std::span<const Label> labels, std::int64_t clusters)
    : thing(static_cast<std::int64_t>(labels.size())),
      begin(static_cast<std::size_t>(clusters) + 2, 0) {
  const auto classes = static_cast<std::size_t>(clusters) + 1;
  const auto count = thing.ssize();
  const auto chunks = static_cast<std::int64_t>(threads_for_sums(count, clusters));
  std::vector<std::int64_t> next(static_cast<std::size_t>(chunks) * classes, 0);
  const auto in_chunk = [&](std::int64_t c, auto&& use) {
    auto* mine = next.data() + static_cast<std::size_t>(c) * classes;
    for (auto i = count * c / chunks; i < count * (c + 1) / chunks; ++i) {
      use(mine[labels[static_cast<std::size_t>(i)] + 1], i);
    }
  };
#pragma omp parallel for schedule(static, 1)
  for (std::int64_t c = 0; c < chunks; ++c) {
    in_chunk(c, [](std::int64_t& so_far, std::int64_t) { ++so_far; });
  }
  std::int64_t before = 0;
  for (std::size_t label = 0; label < classes; ++label) {
    begin[label] = before;
    for (std::size_t c = 0; c < static_cast<std::size_t>(chunks); ++c) {
      before += std::exchange(next[c * classes + label], before);
    }
  }
  begin.back() = before;
#pragma omp parallel for schedule(static, 1)
  for (std::int64_t c = 0; c < chunks; ++c) {
    in_chunk(c, [&](std::int64_t& at, std::int64_t i) { thing[at++] = i; });
  }
}

void TallyPad::flush(Label label, std::vector<Tally>& to) {
  std::sort(touched_.begin(), touched_.end());
  for (const auto key : touched_) {
    auto& cell = cells_[static_cast<std::size_t>(key)];
    to.push_back({label, key, cell.count, cell.weight});
    cell = {};
  }
  touched_.clear();
}

namespace detail {

std::vector<LabelPiece> pieces_of(const LabelGroups& groups) {
  constexpr std::int64_t kThingsAPiece = 16384;
  std::vector<LabelPiece> pieces;
  for (std::size_t l = 0; l + 1 < groups.begin.size(); ++l) {
    const auto label = static_cast<Label>(l) - 1;
    const auto end = groups.begin[l + 1];
    for (auto at = groups.begin[l]; at < end; at += kThingsAPiece) {
      pieces.push_back({label, at, std::min(at + kThingsAPiece, end)});
    }
  }
  return pieces;
}

}  // namespace detail

}  // namespace tradegraph::kernels
