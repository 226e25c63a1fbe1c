#include "kernels/degrees_inside.hpp"

#include <algorithm>

#include "kernels/partition_similarity.hpp"

namespace tradegraph::kernels {

namespace {

/// By cluster the one before with which it shares most firms (tie: the smaller label), unless
/// that one shares more with another; -1 = none. `table`: before (a) and now (b).
std::vector<std::int32_t> origins(std::span<const Overlap> table, std::size_t clusters) {
  std::vector<std::int32_t> origin(clusters, -1);
  std::vector<std::int64_t> shared(clusters, 0);
  for (const auto& cell : table) {
    if (cell.a < 0 || cell.b < 0) continue;
    const auto b = static_cast<std::size_t>(cell.b);
    if (cell.firms <= shared[b]) continue;
    shared[b] = cell.firms;
    origin[b] = cell.a;
  }
  const auto before = table.empty() ? 0 : static_cast<std::size_t>(table.back().a + 1);
  std::vector<std::int32_t> heir(before, -1);
  for (std::size_t b = 0; b < clusters; ++b) {
    if (origin[b] < 0) continue;
    auto& of_origin = heir[static_cast<std::size_t>(origin[b])];
    if (of_origin >= 0 && shared[static_cast<std::size_t>(of_origin)] >= shared[b]) {
      origin[b] = -1;
      continue;
    }
    if (of_origin >= 0) origin[static_cast<std::size_t>(of_origin)] = -1;
    of_origin = static_cast<std::int32_t>(b);
  }
  return origin;
}

}  // namespace

DegreesInside::DegreesInside(const WholeNation& nation, const Adjacency& partners)
    : nation_(nation),
      partners_(partners),
      member_(nation.firms(), {kNone, kNone}),
      partners_inside_(nation.firms(), 0),
      buyers_inside_(nation.firms(), 0),
      partner_degrees_(nation.firms(), 0) {}

std::vector<std::int32_t> DegreesInside::follow(std::span<const std::int32_t> label,
                                                std::size_t clusters) {
  auto same = move_members(label, clusters);
  const auto before = partners_inside_;
  const auto firms = static_cast<std::uint32_t>(label.size());
  for (std::uint32_t i = 0; i < firms; ++i) {
    if (!member_[i].stays()) recount(i);
  }
  for (std::uint32_t i = 0; i < firms; ++i) {
    if (!member_[i].stays()) {
      recount_degrees(i, before[i]);
    } else if (partners_inside_[i] != before[i]) {
      pass_on(i, partners_inside_[i] - before[i]);
    }
  }
  return same;
}

/// Returns what `follow` does.
std::vector<std::int32_t> DegreesInside::move_members(std::span<const std::int32_t> label,
                                                      std::size_t clusters) {
  std::vector<std::int32_t> last(label.size());
  std::transform(member_.begin(), member_.end(), last.begin(), [](auto at) { return at.now; });
  const auto table = overlaps(last, label);
  auto origin = origins(table, clusters);
  const auto before = table.empty() ? 0 : static_cast<std::size_t>(table.back().a + 1);
  std::vector<std::int32_t> heir(before);
  for (std::size_t a = 0; a < before; ++a) heir[a] = kNone - 1 - static_cast<std::int32_t>(a);
  for (std::size_t b = 0; b < clusters; ++b) {
    if (origin[b] >= 0) heir[static_cast<std::size_t>(origin[b])] = static_cast<std::int32_t>(b);
  }
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto was = last[i] < 0 ? kNone : heir[static_cast<std::size_t>(last[i])];
    member_[i] = {was, std::max(label[i], kNone)};
  }
  for (const auto& cell : table) {  // firms that left or joined
    if (cell.a >= 0 && cell.b >= 0 && origin[static_cast<std::size_t>(cell.b)] == cell.a) continue;
    if (cell.b >= 0) origin[static_cast<std::size_t>(cell.b)] = -1;
    if (cell.a < 0 || heir[static_cast<std::size_t>(cell.a)] < 0) continue;
    origin[static_cast<std::size_t>(heir[static_cast<std::size_t>(cell.a)])] = -1;
  }
  return origin;
}

/// Counts the partners of a firm that moves, and tells those that stay.
void DegreesInside::recount(std::uint32_t mover) {
  const auto at = member_[mover];
  const auto count = [&](std::span<const std::uint32_t> others, std::vector<std::int32_t>* theirs) {
    links_scanned_ += std::ssize(others);
    std::int32_t together = 0;
    for (const auto j : others) {
      const auto other = member_[j];
      const bool is = is_together(at, other);
      together += is ? 1 : 0;
      const bool was = was_together(at, other);
      if (theirs != nullptr && is != was && other.stays()) (*theirs)[j] += is ? 1 : -1;
    }
    return together;
  };
  partners_inside_[mover] = count(partners_.of(mover), &partners_inside_);
  buyers_inside_[mover] = count(nation_.buyers.of(mover), nullptr);
  count(nation_.suppliers.of(mover), &buyers_inside_);
}

/// The same for the degrees of partners, once all are known.
void DegreesInside::recount_degrees(std::uint32_t mover, std::int32_t degree_before) {
  const auto at = member_[mover];
  const auto degree = partners_inside_[mover];
  const auto partners = partners_.of(mover);
  links_scanned_ += std::ssize(partners);
  std::int64_t sum = 0;
  for (const auto j : partners) {
    const auto other = member_[j];
    const bool is = is_together(at, other);
    if (is) sum += partners_inside_[j];
    if (!other.stays()) continue;
    const bool was = was_together(at, other);
    if (is || was) partner_degrees_[j] += (is ? degree : 0) - (was ? degree_before : 0);
  }
  partner_degrees_[mover] = sum;
}

/// A firm that stays has more or fewer partners than before: those of its partners that stay too
/// are told.
void DegreesInside::pass_on(std::uint32_t firm, std::int32_t change) {
  const auto at = member_[firm];
  const auto partners = partners_.of(firm);
  links_scanned_ += std::ssize(partners);
  for (const auto j : partners) {
    const auto other = member_[j];
    if (is_together(at, other) && other.stays()) partner_degrees_[j] += change;
  }
}

}  // namespace tradegraph::kernels
