#include "kernels/component_labels.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <iterator>
#include <numeric>
#include <utility>

#include "engine/base/buffer.hpp"
#include "engine/base/number_table.hpp"
#include "engine/base/parallel.hpp"
#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/delivery.hpp"

namespace tradegraph::kernels {

/// What some firms of one component, other than its root, add to it.
struct ComponentPart {
  std::int64_t root;
  std::int64_t first_row;
  std::int64_t firms;
};

/// A value of a component, or of an input row.
struct NumberedValue {
  std::int64_t number;
  std::int64_t value;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::ComponentPart> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::NumberedValue> : std::true_type {};

namespace tradegraph::kernels {

namespace {

using Vector = matrix::DistributedVector<std::int64_t>;
using Numbers = std::vector<std::int64_t>;

constexpr const char* kNoPermutation = "input rows of firms are not a permutation";

/// Adds up firms by root with a few open parts, so that the firms of a giant component make few of
/// them however they mix with others.
class PartCollector {
 public:
  explicit PartCollector(std::vector<ComponentPart>& closed) : closed_(closed) {
    open_.fill({-1, 0, 0});
  }
  void add(std::int64_t root, std::int64_t row) {
    auto& part = open_[mix64(static_cast<std::uint64_t>(root)) % kOpen];
    if (part.root != root) {
      if (part.root >= 0) closed_.push_back(part);
      part = {root, row, 0};
    }
    part.first_row = std::min(part.first_row, row);
    ++part.firms;
  }
  void close() {
    for (const auto& part : open_) {
      if (part.root >= 0) closed_.push_back(part);
    }
  }

