#include "kernels/relatedness.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

namespace {

using Row = std::span<const double>;

double sum(Row values) {
  double total = 0;
  for (const double x : values) total += x;
  return total;
}

double dot(Row a, Row b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

/// Values less their mean, at unit length; all 0 where they do not vary.
std::vector<double> unit_deviation(Row values) {
  if (values.empty()) return {};
  const double mean = sum(values) / static_cast<double>(values.size());
  std::vector<double> result;
  const auto [least, largest] = std::ranges::minmax(values);
  for (const double x : values) result.push_back(least == largest ? 0 : x - mean);
  const double length = std::sqrt(dot(result, result));
  for (double& x : result) x = length > 0 ? x / length : 0;
  return result;
}

/// result(i, j) = value(i, j) for i < j, mirrored.
template <class Value>
Relatedness symmetric(std::size_t industries, const Value& value) {
  Relatedness result{industries, std::vector<double>(industries * industries, 0)};
#pragma omp parallel for schedule(dynamic, 8)
  for (std::size_t i = 0; i < industries; ++i) {
    for (std::size_t j = i + 1; j < industries; ++j) {
      result.values[i * industries + j] = value(i, j);
    }
  }
  for (std::size_t i = 0; i < industries; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      result.values[i * industries + j] = result.values[j * industries + i];
    }
  }
  return result;
}

std::size_t width(std::span<const double> table, std::size_t industries) {
  require(industries > 0 && !table.empty() && table.size() % industries == 0, ErrorKind::internal,
          "not a table of industries");
  return table.size() / industries;
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

Relatedness location_correlation(std::span<const double> table, std::size_t industries) {
  const auto regions = width(table, industries);
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < industries; ++i) {
    rows.push_back(unit_deviation(table.subspan(i * regions, regions)));
  }
  return symmetric(industries, [&](std::size_t i, std::size_t j) { return dot(rows[i], rows[j]); });
}

Relatedness coagglomeration(std::span<const double> table, std::size_t industries) {
  const auto regions = width(table, industries);
  std::vector<std::vector<double>> deviation(industries);
  std::vector<double> mean(regions, 0);
  double present = 0;
  for (std::size_t i = 0; i < industries; ++i) {
    const auto row = table.subspan(i * regions, regions);
    const double total = sum(row);
    if (total <= 0) continue;
    present += 1;
    for (const double x : row) deviation[i].push_back(x / total);
    for (std::size_t r = 0; r < regions; ++r) mean[r] += deviation[i][r];
  }
  for (double& x : mean) x = present > 0 ? x / present : 0;
  for (auto& row : deviation) {
    for (std::size_t r = 0; r < row.size(); ++r) row[r] -= mean[r];
  }
  const double scale = 1 - dot(mean, mean);
  return symmetric(industries, [&](std::size_t i, std::size_t j) {
    if (deviation[i].empty() || deviation[j].empty() || scale <= 0) return 0.0;
    return dot(deviation[i], deviation[j]) / scale;
  });
}

Relatedness input_output(std::span<const double> flows, std::size_t industries) {
  require(width(flows, industries) == industries, ErrorKind::internal, "flows are not square");
  std::vector<double> sales(industries, 0);
  std::vector<double> purchases(industries, 0);
  for (std::size_t i = 0; i < industries; ++i) {
    for (std::size_t j = 0; j < industries; ++j) {
      sales[i] += flows[i * industries + j];
      purchases[j] += flows[i * industries + j];
    }
  }
  return symmetric(industries, [&](std::size_t i, std::size_t j) {
    const double there = flows[i * industries + j];
    const double back = flows[j * industries + i];
    return std::max({share(there, sales[i]), share(back, sales[j]), share(back, purchases[i]),
                     share(there, purchases[j])});
  });
}

Relatedness average(std::span<const Relatedness* const> matrices) {
  require(!matrices.empty(), ErrorKind::internal, "no matrix to average");
  const auto n = matrices.front()->industries;
  Relatedness result{n, std::vector<double>(n * n, 0)};
  for (const auto* matrix : matrices) {
    std::vector<double> pairs;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) pairs.push_back((*matrix)(i, j));
    }
    const auto unit = unit_deviation(pairs);
    const double scale =
        std::sqrt(static_cast<double>(std::max<std::size_t>(pairs.size(), 2) - 1)) /
        static_cast<double>(matrices.size());
    std::size_t k = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) {
        result.values[i * n + j] += unit[k++] * scale;
        result.values[j * n + i] = result.values[i * n + j];
      }
    }
  }
  return result;
}

std::vector<double> rows_of(const Relatedness& matrix, bool standardise) {
  const auto n = matrix.industries;
  auto rows = matrix.values;
  if (n < 2) return rows;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = std::span(rows).subspan(i * n, n);
    row[i] = 0;
    row[i] = sum(row) / static_cast<double>(n - 1);
    if (!standardise) continue;
    const auto unit = unit_deviation(row);
    for (std::size_t j = 0; j < n; ++j) row[j] = unit[j] * std::sqrt(static_cast<double>(n - 1));
  }
  return rows;
}

}  // namespace tradegraph::kernels
