#include "kernels/component_labels.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/base/number_table.hpp"
#include "engine/base/parallel.hpp"
#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/matrix/global_numbers.hpp"

namespace tradegraph::kernels {

/// Of one component: what some of its firms add to it, or all of them.
struct ComponentPart {
  std::int64_t root;
  std::int64_t first_row;
  std::int64_t firms;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::ComponentPart> : std::true_type {};

namespace tradegraph::kernels {

namespace {

using Vector = matrix::DistributedVector<std::int64_t>;
using Parts = std::vector<ComponentPart>;
using matrix::GlobalNumbers;

constexpr const char* kNoPermutation = "input rows of firms are not a permutation";

struct Firm {
  std::int64_t root;  ///< number of the firm that stands for its component
  std::int64_t row;   ///< of the input
  bool is_root;
};

/// Adds up firms by root. The last part stays at hand and a few more are kept open, so that the
/// firms of a giant component make few parts however they mix with others.
class PartCollector {
 public:
  explicit PartCollector(Parts& closed) : closed_(closed) { open_.fill(kNone); }
  PartCollector(const PartCollector&) = delete;
  PartCollector& operator=(const PartCollector&) = delete;

  /// Nothing for a root, without a branch: that can't be foreseen, a change of roots can.
  void add(const Firm& firm) {
    if (!firm.is_root & (firm.root != last_.root)) [[unlikely]] {
      change_to(firm.root);
    }
    last_.first_row = std::min(last_.first_row, firm.is_root ? kNone.first_row : firm.row);
    last_.firms += firm.is_root ? 0 : 1;
  }
  void close() {
    put(last_);
    for (const auto& part : open_) put(part);
  }

 private:
  static constexpr std::size_t kOpen = 64;
  static constexpr ComponentPart kNone{-1, std::numeric_limits<std::int64_t>::max(), 0};

  ComponentPart& open_of(std::int64_t root) {
    return open_[mix64(static_cast<std::uint64_t>(root)) % kOpen];
  }
  void change_to(std::int64_t root) {
    put(std::exchange(open_of(last_.root), last_));
    auto& open = open_of(root);
    last_ =
        open.root == root ? std::exchange(open, kNone) : ComponentPart{root, kNone.first_row, 0};
  }
  void put(const ComponentPart& part) {
    if (part.root >= 0) closed_.push_back(part);
  }

  ComponentPart last_ = kNone;
  std::array<ComponentPart, kOpen> open_;
  Parts& closed_;
};

/// One part a root, by root.
void merge_parts(Parts& parts) {
  std::ranges::sort(parts, {}, &ComponentPart::root);
  std::size_t kept = 0;
  for (const auto& part : parts) {
    if (kept > 0 && parts[kept - 1].root == part.root) {
      auto& into = parts[kept - 1];
      into.first_row = std::min(into.first_row, part.first_row);
      into.firms += part.firms;
    } else {
      parts[kept++] = part;
    }
  }
  parts.resize(kept);
}

/// A set of numbers below a size.
class NumberSet {
 public:
  explicit NumberSet(std::int64_t size) : words_((size + 63) / 64, 0), below_(words_.ssize()) {}

  /// Adds numbers of one thread, of any number of them; fast for those that follow each other.
  class Adder {
   public:
    explicit Adder(NumberSet& set) : set_(set) {}
    Adder(const Adder&) = delete;
    Adder& operator=(const Adder&) = delete;
    ~Adder() { flush(); }

    void add(std::int64_t number, bool is_wanted) {
      if (number / 64 != word_) flush();
      word_ = number / 64;
      bits_ |= std::uint64_t{is_wanted} << (number % 64);
    }

   private:
    void flush() {
      if (bits_ == 0) return;
      std::atomic_ref(set_.words_[word_]).fetch_or(bits_, std::memory_order_relaxed);
      bits_ = 0;
    }

    NumberSet& set_;
    std::int64_t word_ = 0;
    std::uint64_t bits_ = 0;
  };

  void replace(std::int64_t number, std::int64_t by) {
    words_[number / 64] &= ~bit(number);
    words_[by / 64] |= bit(by);
  }
  /// Adds what other ranks have, and makes `below` ready; returns how many there are. Collective.
  std::int64_t unite(const comm::Communicator& group) {
    comm::all_reduce_in_place(group, std::span<std::uint64_t>(words_), comm::ReduceOp::bit_or);
    std::int64_t sum = 0;
    for (std::int64_t w = 0; w < words_.ssize(); ++w) {
      below_[w] = sum;
      sum += std::popcount(words_[w]);
    }
    return sum;
  }
  /// How many are below `number`.
  [[nodiscard]] std::int64_t below(std::int64_t number) const {
    return below_[number / 64] + std::popcount(words_[number / 64] & (bit(number) - 1));
  }

 private:
  static std::uint64_t bit(std::int64_t number) { return std::uint64_t{1} << (number % 64); }

