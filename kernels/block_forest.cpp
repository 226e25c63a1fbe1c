#include "kernels/block_forest.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/base/parallel.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/matrix/global_numbers.hpp"

namespace tradegraph::kernels {

/// A firm and another of its set.
template <class Index>
struct Hanging {
  Index firm;
  Index parent;
};

}  // namespace tradegraph::kernels

template <class Index>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Hanging<Index>> : std::true_type {};

namespace tradegraph::kernels {

using matrix::CsrBlock;
using matrix::DistributedMatrix;

namespace {

/// Pairs of firms to join, some hundreds at a time: their parents lie anywhere, so all are asked
/// for before the first is needed.
template <class Index>
class PairJoiner {
 public:
  static constexpr std::size_t kRoom = 512;

  explicit PairJoiner(FirmForest<Index>& forest) : forest_(forest) {}
  PairJoiner(const PairJoiner&) = delete;
  PairJoiner& operator=(const PairJoiner&) = delete;
  ~PairJoiner() { join(); }

  /// Makes room for so many pairs, `kRoom` at most.
  void reserve(std::size_t pairs) {
    if (count_ + pairs > kRoom) join();
  }
  /// Nothing unless `is_wanted`, without a branch, as that can't be foreseen. Needs room.
  void add(std::int64_t a, std::int64_t b, bool is_wanted = true) {
    pairs_[count_] = {a, b};
    count_ += is_wanted ? 1 : 0;
  }

 private:
  void join() {
    for (std::size_t k = 0; k < count_; ++k) {
      forest_.prefetch(pairs_[k].first);
      forest_.prefetch(pairs_[k].second);
    }
    for (std::size_t k = 0; k < count_; ++k) forest_.join(pairs_[k].first, pairs_[k].second);
    count_ = 0;
  }

  FirmForest<Index>& forest_;
  std::size_t count_ = 0;
  std::array<std::pair<std::int64_t, std::int64_t>, kRoom + 1> pairs_;
};

/// Hangs the firm of each row below its first entry, where that is smaller: no other row writes
/// there, so this needs no joining.
template <class Index, class Firms>
void hang_rows(const CsrBlock& block, FirmForest<Index>& forest, const Firms& firms) {
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    if (block.row(r).empty()) continue;
    const auto [firm, other] = firms(r, block.row(r).front());
    forest.hang(firm, std::min(firm, other));  // a write costs less than a branch foreseen wrongly
  }
}

/// Joins each row with its middle entry.
template <class Index, class Firms>
void join_sample(const CsrBlock& block, FirmForest<Index>& forest, const Firms& firms) {
#pragma omp parallel
  {
    PairJoiner<Index> joiner(forest);
#pragma omp for schedule(dynamic, 4096)
    for (std::int64_t r = 0; r < block.rows(); ++r) {
      const auto row = block.row(r);
      if (row.size() < 2) continue;
      const auto [firm, other] = firms(r, row[row.size() / 2]);
      joiner.reserve(1);
      joiner.add(firm, other);
    }
  }
}

/// The root of most of some firms spread over all; -1 without firms. Nearly always that of the
/// giant component, if there is one.
template <class Index>
std::int64_t frequent_root(FirmForest<Index>& forest) {
  constexpr std::int64_t kSample = 1024;
  std::vector<std::int64_t> roots;
  const auto firms = std::ssize(forest.parents());
  const auto step = firms / kSample + 1;
  for (std::int64_t v = 0; v < firms; v += step) roots.push_back(forest.compress(v));
  std::sort(roots.begin(), roots.end());
  std::int64_t best = -1;
  std::size_t most = 0;
  for (std::size_t begin = 0, end = 0; begin < roots.size(); begin = end) {
    while (end < roots.size() && roots[end] == roots[begin]) ++end;
    if (end - begin > most) {
      most = end - begin;
      best = roots[begin];
    }
  }
  return best;
}

/// The other rank's `mine`; nothing if it sends none. Collective.
template <class T>
std::vector<T> exchange(const comm::Communicator& group, std::span<const T> mine, bool sends,
                        int other) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(group.size()), 0);
  if (sends) counts[static_cast<std::size_t>(other)] = std::ssize(mine);
  return comm::all_to_all_v(group, sends ? mine : mine.first(0), counts).values;
}

