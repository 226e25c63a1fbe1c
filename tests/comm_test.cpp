#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/comm/process_grid.hpp"
#include "engine/comm/team.hpp"

namespace tradegraph::comm {
namespace {

class Comm : public testing::Test {
 protected:
  Communicator world_ = Communicator::world();
  int rank_ = world_.rank();
  int size_ = world_.size();
};

TEST_F(Comm, AllReduceKnowsItsOperations) {
  EXPECT_EQ(all_reduce<std::int64_t>(world_, rank_ + 1, ReduceOp::sum), size_ * (size_ + 1) / 2);
  EXPECT_EQ(all_reduce<double>(world_, rank_ + 0.5, ReduceOp::max), size_ - 0.5);
  EXPECT_EQ(all_reduce<std::int32_t>(world_, rank_, ReduceOp::min), 0);
  EXPECT_TRUE(any_rank(world_, rank_ == size_ - 1));
  EXPECT_FALSE(any_rank(world_, false));
}

TEST_F(Comm, AllReduceSums128BitIntegers) {
  const Int128 big = static_cast<Int128>(1) << 100;
  std::vector<Int128> values{big + rank_, -big};
  all_reduce_in_place(world_, std::span(values), ReduceOp::sum);
  EXPECT_TRUE(values[0] == big * size_ + size_ * (size_ - 1) / 2);
  EXPECT_TRUE(values[1] == -big * size_);
}

TEST_F(Comm, GathersVariableCounts) {
  const std::vector<std::int64_t> mine(static_cast<std::size_t>(rank_), rank_);
  const auto all = all_gather_v(world_, std::span(mine));
  std::vector<std::int64_t> expected;
  for (int r = 0; r < size_; ++r) expected.insert(expected.end(), static_cast<std::size_t>(r), r);
  EXPECT_EQ(all.values, expected);
  EXPECT_EQ(all.counts.back(), size_ - 1);
  const auto at_last = gather_v(world_, std::span(mine), size_ - 1);
  EXPECT_EQ(at_last.values, rank_ == size_ - 1 ? expected : std::vector<std::int64_t>{});
}

TEST_F(Comm, AllToAllDeliversByDestination) {
  std::vector<std::int32_t> sent;
  std::vector<std::int64_t> counts;
  for (int to = 0; to < size_; ++to) {  // to + 1 copies of a value that names both ends
    sent.insert(sent.end(), static_cast<std::size_t>(to) + 1, 100 * rank_ + to);
    counts.push_back(to + 1);
  }
  const auto got = all_to_all_v(world_, std::span<const std::int32_t>(sent), counts);
  std::vector<std::int32_t> expected;
  for (int from = 0; from < size_; ++from) {
    expected.insert(expected.end(), static_cast<std::size_t>(rank_) + 1, 100 * from + rank_);
  }
  EXPECT_EQ(got.values, expected);
}

TEST_F(Comm, ReduceScatterLeavesEachRankItsPart) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(size_));
  std::iota(counts.begin(), counts.end(), 0);
  const auto total = static_cast<std::size_t>(size_ * (size_ - 1) / 2);
  std::vector<double> values(total);
  std::iota(values.begin(), values.end(), 0.0);
  const auto mine = reduce_scatter(world_, std::span<const double>(values), counts, ReduceOp::sum);
  EXPECT_EQ(mine.size(), static_cast<std::size_t>(rank_));
  for (std::size_t i = 0; i < mine.size(); ++i) {
    EXPECT_EQ(mine[i], size_ * (rank_ * (rank_ - 1) / 2.0 + static_cast<double>(i)));
  }
}

TEST_F(Comm, ExclusiveScanCountsTheRanksBefore) {
  EXPECT_EQ(exclusive_scan(world_, rank_ + 1), rank_ * (rank_ + 1) / 2);
}

