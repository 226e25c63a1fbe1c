#include "kernels/spatial_grid.hpp"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/base/parallel.hpp"
#include "engine/base/slices.hpp"
#include "kernels/radix_sort.hpp"

namespace tradegraph::kernels {

namespace {

/// Cells along an axis, at most: beyond, rounding of (x - origin) / side is no longer small.
constexpr double kMostCells = 0x1p45;
constexpr std::int64_t kParallelGrain = 512;

/// The extent of `values`, in parallel.
struct Range {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

Range range_of(std::span<const double> values) {
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
#pragma omp parallel for reduction(min : least) reduction(max : most) schedule(static)
  for (std::size_t i = 0; i < values.size(); ++i) {
    least = std::min(least, values[i]);
    most = std::max(most, values[i]);
  }
  return {least, most};
}

/// Side of the cells. Two points of one cell are less than side * (1 + 2^-51 * cells) apart along
/// each axis (the quotient that numbers the cells is rounded twice), so a side of
/// eps/sqrt(2) * (1 - margin) makes them neighbours if margin > 2^-51 * cells + a few 2^-53.
double cell_side(double eps_m, double extent) {
  const double cells = extent / eps_m * 1.5;
  require(cells < kMostCells, ErrorKind::usage,
          "eps is too small for the extent of the places (below 2^-45 of it)");
  const double margin = std::max(0x1p-20, cells * 0x1p-50);
  return eps_m * std::sqrt(0.5) * (1.0 - margin);
}

/// Renumbers cells along one axis so that there are few a point: gaps within `reach` stay, larger
/// ones become one more (beyond reach either way).
void close_gaps(std::span<std::int64_t> numbers, std::int64_t reach) {
  std::vector<std::int64_t> distinct(numbers.begin(), numbers.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::int64_t> renumbered(distinct.size(), 0);
  for (std::size_t i = 1; i < distinct.size(); ++i) {
    renumbered[i] = renumbered[i - 1] + std::min(reach + 1, distinct[i] - distinct[i - 1]);
  }
#pragma omp parallel for schedule(static)
  for (auto& number : numbers) {
    const auto found = std::lower_bound(distinct.begin(), distinct.end(), number);
    number = renumbered[static_cast<std::size_t>(found - distinct.begin())];
  }
}

/// Cell numbers of points along one axis and the bits that they need.
class Axis {
 public:
  Axis(std::span<const double> values, Range range, double side, int reach)
      : values_(values), range_(range), side_(side) {
    auto largest = number_at(range_.most);
    if (largest > 4 * std::ssize(values) + 1024) {
      renumbered_ = Buffer<std::int64_t>(std::ssize(values));
#pragma omp parallel for schedule(static)
      for (std::size_t i = 0; i < values.size(); ++i) renumbered_[i] = number_at(values[i]);
      close_gaps(renumbered_, reach);
      largest = *std::max_element(renumbered_.begin(), renumbered_.end());
    }
    bits_ = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(largest)));
  }

  [[nodiscard]] std::int64_t number(std::size_t i) const {
    return renumbered_.empty() ? number_at(values_[i]) : renumbered_[i];
  }
  [[nodiscard]] int bits() const { return bits_; }

 private:
  [[nodiscard]] std::int64_t number_at(double value) const {
    return static_cast<std::int64_t>((value - range_.least) / side_);
  }

  std::span<const double> values_;
  Range range_;
  double side_;
  Buffer<std::int64_t> renumbered_;  ///< where gaps were closed
  int bits_ = 0;
};

/// Nodes below the root of a k-d tree over `size` points; a function of the size alone, so that
/// the trees of all cells can be laid out before any is built.
std::int64_t nodes_below(std::int64_t size) {
  if (size <= kLeafPoints) return 0;
  return 2 + nodes_below(size / 2) + nodes_below(size - size / 2);
}

/// Points by cell: their keys have the column above the row.
template <class Keyed>
Buffer<Keyed> sorted_points(const Axis& columns, const Axis& rows, std::int64_t points) {
  Buffer<Keyed> sorted(points);
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < points; ++i) {
    const auto point = static_cast<std::size_t>(i);
    const auto key = columns.number(point) << rows.bits() | rows.number(point);
    sorted[i] = {static_cast<decltype(Keyed::key)>(key), static_cast<decltype(Keyed::point)>(i)};
  }
  sort_by_key<Keyed>(sorted, columns.bits() + rows.bits());
  return sorted;
}

/// Where cells start among points sorted by key; at last, the number of points.
template <class Keyed>
Buffer<std::int64_t> starts_of_cells(std::span<const Keyed> sorted) {
  const auto is_start = [&](std::size_t i) { return i == 0 || sorted[i].key != sorted[i - 1].key; };
  const Slices slices(std::ssize(sorted), omp_get_max_threads());
  const auto for_starts = [&](std::int64_t slice, auto&& use) {
    const auto end = static_cast<std::size_t>(slices.begin(static_cast<int>(slice) + 1));
    for (auto i = static_cast<std::size_t>(slices.begin(static_cast<int>(slice))); i < end; ++i) {
      if (is_start(i)) use(static_cast<std::int64_t>(i));
    }
  };
  std::vector<std::int64_t> before(static_cast<std::size_t>(omp_get_max_threads()) + 1, 0);
  parallel_for(std::ssize(before) - 1, [&](std::int64_t slice) {
    std::int64_t count = 0;
    for_starts(slice, [&](std::int64_t) { ++count; });
    before[static_cast<std::size_t>(slice) + 1] = count;
  });
  std::partial_sum(before.begin(), before.end(), before.begin());
  Buffer<std::int64_t> starts(before.back() + 1);
  parallel_for(std::ssize(before) - 1, [&](std::int64_t slice) {
    auto* next = &starts[before[static_cast<std::size_t>(slice)]];
    for_starts(slice, [&](std::int64_t i) { *next++ = i; });
  });
  starts[before.back()] = std::ssize(sorted);
  return starts;
}

struct NumberedPlace {
  double x;
  double y;
  std::int64_t point;
};

/// Builds the k-d tree of one cell in place: halves by the median of the longer side.
class CellTree {
 public:
  CellTree(Buffer<GridNode>& nodes, std::int64_t next_free, std::span<NumberedPlace> places)
      : nodes_(nodes), next_free_(next_free), places_(places) {}

