/// Every input in tests/fuzz/seeds, which holds what fuzzing has found beside where it starts,
/// given once to its fuzz target; a target that finds something ends the process.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/log.hpp"
#include "engine/matrix/environment.hpp"

// The targets, each compiled under a name of its own.
extern "C" {
int fuzz_column_map(const std::uint8_t* data, std::size_t size);
int fuzz_csv(const std::uint8_t* data, std::size_t size);
int fuzz_edge_list(const std::uint8_t* data, std::size_t size);
int fuzz_import(const std::uint8_t* data, std::size_t size);
int fuzz_matrix_market(const std::uint8_t* data, std::size_t size);
int fuzz_members(const std::uint8_t* data, std::size_t size);
int fuzz_snapshot(const std::uint8_t* data, std::size_t size);
int fuzz_study(const std::uint8_t* data, std::size_t size);
}

namespace {

struct Target {
  std::string name;
  int (*judge)(const std::uint8_t*, std::size_t);
};

class FuzzSeeds : public testing::TestWithParam<Target> {
 protected:
  static void SetUpTestSuite() {
    environment_ = std::make_unique<tradegraph::matrix::Environment>(1);
    tradegraph::log::configure(0, true);
  }
  static void TearDownTestSuite() { environment_.reset(); }

 private:
  static inline std::unique_ptr<tradegraph::matrix::Environment> environment_;
};

TEST_P(FuzzSeeds, FindNothing) {
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry :
       std::filesystem::directory_iterator(TRADEGRAPH_FUZZ_SEEDS "/" + GetParam().name)) {
    seeds.push_back(entry.path());
  }
  std::sort(seeds.begin(), seeds.end());
  EXPECT_FALSE(seeds.empty());
  for (const auto& seed : seeds) {
    std::ifstream file(seed, std::ios::binary);
    const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    SCOPED_TRACE(seed.string());
    EXPECT_EQ(GetParam().judge(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
              0);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Targets, FuzzSeeds,
    testing::Values(Target{"column_map", fuzz_column_map}, Target{"csv", fuzz_csv},
                    Target{"edge_list", fuzz_edge_list}, Target{"import", fuzz_import},
                    Target{"matrix_market", fuzz_matrix_market}, Target{"members", fuzz_members},
                    Target{"snapshot", fuzz_snapshot}, Target{"study", fuzz_study}),
    [](const auto& named) { return named.param.name; });

}  // namespace