/// Recursive doubling: after log2(ranks) rounds every rank has what all had. `round(sends, other)`
/// is called on all ranks: it swaps with `other`, but sends nothing unless `sends`. Collective.
template <class Round>
void double_over(const comm::Communicator& group, const Round& round) {
  const int rank = group.rank();
  const auto power = static_cast<int>(std::bit_floor(static_cast<unsigned>(group.size())));
  const bool is_extra = rank >= power;  // lets a rank below work for it
  const int twin = is_extra ? rank - power : rank + power;
  const bool has_twin = is_extra || twin < group.size();
  if (power < group.size()) round(is_extra, twin);
  for (int step = 1; step < power; step *= 2) round(!is_extra, rank ^ step);
  if (power < group.size()) round(has_twin && !is_extra, twin);
}

/// Which of the 64 firms from 64 w on, of `firms`, `is_in(firm)`: bit b for the b-th.
template <class IsIn>
std::uint64_t word_of(std::int64_t firms, std::int64_t w, const IsIn& is_in) {
  std::uint64_t word = 0;
  for (auto v = 64 * w; v < std::min(64 * w + 64, firms); ++v) {
    word |= std::uint64_t{is_in(v)} << (v % 64);
  }
  return word;
}

/// `visit(firm)` for each bit of the w-th word.
template <class Visit>
void for_each_firm(std::int64_t w, std::uint64_t word, const Visit& visit) {
  for (; word != 0; word &= word - 1) visit(64 * w + std::countr_zero(word));
}

/// The largest set of a forest, most likely, and which firms were in it: a bit each, so that they
/// stay in a near cache where parents don't.
template <class Index>
class GiantSet {
 public:
  /// Compresses the forest. All threads.
  explicit GiantSet(FirmForest<Index>& forest)
      : root_(frequent_root(forest)), words_((std::ssize(forest.parents()) + 63) / 64) {
    const auto firms = std::ssize(forest.parents());
#pragma omp parallel for schedule(static)
    for (std::int64_t w = 0; w < words_.ssize(); ++w) {
      words_[w] = word_of(firms, w, [&](auto v) { return forest.compress(v) == root_; });
    }
  }
  [[nodiscard]] bool has(std::int64_t firm) const {
    return (words_[firm / 64] >> (firm % 64) & 1) != 0;
  }
  [[nodiscard]] std::int64_t root() const { return root_; }

  /// Takes in the giant sets of other ranks that have a firm in common with it: the firms of all
  /// are in one component, though no rank knows every link between them. Ranks need not end with
  /// the same set. A bit a firm and round. Collective.
  void grow_over(const comm::Communicator& group) {
    double_over(group, [&](bool sends, int other) {
      const auto theirs = exchange(group, words(), sends, other);
      if (theirs.empty() || !meets(theirs)) return;
      for (std::size_t w = 0; w < theirs.size(); ++w) words_[w] |= theirs[w];
    });
  }

  /// Firm v is bit v % 64 of word v / 64.
  [[nodiscard]] std::span<const std::uint64_t> words() const { return words_; }
  [[nodiscard]] bool meets(std::span<const std::uint64_t> words) const {
    return !std::ranges::equal(words, words_, [](auto a, auto b) { return (a & b) == 0; });
  }

 private:
  std::int64_t root_;
  Buffer<std::uint64_t> words_;
};

/// Joins the firm of each row with those of its entries, but for links inside the giant set.
template <class Index, class Firms>
void join_rows(const CsrBlock& block, const GiantSet<Index>& giant, FirmForest<Index>& forest,
               const Firms& firms) {
#pragma omp parallel
  {
    PairJoiner<Index> joiner(forest);
#pragma omp for schedule(dynamic, 4096)
    for (std::int64_t r = 0; r < block.rows(); ++r) {
      auto rest = block.row(r);
      if (rest.empty()) continue;
      const bool is_inside = giant.has(firms(r, rest.front()).first);
      while (!rest.empty()) {
        const auto some = rest.first(std::min(rest.size(), PairJoiner<Index>::kRoom));
        joiner.reserve(some.size());
        for (const auto column : some) {
          const auto [firm, other] = firms(r, column);
          joiner.add(firm, other, !(is_inside && giant.has(other)));
        }
        rest = rest.subspan(some.size());
      }
    }
  }
}

/// `firms(row, column)`: the two firms of an entry. Collective.
template <class Index, class Firms>
FirmForest<Index> join_all(const DistributedMatrix& a, const Firms& firms) {
  const auto& group = a.grid().group();
  const auto& block = a.csr();
  auto forest = comm::collectively(group, [&] {
    FirmForest<Index> sampled(a.rows());
    hang_rows(block, sampled, firms);
    join_sample(block, sampled, firms);
    return sampled;
  });
  auto giant = comm::collectively(group, [&] { return GiantSet<Index>(forest); });
  giant.grow_over(group);
  join_rows(block, giant, forest, firms);
  return forest;
}