  Buffer<std::uint64_t> words_;
  Buffer<std::int64_t> below_;
};

/// This rank's firms, in the row layout. `root` and `row` are asked for a position and a number.
template <class Root, class Row>
struct Firms {
  const comm::ProcessGrid& grid;
  const matrix::Layout& layout;
  const GlobalNumbers& number;
  Root root;
  Row row;

  [[nodiscard]] std::int64_t count() const { return layout.count(grid.group().rank()); }
  [[nodiscard]] Firm operator[](std::int64_t i) const {
    const auto own_number = number[i];
    const auto own_root = root(i, own_number);
    return {own_root, row(i, own_number), own_root == own_number};
  }
};

template <class Root, class Row>
class Numbering {
 public:
  explicit Numbering(const Firms<Root, Row>& firms)
      : firms_(firms), group_(firms.grid.group()), count_(firms.count()) {}

  [[nodiscard]] Components numbered() const {
    const auto joined = joined_components();
    auto first = comm::collectively(group_, [&] { return own_first_rows(joined); });
    const auto roots = comm::all_reduce(group_, first.roots, comm::ReduceOp::sum);
    const auto rows = first.rows.unite(group_);
    require(rows == roots, ErrorKind::internal, kNoPermutation);
    return comm::collectively(group_, [&] {
      std::vector<std::int64_t> labels;
      labels.reserve(joined.size());
      for (const auto& one : joined) labels.push_back(first.rows.below(one.first_row));
      return Components{firm_labels(joined, labels, first.rows), sizes(joined, labels, roots)};
    });
  }

 private:
  struct FirstRows {
    NumberSet rows;
    std::int64_t roots;
  };

  [[nodiscard]] bool is_here(matrix::Layout::Place place) const {
    return place.rank == group_.rank();
  }

  /// The components of this rank's firms that are not roots.
  [[nodiscard]] Parts own_parts() const {
    constexpr std::int64_t kGrain = 65536;
    std::vector<Parts> of_piece(static_cast<std::size_t>((count_ + kGrain - 1) / kGrain));
    parallel_pieces(
        count_,
        [&](std::int64_t begin, std::int64_t end) {
          PartCollector collector(of_piece[static_cast<std::size_t>(begin / kGrain)]);
          for (auto i = begin; i < end; ++i) collector.add(firms_[i]);
          collector.close();
        },
        kGrain);
    Parts parts;
    for (const auto& piece : of_piece) parts.insert(parts.end(), piece.begin(), piece.end());
    merge_parts(parts);
    return parts;
  }

  /// All components of two firms or more, on all ranks.
  [[nodiscard]] Parts joined_components() const {
    const auto mine = comm::collectively(group_, [&] { return own_parts(); });
    auto parts = comm::all_gather_v(group_, std::span<const ComponentPart>(mine)).values;
    const auto whole = comm::collectively(group_, [&] { return completed(parts); });
    return comm::all_gather_v(group_, std::span<const ComponentPart>(whole)).values;
  }

  /// Those whose roots are here, with what only this rank knows: the row of the root.
  [[nodiscard]] Parts completed(Parts& parts) const {
    merge_parts(parts);
    Parts whole;
    for (const auto& part : parts) {
      const auto place = firms_.layout.place_of(GlobalIndex(part.root));
      if (!is_here(place)) continue;
      const auto row = firms_[place.position].row;
      whole.push_back({part.root, std::min(part.first_row, row), part.firms + 1});
    }
    return whole;
  }

  /// Of the components whose roots are here.
  [[nodiscard]] FirstRows own_first_rows(const Parts& joined) const {
    FirstRows first{NumberSet(firms_.layout.size()), 0};
    std::int64_t roots = 0;
#pragma omp parallel reduction(+ : roots)
    {
      NumberSet::Adder adder(first.rows);
#pragma omp for schedule(static)
      for (std::int64_t i = 0; i < count_; ++i) {
        const auto firm = firms_[i];
        adder.add(firm.row, firm.is_root);
        roots += firm.is_root ? 1 : 0;
      }
    }
    first.roots = roots;
    for (const auto& component : joined) {
      const auto place = firms_.layout.place_of(GlobalIndex(component.root));
      if (is_here(place)) first.rows.replace(firms_[place.position].row, component.first_row);
    }
    return first;
  }