 private:
  static constexpr std::size_t kOpen = 64;
  std::array<ComponentPart, kOpen> open_;
  std::vector<ComponentPart>& closed_;
};

/// One part a root, by root.
void merge_parts(std::vector<ComponentPart>& parts) {
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

/// The components of this rank's firms that are not roots; `number(i)` and `row(i)`: of the i-th.
template <class Row, class Number>
std::vector<ComponentPart> own_parts(const Vector& root, const Row& row, const Number& number) {
  constexpr std::int64_t kGrain = 65536;
  std::vector<std::vector<ComponentPart>> of_piece(
      static_cast<std::size_t>((root.count() + kGrain - 1) / kGrain));
  parallel_pieces(
      root.count(),
      [&](std::int64_t begin, std::int64_t end) {
        PartCollector collector(of_piece[static_cast<std::size_t>(begin / kGrain)]);
        for (auto i = begin; i < end; ++i) {
          if (root[i] != number(i)) collector.add(root[i], row(i));
        }
        collector.close();
      },
      kGrain);
  std::vector<ComponentPart> parts;
  for (const auto& piece : of_piece) parts.insert(parts.end(), piece.begin(), piece.end());
  merge_parts(parts);
  return parts;
}

/// The components whose root this rank holds.
struct OwnComponents {
  Numbers position;   ///< of the root among this rank's firms, ascending
  Numbers first_row;  ///< smallest of any firm
  Numbers firms;

  /// Index of the component whose root stands at `root_position`.
  [[nodiscard]] std::size_t at(std::int64_t root_position) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(position, root_position) -
                                    position.begin());
  }
};

OwnComponents own_components(const Vector& root, const Vector& row, const Numbers& number,
                             std::span<const ComponentPart> parts) {
  OwnComponents own;
  const auto count = root.count();
  for (std::int64_t i = 0; i < count; ++i) {
    if (root[i] != number[static_cast<std::size_t>(i)]) continue;
    own.position.push_back(i);
    own.first_row.push_back(row[i]);
    own.firms.push_back(1);
  }
  for (const auto& part : parts) {
    const auto place = root.layout().place_of(GlobalIndex(part.root));
    if (place.rank != root.grid().group().rank()) continue;
    const auto at = own.at(place.position);
    own.first_row[at] = std::min(own.first_row[at], part.first_row);
    own.firms[at] += part.firms;
  }
  return own;
}

/// Rank whose slice holds each of the numbers.
std::vector<std::int32_t> slice_owners(const Numbers& numbers, std::int64_t size, int ranks) {
  const Slices slices(size, ranks);
  Numbers ends;
  for (int rank = 0; rank < ranks; ++rank) ends.push_back(slices.begin(rank + 1));
  std::vector<std::int32_t> owners(numbers.size());
  std::ranges::transform(numbers, owners.begin(), [&](std::int64_t number) {
    return static_cast<std::int32_t>(std::ranges::upper_bound(ends, number) - ends.begin());
  });
  return owners;
}

/// How many of the `rows` are below each, of all ranks' together: their order, without sorting.
Numbers order_among(const Vector& any, const Numbers& rows) {
  const auto& group = any.grid().group();
  const Slices slices(any.size(), group.size());
  const comm::Delivery<std::int64_t> asked(group, rows,
                                           slice_owners(rows, any.size(), group.size()));
  const auto first = slices.begin(group.rank());
  Numbers before(static_cast<std::size_t>(slices.count(group.rank())), 0);
  const auto at = [&](std::int64_t row) -> std::int64_t& {
    return before[static_cast<std::size_t>(row - first)];
  };
  for (const auto row : asked.received()) ++at(row);
  const bool twice = std::ranges::any_of(before, [](auto count) { return count > 1; });
  require(!comm::any_rank(group, twice), ErrorKind::internal, kNoPermutation);
  const auto mine = static_cast<std::int64_t>(asked.received().size());
  std::exclusive_scan(before.begin(), before.end(), before.begin(),
                      comm::exclusive_scan(group, mine));
  Numbers answers;
  answers.reserve(asked.received().size());
  for (const auto row : asked.received()) answers.push_back(at(row));
  return asked.answer(std::span<const std::int64_t>(answers));
}

/// Labels of the components of two firms or more, by root, on all ranks.
std::vector<NumberedValue> shared_labels(const Vector& root, const Numbers& number,
                                         const OwnComponents& own, const Numbers& labels) {
  std::vector<NumberedValue> mine;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    if (own.firms[k] == 1) continue;
    mine.push_back({number[static_cast<std::size_t>(own.position[k])], labels[k]});
  }
  return comm::all_gather_v(root.grid().group(), std::span<const NumberedValue>(mine)).values;
}

Vector labels_of_firms(const Vector& root, const Numbers& number, const OwnComponents& own,
                       const Numbers& own_labels, const std::vector<NumberedValue>& shared) {
  Vector label(root.grid(), root.layout());
  for (std::size_t k = 0; k < own_labels.size(); ++k) label[own.position[k]] = own_labels[k];
  Numbers roots;
  for (const auto& one : shared) roots.push_back(one.number);
  const NumberTable table(roots);
#pragma omp parallel
  {
    NumberedValue last{-1, -1};  // mostly the giant component
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < root.count(); ++i) {
      if (root[i] == number[static_cast<std::size_t>(i)]) continue;
      if (root[i] != last.number) last = shared[static_cast<std::size_t>(table.find(root[i]))];
      label[i] = last.value;
    }
  }
  return label;
}

Vector sizes_by_label(const Vector& root, const OwnComponents& own, const Numbers& labels) {
  const auto& grid = root.grid();
  const auto& group = grid.group();
  const auto count = comm::all_reduce(group, std::ssize(labels), comm::ReduceOp::sum);
  Vector sizes(grid, matrix::Layout(grid.shape(), count, matrix::Alignment::slices));
  std::vector<NumberedValue> items;
  for (std::size_t k = 0; k < labels.size(); ++k) items.push_back({labels[k], own.firms[k]});
  const comm::Delivery<NumberedValue> sent(group, items, slice_owners(labels, count, group.size()));
  const auto first = Slices(count, group.size()).begin(group.rank());
  for (const auto& item : sent.received()) sizes[item.number - first] = item.value;
  return sizes;
}

/// A set of numbers below a size. Any number of threads may add to it at once.
class NumberSet {
 public:
  explicit NumberSet(std::int64_t size) : words_((size + 63) / 64, 0), below_(words_.ssize()) {}