  /// `base` is the grid position of the first of `places`.
  void build(std::int64_t root, std::int64_t base) {
    auto& node = nodes_[root];
    if (node.size() <= kLeafPoints || node.box.is_point()) return;
    const auto middle = node.first + node.size() / 2;
    split(node, middle, base);
    node.left = next_free_;
    next_free_ += 2;
    make_child(node.left, node.first, middle, base);
    make_child(node.left + 1, middle, node.last, base);
    build(node.left, base);
    build(node.left + 1, base);
  }

 private:
  void split(const GridNode& node, std::int64_t middle, std::int64_t base) {
    const auto begin = places_.begin() - base;
    const bool wide = node.box.max_x - node.box.min_x >= node.box.max_y - node.box.min_y;
    const auto less = [wide](const NumberedPlace& a, const NumberedPlace& b) {
      return wide ? a.x < b.x : a.y < b.y;
    };
    std::nth_element(begin + node.first, begin + middle, begin + node.last, less);
  }
  void make_child(std::int64_t child, std::int64_t first, std::int64_t last, std::int64_t base) {
    auto& node = nodes_[child];
    node = GridNode{{}, first, last, -1, kNoRow};
    for (auto i = first - base; i < last - base; ++i) {
      const auto& place = places_[static_cast<std::size_t>(i)];
      node.box.include(place.x, place.y);
    }
  }

  Buffer<GridNode>& nodes_;
  std::int64_t next_free_;
  std::span<NumberedPlace> places_;
};

}  // namespace

SpatialGrid::SpatialGrid(const PointSet& points, double eps_m, int reach) : reach_(reach) {
  const auto n = points.x_m.size();
  if (n == 0) {
    column_first_ = Buffer<std::int64_t>(1, 0);
    return;
  }
  const auto x_range = range_of(points.x_m);
  const auto y_range = range_of(points.y_m);
  const double side =
      cell_side(eps_m, std::max(x_range.most - x_range.least, y_range.most - y_range.least));
  // Cells one further apart than the reach have so many between them, but for the rounding of their
  // numbers (2^-5 of a cell).
  reach_m_ = (reach - 0.05) * side;
  const Axis columns(points.x_m, x_range, side, reach);
  const Axis rows(points.y_m, y_range, side, reach);
  const auto arrange_as = [&]<class Keyed>(Keyed /*type*/) {
    arrange<Keyed>(points, sorted_points<Keyed>(columns, rows, static_cast<std::int64_t>(n)),
                   rows.bits());
  };
  if (columns.bits() + rows.bits() <= 32 && n >> 32 == 0) {
    arrange_as(ShortKeyedPoint());
  } else {
    arrange_as(KeyedPoint());
  }
  split_large_cells();
}

template <class Keyed>
void SpatialGrid::arrange(const PointSet& points, std::span<const Keyed> sorted, int row_bits) {
  place_cells<Keyed>(sorted, starts_of_cells<Keyed>(sorted), row_bits);
  gather<Keyed>(points, sorted);
}

