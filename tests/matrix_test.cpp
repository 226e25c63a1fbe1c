#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"
#include "engine/matrix/environment.hpp"
#include "tests/support/random_network.hpp"

namespace tradegraph::matrix {
namespace {

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

class Matrix : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { environment_ = std::make_unique<Environment>(); }
  static void TearDownTestSuite() { environment_.reset(); }

  /// Runs `check(grid, network, A, dense A)` for every grid shape, size (also fewer firms than
  /// ranks) and value type.
  template <class Check>
  void for_all(Check&& check) {
    const auto world = comm::Communicator::world();
    for (const auto shape : testing::grid_shapes(world.size())) {
      const comm::ProcessGrid grid(world, shape);
      for (const std::int64_t firms : {0, 1, 2, 37, 500}) {
        const auto network = testing::random_network(firms, firms * 4, 9);
        for (const auto type : {ValueType::pattern, ValueType::int64, ValueType::real}) {
          const auto values = network.dense(type != ValueType::pattern);
          check(grid, testing::build_matrix(grid, network, type),
                Dense(Eigen::Map<const Dense>(values.data(), firms, firms)));
        }
      }
    }
  }

  static Dense to_dense(const DistributedMatrix& a) {
    const auto mine = a.global_triples();
    const auto& group = a.grid().group();
    const auto row = comm::all_gather_v(group, std::span<const std::int64_t>(mine.row)).values;
    const auto column =
        comm::all_gather_v(group, std::span<const std::int64_t>(mine.column)).values;
    const auto real = comm::all_gather_v(group, std::span<const double>(mine.real)).values;
    const auto integer =
        comm::all_gather_v(group, std::span<const std::int64_t>(mine.integer)).values;
    Dense dense = Dense::Zero(a.rows(), a.columns());
    for (std::size_t i = 0; i < row.size(); ++i) {
      double value = 1;
      if (a.type() == ValueType::real) value = real[i];
      if (a.type() == ValueType::int64) value = static_cast<double>(integer[i]);
      dense(row[i], column[i]) += value;
    }
    return dense;
  }

  template <class T>
  static Dense to_dense(const DistributedVector<T>& x) {
    const auto all = gather_all(x);
    Dense dense(x.size(), x.width());
    for (std::int64_t i = 0; i < dense.size(); ++i) {
      dense.data()[i] = static_cast<double>(all[static_cast<std::size_t>(i)]);
    }
    return dense;
  }

  /// x[i, k] = some integer that depends on the global number.
  template <class T>
  static DistributedVector<T> numbered(const DistributedMatrix& a, Alignment alignment,
                                       std::int64_t width) {
    DistributedVector<T> x(a.grid(), Layout(a.grid().shape(), a.rows(), alignment), T{}, width);
    for (std::int64_t i = 0; i < x.count(); ++i) {
      for (std::int64_t k = 0; k < width; ++k) {
        x[i * width + k] = static_cast<T>((x.global_of(i).value() * 7 + k * 3) % 11 + 1);
      }
    }
    return x;
  }