  [[nodiscard]] Vector firm_labels(const Parts& joined, const std::vector<std::int64_t>& labels,
                                   const NumberSet& first_rows) const {
    std::vector<std::int64_t> joined_roots;
    joined_roots.reserve(joined.size());
    for (const auto& one : joined) joined_roots.push_back(one.root);
    const NumberTable table(joined_roots);
    Buffer<std::int64_t> label(count_);
#pragma omp parallel
    {
      std::int64_t last_root = -1;  // mostly the giant component's
      std::int64_t last_label = -1;
#pragma omp for schedule(static)
      for (std::int64_t i = 0; i < count_; ++i) {
        const auto firm = firms_[i];
        if (!firm.is_root & (firm.root != last_root)) [[unlikely]] {
          last_root = firm.root;
          last_label = labels[static_cast<std::size_t>(table.find(last_root))];
        }
        const auto own_label = first_rows.below(firm.row);
        label[i] = firm.is_root ? own_label : last_label;
      }
    }
    for (std::size_t k = 0; k < joined.size(); ++k) {  // roots with other firms
      const auto place = firms_.layout.place_of(GlobalIndex(joined[k].root));
      if (is_here(place)) label[place.position] = labels[k];
    }
    return Vector(firms_.grid, firms_.layout, std::move(label));
  }

  [[nodiscard]] Vector sizes(const Parts& joined, const std::vector<std::int64_t>& labels,
                             std::int64_t count) const {
    const matrix::Layout by_label(firms_.grid.shape(), count, matrix::Alignment::slices);
    Vector sizes(firms_.grid, by_label, 1);
    for (std::size_t k = 0; k < joined.size(); ++k) {
      const auto place = by_label.place_of(GlobalIndex(labels[k]));
      if (is_here(place)) sizes[place.position] = joined[k].firms;
    }
    return sizes;
  }

  const Firms<Root, Row>& firms_;
  const comm::Communicator& group_;
  std::int64_t count_;
};

GlobalNumbers numbers_of(const comm::ProcessGrid& grid, const matrix::Layout& layout) {
  return comm::collectively(grid.group(),
                            [&] { return GlobalNumbers(layout, grid.group().rank()); });
}

/// Numbers components by `row`, or by the firms' own numbers without.
template <class Root>
Components number_by(const comm::ProcessGrid& grid, const matrix::Layout& layout,
                     const GlobalNumbers& number, const Root& root, const Vector* row) {
  const auto own_number = [](std::int64_t, std::int64_t own) { return own; };
  if (row == nullptr) {
    const Firms<Root, decltype(own_number)> firms{grid, layout, number, root, own_number};
    return Numbering(firms).numbered();
  }
  require(row->layout() == layout, ErrorKind::internal, "input rows need the row layout");
  comm::collectively(grid.group(), [&] {
    const auto n = row->size();
    require(std::ranges::all_of(row->values(), [&](auto r) { return r >= 0 && r < n; }),
            ErrorKind::internal, kNoPermutation);
  });
  const auto input_row = [rows = row->values()](std::int64_t i, std::int64_t) {
    return rows[static_cast<std::size_t>(i)];
  };
  const Firms<Root, decltype(input_row)> firms{grid, layout, number, root, input_row};
  return Numbering(firms).numbered();
}

}  // namespace

Components number_components(const Vector& root, const Vector* row) {
  const auto number = numbers_of(root.grid(), root.layout());
  return number_by(
      root.grid(), root.layout(), number,
      [roots = root.values()](std::int64_t i, std::int64_t) {
        return roots[static_cast<std::size_t>(i)];
      },
      row);
}

template <class Index>
Components number_components(const matrix::DistributedMatrix& a, BasicUnionFind<Index>& sets,
                             const Vector* row) {
  const auto number = numbers_of(a.grid(), a.row_layout());
  const auto own = a.row_layout().count(a.grid().group().rank());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < own; ++i) sets.compress(number[i]);
  const auto roots = sets.parents();
  const auto root_of = [roots](std::int64_t, std::int64_t own) {
    return static_cast<std::int64_t>(roots[static_cast<std::size_t>(own)]);
  };
  return number_by(a.grid(), a.row_layout(), number, root_of, row);
}

template Components number_components(const matrix::DistributedMatrix&,
                                      BasicUnionFind<std::uint32_t>&, const Vector*);
template Components number_components(const matrix::DistributedMatrix&,
                                      BasicUnionFind<std::int64_t>&, const Vector*);

Vector own_numbers(const matrix::DistributedMatrix& a) {
  const auto rank = a.grid().group().rank();
  const GlobalNumbers number(a.row_layout(), rank);
  Buffer<std::int64_t> numbers(a.row_layout().count(rank));
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < numbers.ssize(); ++i) numbers[i] = number[i];
  return Vector(a.grid(), a.row_layout(), std::move(numbers));
}

ComponentSummary summary(const Components& components) {
  const auto& group = components.sizes.grid().group();
  std::int64_t largest = 0;
  std::int64_t single = 0;
  for (const auto size : components.sizes.values()) {
    largest = std::max(largest, size);
    single += size == 1 ? 1 : 0;
  }
  return {components.count(), comm::all_reduce(group, largest, comm::ReduceOp::max),
          comm::all_reduce(group, single, comm::ReduceOp::sum)};
}

}  // namespace tradegraph::kernels