template <class Keyed>
void SpatialGrid::place_cells(std::span<const Keyed> sorted, std::span<const std::int64_t> starts,
                              int row_bits) {
  const auto cells = std::ssize(starts) - 1;
  const auto row_mask = (std::uint64_t{1} << row_bits) - 1;
  const auto place_of = [&](std::size_t cell) {
    const std::uint64_t key = sorted[static_cast<std::size_t>(starts[cell])].key;
    return CellPlace{static_cast<std::int64_t>(key >> row_bits),
                     static_cast<std::int64_t>(key & row_mask)};
  };
  auto nodes = cells;
  for (std::size_t cell = 0; cell + 1 < starts.size(); ++cell) {
    nodes += nodes_below(starts[cell + 1] - starts[cell]);
  }
  places_ = Buffer<CellPlace>(cells);
  nodes_ = Buffer<GridNode>(nodes);
  column_first_ = Buffer<std::int64_t>(place_of(starts.size() - 2).column + 2);
#pragma omp parallel for schedule(static)
  for (std::size_t cell = 0; cell < starts.size() - 1; ++cell) {
    nodes_[cell] = {{}, starts[cell], starts[cell + 1], -1, kNoRow};
    places_[cell] = place_of(cell);
    auto column = cell == 0 ? 0 : place_of(cell - 1).column + 1;
    for (; column <= places_[cell].column; ++column) {
      column_first_[column] = static_cast<std::int64_t>(cell);
    }
  }
  column_first_[column_first_.ssize() - 1] = cells;
}

template <class Keyed>
void SpatialGrid::gather(const PointSet& points, std::span<const Keyed> sorted) {
  const auto n = std::ssize(sorted);
  x_ = Buffer<double>(n);
  y_ = Buffer<double>(n);
  point_ = Buffer<std::int64_t>(n);
#pragma omp parallel for schedule(dynamic, kParallelGrain)
  for (std::int64_t cell = 0; cell < cells(); ++cell) {
    auto& node = nodes_[cell];
    for (auto p = node.first; p < node.last; ++p) {
      const auto i = static_cast<std::size_t>(sorted[static_cast<std::size_t>(p)].point);
      point_[p] = static_cast<std::int64_t>(i);
      x_[p] = points.x_m[i];
      y_[p] = points.y_m[i];
      node.box.include(x_[p], y_[p]);
    }
  }
}

void SpatialGrid::split_large_cells() {
  std::vector<std::int64_t> large;
  std::vector<std::int64_t> next_free;
  auto total = cells();
  std::int64_t largest = 0;
  for (std::int64_t cell = 0; cell < cells(); ++cell) {
    const auto size = node(cell).size();
    if (size <= kLeafPoints) continue;
    large.push_back(cell);
    next_free.push_back(total);
    total += nodes_below(size);
    largest = std::max(largest, size);
  }
  std::vector<std::vector<NumberedPlace>> scratch(static_cast<std::size_t>(omp_get_max_threads()));
  for (auto& places : scratch) places.resize(static_cast<std::size_t>(largest));
#pragma omp parallel for schedule(dynamic, 1)
  for (std::size_t k = 0; k < large.size(); ++k) {
    const auto& cell = nodes_[large[k]];
    std::fill_n(&nodes_[next_free[k]], nodes_below(cell.size()), GridNode{});  // a tower needs none
    const std::span places(scratch[static_cast<std::size_t>(omp_get_thread_num())].data(),
                           static_cast<std::size_t>(cell.size()));
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto p = cell.first + static_cast<std::int64_t>(i);
      places[i] = {x_[p], y_[p], point_[p]};
    }
    CellTree(nodes_, next_free[k], places).build(large[k], cell.first);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto p = cell.first + static_cast<std::int64_t>(i);
      x_[p] = places[i].x;
      y_[p] = places[i].y;
      point_[p] = places[i].point;
    }
  }
}

void SpatialGrid::number_by_position() {
#pragma omp parallel for schedule(static)
  for (std::int64_t p = 0; p < points(); ++p) point_[p] = p;
}

std::int64_t SpatialGrid::cell_at(std::int64_t position) const {
  const auto end = nodes_.begin() + cells();
  const auto after = std::upper_bound(nodes_.begin(), end, position,
                                      [](auto p, const GridNode& node) { return p < node.first; });
  return after - nodes_.begin() - 1;
}

void SpatialGrid::mark_cores(std::span<const std::uint8_t> core,
                             std::span<const std::int64_t> row) {
#pragma omp parallel for schedule(dynamic, kParallelGrain)
  for (std::int64_t cell = 0; cell < cells(); ++cell) mark(cell, core, row);
}

std::int64_t SpatialGrid::mark(std::int64_t i, std::span<const std::uint8_t> core,
                               std::span<const std::int64_t> row) {
  auto& node = nodes_[i];
  node.smallest_core_row = kNoRow;
  if (!node.is_leaf()) {
    node.smallest_core_row = std::min(mark(node.left, core, row), mark(node.left + 1, core, row));
    return node.smallest_core_row;
  }
  for (auto p = node.first; p < node.last; ++p) {
    if (core[static_cast<std::size_t>(p)] == 0) continue;
    const auto own = row[static_cast<std::size_t>(point_[p])];
    node.smallest_core_row = std::min(node.smallest_core_row, own);
  }
  return node.smallest_core_row;
}

}  // namespace tradegraph::kernels