  static inline std::unique_ptr<Environment> environment_;
};

TEST_F(Matrix, HoldsTheEntriesItWasBuiltFrom) {
  for_all([](const auto&, const DistributedMatrix& a, const Dense& dense) {
    EXPECT_EQ(to_dense(a), dense);
    EXPECT_EQ(a.entries(), (dense.array() != 0).count());
    EXPECT_GE(a.balance().ratio(), 1.0);
  });
}

TEST_F(Matrix, TransposeAddMultiplySelectReduce) {
  for_all([](const auto&, const DistributedMatrix& a, const Dense& dense) {
    EXPECT_EQ(to_dense(a.transpose()), dense.transpose());
    const auto t = a.transpose();
    const bool pattern = a.type() == ValueType::pattern;
    const Dense sum = dense + dense.transpose();
    const Dense joined = (sum.array() != 0).cast<double>();
    EXPECT_EQ(to_dense(a.add(t)), pattern ? joined : sum);
    EXPECT_EQ(to_dense(a.multiply_elements(t)), dense.cwiseProduct(Dense(dense.transpose())));
    EXPECT_EQ(to_dense(a.pattern()), Dense((dense.array() != 0).cast<double>()));
    EXPECT_EQ(a.template reduce<std::int64_t>(), static_cast<std::int64_t>(dense.sum()));
    EXPECT_EQ(to_dense(a.template reduce_rows<double>()), dense.rowwise().sum());
    EXPECT_EQ(to_dense(a.template reduce_columns<std::int64_t>()),
              dense.colwise().sum().transpose());
    if (!pattern) {
      EXPECT_EQ(to_dense(a.select_greater(500)), Dense((dense.array() > 500).select(dense, 0)));
    }
  });
}

TEST_F(Matrix, ProductsEqualDenseOnesFromAnyLayoutAndWidth) {
  for_all([](const auto&, const DistributedMatrix& a, const Dense& dense) {
    for (const auto alignment : {Alignment::rows, Alignment::columns, Alignment::slices}) {
      for (const std::int64_t width : {1, 5}) {
        const auto x = numbered<double>(a, alignment, width);
        const auto plus_times = semiring<double>(Add::plus, Multiply::times);
        EXPECT_EQ(to_dense(a.mxv(x, plus_times)), dense * to_dense(x));
        EXPECT_EQ(to_dense(a.vxm(x, plus_times)), dense.transpose() * to_dense(x));
      }
    }
  });
}

TEST_F(Matrix, MinimumOverSuppliersAndIdentityWithoutThem) {
  for_all([](const auto&, const DistributedMatrix& a, const Dense& dense) {
    const auto x = numbered<std::int64_t>(a, Alignment::rows, 1);
    const auto all = gather_all(x);
    const auto smallest = gather_all(a.mxv(x, semiring<std::int64_t>(Add::min)));
    for (std::int64_t i = 0; i < a.rows(); ++i) {
      auto expected = std::numeric_limits<std::int64_t>::max();
      for (std::int64_t j = 0; j < a.columns(); ++j) {
        if (dense(i, j) != 0) expected = std::min(expected, all[static_cast<std::size_t>(j)]);
      }
      EXPECT_EQ(smallest[static_cast<std::size_t>(i)], expected);
    }
  });
}

TEST_F(Matrix, SelectsByLabel) {
  for_all([](const auto& grid, const DistributedMatrix& a, const Dense& dense) {
    DistributedVector<Label> labels(grid, a.row_layout());
    const auto label_of = [](std::int64_t i) { return i % 4 - 1; };
    for (std::int64_t i = 0; i < labels.count(); ++i) {
      labels[i] = label_of(labels.global_of(i).value());
    }
    Dense inside = dense;
    Dense first = dense;
    for (std::int64_t i = 0; i < dense.rows(); ++i) {
      for (std::int64_t j = 0; j < dense.cols(); ++j) {
        if (label_of(i) != label_of(j) || label_of(i) == kNoCluster) inside(i, j) = 0;
        if (label_of(i) != 0 || label_of(j) != 0) first(i, j) = 0;
      }
    }
    EXPECT_EQ(to_dense(a.select_same_label(labels)), inside);
    EXPECT_EQ(to_dense(a.extract_label(labels, 0)), first);
  });
}

TEST_F(Matrix, DropsTheDiagonal) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  Triples triples;
  if (world.is_root()) triples = {{0, 1, 2, 9}, {0, 2, 2, 9}, {}, {5, 6, 7, 8}};
  const auto a = DistributedMatrix::build(grid, 10, 10, ValueType::int64, triples);
  EXPECT_EQ(a.entries(), 4);
  EXPECT_EQ(a.without_diagonal().template reduce<std::int64_t>(), 6);
}

TEST_F(Matrix, RectangularProducts) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  Triples triples;  // 300 firms in 7 clusters, each rank names its share
  for (std::int64_t i = world.rank(); i < 300; i += world.size()) {
    triples.row.push_back(i);
    triples.column.push_back(i % 7);
  }
  const auto c = DistributedMatrix::build(grid, 300, 7, ValueType::pattern, triples);
  const DistributedVector<std::int64_t> ones(grid, c.row_layout(), 1);
  const auto sizes = gather_all(c.vxm(ones, semiring<std::int64_t>(Add::plus)));
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{43, 43, 43, 43, 43, 43, 42}));
}

TEST_F(Matrix, CsrViewGivesTheArraysBack) {
  for_all([](const auto&, DistributedMatrix a, const Dense& dense) {
    double sum = 0;
    {
      const CsrView csr(a.block());
      for (std::int64_t r = 0; r < a.local_rows(); ++r) {
        for (std::size_t k = 0; k < csr.row(r).size(); ++k) {
          const auto at = csr.begin(r) + k;
          if (a.type() == ValueType::real) sum += csr.template value<double>(at);
          if (a.type() == ValueType::int64) {
            sum += static_cast<double>(csr.template value<std::int64_t>(at));
          }
          if (a.type() == ValueType::pattern) sum += csr.template value<bool>(at) ? 1 : 0;
        }
      }
    }
    EXPECT_EQ(comm::all_reduce(a.grid().group(), sum, comm::ReduceOp::sum), dense.sum());
    EXPECT_EQ(to_dense(a), dense);
  });
}

TEST_F(Matrix, RefusesEntriesOutside) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  Triples triples;
  if (world.rank() == world.size() - 1) triples = {{3}, {10}, {}, {}};
  EXPECT_THROW(
      static_cast<void>(DistributedMatrix::build(grid, 10, 10, ValueType::pattern, triples)),
      Error);
}

}  // namespace
}  // namespace tradegraph::matrix
