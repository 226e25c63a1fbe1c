#include "kernels/heterophily.hpp"

#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

namespace {

/// Labels and classes of the rows or of the columns of a block, classes of one firm side by side.
struct Ends {
  std::vector<Label> labels;
  std::vector<std::int32_t> classes;
};

template <class Expand>
Ends expanded(const Labels& labels,
              const std::vector<matrix::DistributedVector<std::int32_t>>& classes,
              const Expand& expand) {
  Ends ends{expand(labels), {}};
  ends.classes.resize(ends.labels.size() * classes.size());
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto one = expand(classes[k]);
    for (std::size_t i = 0; i < one.size(); ++i) ends.classes[i * classes.size() + k] = one[i];
  }
  return ends;
}

/// Links of known class and those between different ones, a cluster and attribute.
using Counts = std::vector<std::int64_t>;

void add_row(const matrix::CsrBlock& links, std::int64_t row, const Ends& rows, const Ends& columns,
             std::size_t attributes, Counts& counts) {
  const auto r = static_cast<std::size_t>(row);
  const auto label = rows.labels[r];
  if (label == kNoCluster) return;
  auto* to = counts.data() + static_cast<std::size_t>(label) * attributes * 2;
  const auto* own = rows.classes.data() + r * attributes;
  for (const auto column : links.row(row)) {
    if (columns.labels[column] != label) continue;
    const auto* other = columns.classes.data() + column * attributes;
    for (std::size_t k = 0; k < attributes; ++k) {
      const bool known = own[k] >= 0 && other[k] >= 0;
      to[2 * k] += known ? 1 : 0;
      to[2 * k + 1] += known && own[k] != other[k] ? 1 : 0;
    }
  }
}

Counts count(const matrix::DistributedMatrix& a, const Ends& rows, const Ends& columns,
             std::size_t attributes, std::int64_t clusters) {
  const auto size = static_cast<std::size_t>(clusters) * attributes * 2;
  const auto& links = a.csr();
  Counts all(size, 0);
#pragma omp parallel
  {
    Counts mine(size, 0);
#pragma omp for schedule(dynamic, 1024) nowait
    for (std::int64_t r = 0; r < a.local_rows(); ++r) {
      add_row(links, r, rows, columns, attributes, mine);
    }
#pragma omp critical
    for (std::size_t i = 0; i < size; ++i) all[i] += mine[i];
  }
  comm::all_reduce_in_place(a.grid().group(), std::span(all), comm::ReduceOp::sum);
  return all;
}

}  // namespace

double Heterophily::share() const {
  return ratio(static_cast<double>(different), static_cast<double>(links));
}

std::vector<std::vector<Heterophily>> heterophily(
    const matrix::DistributedMatrix& a, const Labels& labels, std::int64_t clusters,
    const std::vector<matrix::DistributedVector<std::int32_t>>& classes) {
  comm::collectively(a.grid().group(), [&] {
    require(labels.layout() == a.row_layout(), ErrorKind::internal,
            "labels are not in the row layout of the network");
    for (const auto& one : classes) {
      require(one.layout() == a.row_layout(), ErrorKind::internal,
              "classes are not in the row layout of the network");
    }
    require_labels(labels.values(), clusters);
  });
  const auto rows = expanded(labels, classes, [&](const auto& x) { return a.expand_rows(x); });
  const auto columns =
      expanded(labels, classes, [&](const auto& x) { return a.expand_columns(x); });
  const auto counts = count(a, rows, columns, classes.size(), clusters);
  std::vector<std::vector<Heterophily>> result(classes.size());
  for (std::size_t i = 0; i < counts.size(); i += 2) {
    result[i / 2 % classes.size()].push_back({counts[i], counts[i + 1]});
  }
  return result;
}

}  // namespace tradegraph::kernels