/// The firms below others outside the giant set, with their parents; first the giant's root.
template <class Index>
std::vector<Hanging<Index>> strays(const FirmForest<Index>& forest, const GiantSet<Index>& giant) {
  constexpr std::int64_t kGrain = 1024;
  const auto parents = forest.parents();
  const auto own_words = giant.words();
  std::vector<std::vector<Hanging<Index>>> of_piece((own_words.size() + kGrain - 1) / kGrain);
  parallel_pieces(
      std::ssize(own_words),
      [&](std::int64_t begin, std::int64_t end) {
        auto& found = of_piece[static_cast<std::size_t>(begin / kGrain)];
        for (auto w = begin; w < end; ++w) {
          const auto hanging = word_of(std::ssize(parents), w, [&](auto v) {
            return static_cast<std::int64_t>(parents[static_cast<std::size_t>(v)]) != v;
          });
          for_each_firm(w, hanging & ~own_words[static_cast<std::size_t>(w)], [&](std::int64_t v) {
            found.push_back({static_cast<Index>(v), parents[static_cast<std::size_t>(v)]});
          });
        }
      },
      kGrain);
  std::vector<Hanging<Index>> all;
  const auto root = static_cast<Index>(giant.root());
  if (!parents.empty()) all.push_back({root, root});
  for (const auto& piece : of_piece) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

/// Joins the forest of another rank, of which `giant_words` and `hanging` tell. A firm of both
/// ranks' giant sets needs no joining but that of these two.
template <class Index>
void join_forest(std::span<const std::uint64_t> giant_words,
                 std::span<const Hanging<Index>> hanging, const GiantSet<Index>& giant,
                 FirmForest<Index>& forest) {
  const auto their_root = static_cast<std::int64_t>(hanging.front().parent);
  if (giant.meets(giant_words)) forest.join(giant.root(), their_root);
  const auto root = forest.find(their_root);  // near the top, so that joins are short
  const auto own_words = giant.words();
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (std::int64_t w = 0; w < std::ssize(giant_words); ++w) {
      const auto at = static_cast<std::size_t>(w);
      for_each_firm(w, giant_words[at] & ~own_words[at],
                    [&](std::int64_t v) { forest.join(v, root); });
    }
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < std::ssize(hanging); ++k) {
      const auto& one = hanging[static_cast<std::size_t>(k)];
      forest.join(static_cast<std::int64_t>(one.firm), static_cast<std::int64_t>(one.parent));
    }
  }
}

}  // namespace

template <class Index>
FirmForest<Index> block_forest(const DistributedMatrix& a) {
  const auto& grid = a.grid();
  if (grid.group().size() == 1) {
    return join_all<Index>(
        a, [](std::int64_t row, std::int64_t column) { return std::pair(row, column); });
  }
  const auto numbers_of = [&](const matrix::Layout& layout, int part) {
    return comm::collectively(grid.group(),
                              [&] { return matrix::GlobalNumbers(layout.partition(), part); });
  };
  const auto row_firm = numbers_of(a.row_layout(), grid.row());
  if (grid.shape().columns == 1) {
    return join_all<Index>(
        a, [&](std::int64_t row, std::int64_t column) { return std::pair(row_firm[row], column); });
  }
  const auto column_firm = numbers_of(a.column_layout(), grid.column());
  return join_all<Index>(a, [&](std::int64_t row, std::int64_t column) {
    return std::pair(row_firm[row], column_firm[column]);
  });
}

template <class Index>
void merge_forests(const comm::Communicator& group, FirmForest<Index>& forest) {
  double_over(group, [&](bool sends, int other) {
    const auto giant = comm::collectively(group, [&] { return GiantSet<Index>(forest); });
    const auto mine = comm::collectively(group, [&] { return strays(forest, giant); });
    const auto giant_words = exchange(group, giant.words(), sends, other);
    const auto hanging = exchange(group, std::span<const Hanging<Index>>(mine), sends, other);
    if (hanging.empty()) return;
    join_forest<Index>(giant_words, hanging, giant, forest);
  });
}

template FirmForest<std::uint32_t> block_forest(const DistributedMatrix&);
template FirmForest<std::int64_t> block_forest(const DistributedMatrix&);
template void merge_forests(const comm::Communicator&, FirmForest<std::uint32_t>&);
template void merge_forests(const comm::Communicator&, FirmForest<std::int64_t>&);

}  // namespace tradegraph::kernels
