#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"
#include "engine/matrix/layout.hpp"
#include "tests/support/random_network.hpp"

namespace tradegraph::matrix {
namespace {

TEST(Partition, IsABijectionForAnySizeAndPartCount) {
  for (const auto deal : {Partition::Deal::straight, Partition::Deal::rotated}) {
    for (std::int64_t size : {0, 1, 2, 7, 64, 65, 1000, 4097}) {
      for (int parts : {1, 2, 3, 4, 5, 15, 33}) {
        for (std::int64_t strip : {1, 3, 64}) {
          const Partition partition(size, parts, deal, strip);
          const PartitionTable table(partition);
          std::int64_t total = 0;
          for (int part = 0; part < parts; ++part) {
            const auto globals = partition.globals_of(part);
            ASSERT_EQ(std::ssize(globals), partition.local_size(part));
            for (std::int64_t local = 0; local < partition.local_size(part); ++local) {
              const auto global = partition.global_of(part, local);
              ASSERT_EQ(globals[static_cast<std::size_t>(local)], global.value());
              ASSERT_EQ(table.part_of(global.value()), part);
              ASSERT_EQ(table.local_of(global.value()), local);
              ASSERT_EQ(partition.part_of(global), part);
              ASSERT_EQ(partition.local_of(global), local);
              ASSERT_TRUE(global.value() >= 0 && global.value() < size);
            }
            total += partition.local_size(part);
          }
          ASSERT_EQ(total, size);
        }
      }
    }
  }
}

TEST(Slices, CoverEverythingInOrder) {
  for (std::int64_t size : {0, 1, 3, 10, 1001}) {
    for (int parts : {1, 2, 3, 7, 16}) {
      const Slices slices(size, parts);
      std::int64_t index = 0;
      for (int part = 0; part < parts; ++part) {
        for (std::int64_t k = 0; k < slices.count(part); ++k) {
          ASSERT_EQ(slices.part_of(index++), part);
        }
      }
      ASSERT_EQ(index, size);
    }
  }
}

TEST(Layout, PlacesEveryElementOnce) {
  for (const comm::GridShape shape : {comm::GridShape{1, 1, 1}, {1, 1, 3}, {1, 4, 4}, {2, 3, 5}}) {
    for (const auto alignment : {Alignment::rows, Alignment::columns, Alignment::slices}) {
      for (std::int64_t size : {0, 1, 5, 333, 5000}) {
        const Layout layout(shape, size, alignment);
        std::int64_t total = 0;
        for (int rank = 0; rank < layout.ranks(); ++rank) {
          const auto globals = layout.globals_of(rank);
          ASSERT_EQ(std::ssize(globals), layout.count(rank));
          for (std::int64_t i = 0; i < layout.count(rank); ++i) {
            ASSERT_EQ(globals[static_cast<std::size_t>(i)], layout.global_of(rank, i).value());
            const auto place = layout.place_of(layout.global_of(rank, i));
            ASSERT_EQ(place.rank, rank);
            ASSERT_EQ(place.position, i);
            const auto run = layout.run_from(layout.global_of(rank, i));
            ASSERT_TRUE(run >= 1 && i + run <= layout.count(rank));
            ASSERT_EQ(layout.global_of(rank, i + run - 1) - layout.global_of(rank, i), run - 1);
          }
          total += layout.count(rank);
        }
        ASSERT_EQ(total, size);
      }
    }
  }
}

/// Half of the links go to curve neighbours and a few firms have thousands: contiguous cuts would
/// put more than twice the mean on diagonal blocks.
TEST(Balance, SpatiallyLocalHeavyTailedLinksAreSpreadEvenly) {
  const auto network = testing::random_network(200000, 1000000, 5, 0.6);
  for (const comm::GridShape shape : {comm::GridShape{1, 4, 4}, {1, 3, 5}, {1, 1, 7}, {1, 2, 2}}) {
    const auto balance = predicted_balance(comm::Communicator::self(), shape, network.firms,
                                           network.firms, network.supplier, network.buyer);
    EXPECT_LE(balance.ratio(), 1.1) << shape.text();
  }
}

}  // namespace
}  // namespace tradegraph::matrix