  /// False if it was there.
  bool add(std::int64_t number) {
    const auto bit = std::uint64_t{1} << (number % 64);
    return (std::atomic_ref(words_[number / 64]).fetch_or(bit, std::memory_order_relaxed) & bit) ==
           0;
  }
  /// Makes `below` ready; returns how many there are.
  std::int64_t count() {
    std::int64_t sum = 0;
    for (std::int64_t w = 0; w < words_.ssize(); ++w) {
      below_[w] = sum;
      sum += std::popcount(words_[w]);
    }
    return sum;
  }
  /// How many are below `number`.
  [[nodiscard]] std::int64_t below(std::int64_t number) const {
    const auto lower = (std::uint64_t{1} << (number % 64)) - 1;
    return below_[number / 64] + std::popcount(words_[number / 64] & lower);
  }

 private:
  Buffer<std::uint64_t> words_;
  Buffer<std::int64_t> below_;
};

bool is_permutation(const Vector& row) {
  NumberSet seen(row.count());
  bool all_new = true;
#pragma omp parallel for schedule(static) reduction(&& : all_new)
  for (std::int64_t i = 0; i < row.count(); ++i) all_new = seen.add(row[i]) && all_new;
  return all_new;
}

/// The label of each root, in place of its component's first input row; returns how many.
std::int64_t label_roots(const Vector& root, Buffer<std::int64_t>& first_row) {
  const auto n = root.count();
  NumberSet first(n);
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    if (root[i] == i) first.add(first_row[i]);
  }
  const auto labels = first.count();
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    if (root[i] == i) first_row[i] = first.below(first_row[i]);
  }
  return labels;
}

constexpr auto kPositionItself = [](std::int64_t i) { return i; };

/// Without other ranks: a firm's number is its position, and labels count first rows.
template <class Row>
Components number_alone(const Vector& root, const Row& row) {
  const auto n = root.count();
  const auto parts = own_parts(root, row, kPositionItself);
  Buffer<std::int64_t> label_of_root(n);
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < n; ++i) label_of_root[i] = row(i);
  for (const auto& part : parts) {
    label_of_root[part.root] = std::min(label_of_root[part.root], part.first_row);
  }
  Numbers sizes(static_cast<std::size_t>(label_roots(root, label_of_root)), 1);
  for (const auto& part : parts) {
    sizes[static_cast<std::size_t>(label_of_root[part.root])] += part.firms;
  }
  Vector label(root.grid(), root.layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < n; ++i) label[i] = label_of_root[root[i]];
  const matrix::Layout by_label(root.grid().shape(), std::ssize(sizes), matrix::Alignment::slices);
  return {std::move(label), Vector(root.grid(), by_label, sizes)};
}

}  // namespace

Components number_components(const Vector& root, const Vector& row) {
  const auto& group = root.grid().group();
  comm::collectively(group, [&] {
    const auto n = row.size();
    require(std::ranges::all_of(row.values(), [&](auto r) { return r >= 0 && r < n; }),
            ErrorKind::internal, kNoPermutation);
  });
  const auto row_of = [&](std::int64_t i) { return row[i]; };
  if (group.size() == 1) {
    require(is_permutation(row), ErrorKind::internal, kNoPermutation);
    return number_alone(root, row_of);
  }
  const auto number = root.layout().globals_of(group.rank());
  const auto number_of = [&](std::int64_t i) { return number[static_cast<std::size_t>(i)]; };
  const auto mine = comm::collectively(group, [&] { return own_parts(root, row_of, number_of); });
  const auto parts = comm::all_gather_v(group, std::span<const ComponentPart>(mine)).values;
  const auto own =
      comm::collectively(group, [&] { return own_components(root, row, number, parts); });
  const auto labels = order_among(root, own.first_row);
  const auto shared = shared_labels(root, number, own, labels);
  return {labels_of_firms(root, number, own, labels, shared), sizes_by_label(root, own, labels)};
}

Components number_components(const Vector& root) {
  const auto& group = root.grid().group();
  if (group.size() == 1) return number_alone(root, kPositionItself);
  return number_components(
      root, Vector(root.grid(), root.layout(), root.layout().globals_of(group.rank())));
}

Vector own_numbers(const matrix::DistributedMatrix& a) {
  const auto& group = a.grid().group();
  if (group.size() > 1) return {a.grid(), a.row_layout(), a.row_layout().globals_of(group.rank())};
  Vector numbers(a.grid(), a.row_layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < numbers.count(); ++i) numbers[i] = i;
  return numbers;
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
