#include "kernels/ward.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

namespace {

class Agglomeration {
 public:
  explicit Agglomeration(const SquaredDistances& distances)
      : rows_(distances.rows), squared_(distances.values), size_(rows_, 1) {}

  std::vector<Merge> run() {
    std::vector<Merge> merges;
    std::vector<std::size_t> chain;
    while (merges.size() + 1 < rows_) {
      if (chain.empty()) chain.push_back(first_alive());
      const auto tip = chain.back();
      const auto before = chain.size() > 1 ? chain[chain.size() - 2] : rows_;
      const auto next = nearest(tip, before);
      if (next != before) {
        chain.push_back(next);
        continue;
      }
      chain.resize(chain.size() - 2);
      merges.push_back(merge(std::min(tip, next), std::max(tip, next)));
    }
    return merges;
  }

 private:
  [[nodiscard]] double& at(std::size_t i, std::size_t j) { return squared_[i * rows_ + j]; }

  [[nodiscard]] std::size_t first_alive() const {
    return static_cast<std::size_t>(std::ranges::find_if(size_, [](double s) { return s > 0; }) -
                                    size_.begin());
  }

  /// The nearest cluster; `preferred` if it is as near as any.
  [[nodiscard]] std::size_t nearest(std::size_t tip, std::size_t preferred) {
    auto best = preferred;
    double least = preferred < rows_ ? at(tip, preferred) : std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < rows_; ++j) {
      if (j == tip || size_[j] == 0 || at(tip, j) >= least) continue;
      least = at(tip, j);
      best = j;
    }
    return best;
  }

  Merge merge(std::size_t a, std::size_t b) {
    const double between = at(a, b);
    for (std::size_t k = 0; k < rows_; ++k) {
      if (k == a || k == b || size_[k] == 0) continue;
      const double all = size_[a] + size_[b] + size_[k];
      at(a, k) = at(k, a) = ((size_[a] + size_[k]) * at(a, k) + (size_[b] + size_[k]) * at(b, k) -
                             size_[k] * between) /
                            all;
    }
    size_[a] += size_[b];
    size_[b] = 0;
    return {a, b, std::sqrt(between)};
  }

  std::size_t rows_;
  std::vector<double> squared_;
  std::vector<double> size_;
};

}  // namespace

std::vector<Merge> ward(const SquaredDistances& distances) {
  if (distances.rows == 0) return {};
  auto merges = Agglomeration(distances).run();
  // Chains find merges out of order; Ward's heights never fall along a branch, so sorting is safe.
  std::ranges::stable_sort(merges, {}, &Merge::height);
  return merges;
}

std::vector<std::int32_t> cut(const std::vector<Merge>& merges, std::size_t rows,
                              std::size_t clusters) {
  require(clusters >= 1 && clusters <= rows && merges.size() + 1 == rows, ErrorKind::internal,
          "no such cut");
  std::vector<std::size_t> parent(rows);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (std::size_t m = 0; m < rows - clusters; ++m) {
    const auto a = root(merges[m].first);
    const auto b = root(merges[m].second);
    parent[std::max(a, b)] = std::min(a, b);
  }
  std::vector<std::int32_t> number(rows, -1);
  std::vector<std::int32_t> result;
  std::int32_t next = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    auto& own = number[root(i)];
    if (own < 0) own = next++;
    result.push_back(own);
  }
  return result;
}

}  // namespace tradegraph::kernels
