#include "kernels/assignment.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

namespace {

struct Edge {
  std::int64_t column;
  std::int64_t cost;
};

/// Columns [0, columns) are the real ones; columns + r stands for row r staying alone, at cost 0.
class Augmentation {
 public:
  Augmentation(std::int64_t rows, std::int64_t columns, std::span<const Candidate> candidates)
      : columns_(columns),
        edges_(static_cast<std::size_t>(rows)),
        price_(static_cast<std::size_t>(columns + rows), 0),
        row_of_(price_.size(), -1),
        column_of_(edges_.size(), -1),
        distance_(price_.size(), kFar),
        from_(price_.size(), -1),
        is_done_(price_.size(), false) {
    for (const auto& c : candidates) {
      edges_[static_cast<std::size_t>(c.row)].push_back({c.column, -c.gain});
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      edges_[static_cast<std::size_t>(row)].push_back({columns + row, 0});
    }
  }

  void add(std::int64_t row) {
    const auto end = search(row);
    const auto length = distance_[at(end)];
    for (const auto column : touched_) {
      if (is_done_[at(column)]) price_[at(column)] += distance_[at(column)] - length;
    }
    flip_path(row, end);
    for (const auto column : touched_) {
      distance_[at(column)] = kFar;
      is_done_[at(column)] = false;
    }
    touched_.clear();
  }

  [[nodiscard]] std::vector<std::int64_t> result() const {
    auto result = column_of_;
    for (auto& column : result) {
      if (column >= columns_) column = -1;
    }
    return result;
  }

 private:
  static constexpr std::int64_t kFar = INT64_MAX;
  using Entry = std::pair<std::int64_t, std::int64_t>;  // distance, column

  static std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

  void relax(std::int64_t row, std::int64_t offset) {
    for (const auto& [column, cost] : edges_[at(row)]) {
      const auto length = cost - price_[at(column)] + offset;
      if (is_done_[at(column)] || length >= distance_[at(column)]) continue;
      if (distance_[at(column)] == kFar) touched_.push_back(column);
      distance_[at(column)] = length;
      from_[at(column)] = row;
      queue_.emplace(length, column);
    }
  }

  /// The nearest free column of the augmenting paths from `row`.
  std::int64_t search(std::int64_t row) {
    queue_ = {};
    relax(row, 0);
    while (true) {
      const auto [length, column] = queue_.top();
      queue_.pop();
      if (is_done_[at(column)] || length > distance_[at(column)]) continue;
      const auto next = row_of_[at(column)];
      if (next < 0) return column;
      is_done_[at(column)] = true;
      const auto& edges = edges_[at(next)];
      const auto matched = std::find_if(edges.begin(), edges.end(),
                                        [c = column](const Edge& e) { return e.column == c; });
      relax(next, length - (matched->cost - price_[at(column)]));
    }
  }

  void flip_path(std::int64_t start, std::int64_t column) {
    for (std::int64_t row = -1; row != start;) {
      row = from_[at(column)];
      row_of_[at(column)] = row;
      std::swap(column, column_of_[at(row)]);
    }
  }

  std::int64_t columns_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<std::int64_t> price_;
  std::vector<std::int64_t> row_of_;
  std::vector<std::int64_t> column_of_;
  std::vector<std::int64_t> distance_;
  std::vector<std::int64_t> from_;
  std::vector<bool> is_done_;
  std::vector<std::int64_t> touched_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace

std::vector<std::int64_t> best_assignment(std::int64_t rows, std::int64_t columns,
                                          std::span<const Candidate> candidates) {
  for (const auto& c : candidates) {
    require(c.row >= 0 && c.row < rows && c.column >= 0 && c.column < columns, ErrorKind::internal,
            "candidate outside the matrix");
    require(c.gain > 0 && c.gain <= std::int64_t{1} << 52, ErrorKind::internal,
            "gain out of range");
  }
  Augmentation augmentation(rows, columns, candidates);
  for (std::int64_t row = 0; row < rows; ++row) augmentation.add(row);
  return augmentation.result();
}

}  // namespace tradegraph::kernels
