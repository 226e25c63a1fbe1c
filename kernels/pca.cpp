#include "kernels/pca.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/error.hpp"
#include "kernels/undefined.hpp"
#include "kernels/z_scores.hpp"

namespace tradegraph::kernels {

namespace {

/// One rotation in the plane of p and q that makes matrix[p, q] zero.
void rotate(std::vector<double>& matrix, std::vector<double>& vectors, std::size_t n, std::size_t p,
            std::size_t q) {
  const double off = matrix[p * n + q];
  if (off == 0) return;
  const double theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * off);
  const double t = (theta >= 0 ? 1.0 : -1.0) / (std::abs(theta) + std::hypot(theta, 1.0));
  const double c = 1 / std::hypot(t, 1.0);
  const double s = t * c;
  for (std::size_t k = 0; k < n; ++k) {  // columns
    const double a = matrix[k * n + p];
    const double b = matrix[k * n + q];
    matrix[k * n + p] = c * a - s * b;
    matrix[k * n + q] = s * a + c * b;
  }
  for (auto* rows : {&matrix, &vectors}) {
    for (std::size_t k = 0; k < n; ++k) {
      const double a = (*rows)[p * n + k];
      const double b = (*rows)[q * n + k];
      (*rows)[p * n + k] = c * a - s * b;
      (*rows)[q * n + k] = s * a + c * b;
    }
  }
  matrix[p * n + q] = matrix[q * n + p] = 0;
}

double off_diagonal(const std::vector<double>& matrix, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) sum += matrix[i * n + j] * matrix[i * n + j];
  }
  return sum;
}

SymmetricEigen sorted(const std::vector<double>& matrix, const std::vector<double>& vectors,
                      std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return matrix[a * n + a] > matrix[b * n + b];
  });
  SymmetricEigen result;
  for (const auto k : order) {
    result.values.push_back(matrix[k * n + k]);
    result.vectors.insert(result.vectors.end(),
                          vectors.begin() + static_cast<std::ptrdiff_t>(k * n),
                          vectors.begin() + static_cast<std::ptrdiff_t>(k * n + n));
  }
  return result;
}

/// Correlations of standardised columns.
std::vector<double> correlations(const std::vector<std::vector<double>>& z) {
  std::vector<double> matrix;
  for (const auto& a : z) {
    for (const auto& b : z) {
      double sum = 0;
      for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
      matrix.push_back(sum / static_cast<double>(a.size() - 1));
    }
  }
  return matrix;
}

}  // namespace

SymmetricEigen symmetric_eigen(std::vector<double> matrix, std::size_t size) {
  require(matrix.size() == size * size, ErrorKind::internal, "matrix is not square");
  std::vector<double> vectors(size * size, 0);
  for (std::size_t i = 0; i < size; ++i) vectors[i * size + i] = 1;
  constexpr int kSweeps = 60;  // converges quadratically: a handful suffices
  for (int sweep = 0; sweep < kSweeps && off_diagonal(matrix, size) > 0; ++sweep) {
    for (std::size_t p = 0; p + 1 < size; ++p) {
      for (std::size_t q = p + 1; q < size; ++q) rotate(matrix, vectors, size, p, q);
    }
  }
  return sorted(matrix, vectors, size);
}

PrincipalComponent first_component(std::span<const double> values, std::size_t columns) {
  require(columns > 0 && values.size() % columns == 0, ErrorKind::internal, "not a table");
  const auto rows = values.size() / columns;
  PrincipalComponent result{std::vector<double>(columns, kUndefined), kUndefined,
                            std::vector<double>(rows, kUndefined)};
  std::vector<std::vector<double>> z;
  for (std::size_t c = 0; c < columns; ++c) {
    std::vector<double> column;
    for (std::size_t r = 0; r < rows; ++r) column.push_back(values[r * columns + c]);
    z.push_back(z_scores(column).z);
    if (rows < 2 || std::isnan(z.back().front())) return result;
  }
  const auto eigen = symmetric_eigen(correlations(z), columns);
  const auto first = std::span(eigen.vectors).first(columns);
  const auto largest = std::ranges::max_element(
      first, [](double a, double b) { return std::abs(a) < std::abs(b) * (1 - 1e-12); });
  const double sign = *largest < 0 ? -1 : 1;
  for (std::size_t c = 0; c < columns; ++c) result.loadings[c] = sign * first[c];
  result.explained = eigen.values[0] / static_cast<double>(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    result.scores[r] = 0;
    for (std::size_t c = 0; c < columns; ++c) result.scores[r] += result.loadings[c] * z[c][r];
  }
  return result;
}

}  // namespace tradegraph::kernels