TEST_F(Comm, BroadcastResizes) {
  std::vector<double> values;
  if (rank_ == 0) values = {1.5, 2.5};
  broadcast(world_, values);
  EXPECT_EQ(values, (std::vector<double>{1.5, 2.5}));
  std::string text = rank_ == 0 ? "기업" : "x";
  broadcast(world_, text);
  EXPECT_EQ(text, "기업");
}

TEST_F(Comm, SparseExchangeFindsItsReceivers) {
  for (int round = 0; round < 20; ++round) {  // consecutive rounds must not mix
    std::vector<Message<std::int64_t>> out;
    if (rank_ % 2 == 0) out.push_back({size_ - 1, {rank_, round}});
    const auto in = sparse_exchange(world_, out);
    if (rank_ != size_ - 1) {
      EXPECT_TRUE(in.empty());
      continue;
    }
    EXPECT_EQ(in.size(), static_cast<std::size_t>((size_ + 1) / 2));
    for (std::size_t i = 0; i < in.size(); ++i) {
      EXPECT_EQ(in[i].values, (std::vector<std::int64_t>{static_cast<std::int64_t>(2 * i), round}));
    }
  }
}

TEST_F(Comm, ErrorOfOneRankIsThrownByAll) {
  const int failing = size_ - 1;
  try {
    collectively(world_, [&] { require(rank_ != failing, ErrorKind::bad_input, "line 7: wrong"); });
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_STREQ(error.what(), "line 7: wrong");
  }
  EXPECT_EQ(collectively(world_, [&] { return 3; }), 3);
}

TEST_F(Comm, TeamsTakeTicketsApart) {
  Team team(world_, rank_ % 2);
  EXPECT_EQ(team.ranks().size(), (size_ + 1 - rank_ % 2) / 2);
  EXPECT_TRUE(team.tickets().is_shared());
  constexpr std::int64_t kEnd = 1000;
  for (std::int64_t first = 0; first < 3; ++first) {
    team.tickets().reset(first);
    std::int64_t sum = 0;
    for (auto k = team.tickets().take(); k < kEnd; k = team.tickets().take()) sum += k;
    sum = all_reduce(team.ranks(), sum, ReduceOp::sum);
    EXPECT_EQ(sum, kEnd * (kEnd - 1) / 2 - first * (first - 1) / 2);
  }
}

TEST_F(Comm, GridCoversAllRanksForEveryShape) {
  for (int replicas = 1; replicas <= size_; ++replicas) {
    if (size_ % replicas != 0) continue;
    for (int rows = 1; rows <= size_ / replicas; ++rows) {
      if (size_ / replicas % rows != 0) continue;
      const GridShape shape{replicas, rows, size_ / replicas / rows};
      const ProcessGrid grid(world_, shape);
      EXPECT_EQ(grid.group().size(), rows * shape.columns);
      EXPECT_EQ(grid.row_ranks().size(), shape.columns);
      EXPECT_EQ(grid.row_ranks().rank(), grid.column());
      EXPECT_EQ(grid.column_ranks().size(), rows);
      EXPECT_EQ(grid.column_ranks().rank(), grid.row());
      EXPECT_EQ(grid.twins().size(), replicas);
      EXPECT_EQ(grid.group().rank(), grid.rank_at(grid.row(), grid.column()));
    }
  }
}

TEST_F(Comm, GridShapeIsNearestSquareAndParsed) {
  EXPECT_EQ(GridShape::nearest_square(12), (GridShape{1, 4, 3}));
  EXPECT_EQ(GridShape::nearest_square(16), (GridShape{1, 4, 4}));
  EXPECT_EQ(GridShape::nearest_square(7), (GridShape{1, 7, 1}));
  EXPECT_EQ(GridShape::parse("2,3,5", 30), (GridShape{2, 3, 5}));
  for (const char* wrong : {"2,3", "2,3,5,", "a", "0,1,30", "2,3,4"}) {
    EXPECT_THROW(static_cast<void>(GridShape::parse(wrong, 30)), Error) << wrong;
  }
}

}  // namespace
}  // namespace tradegraph::comm
