#pragma once
/// The network that all benchmark programs of one run work on.

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/random_network.hpp"

namespace tradegraph::bench {

/// Numbers of a `source,target` file with a header line; amounts are made up from them.
inline testing::RandomNetwork read_edges(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  require(file.good(), ErrorKind::bad_input, "cannot open " + path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  testing::RandomNetwork network;
  const char* at = text.data() + std::min(text.find('\n'), text.size() - 1) + 1;
  const char* end = text.data() + text.size();
  while (at < end) {
    std::int64_t source = 0;
    std::int64_t target = 0;
    at = std::from_chars(at, end, source).ptr + 1;
    at = std::from_chars(at, end, target).ptr;
    while (at < end && *at++ != '\n') {
    }
    network.supplier.push_back(source);
    network.buyer.push_back(target);
    network.amount.push_back(
        static_cast<double>(mix64(static_cast<std::uint64_t>(source ^ (target << 20))) >> 40));
    network.firms = std::max({network.firms, source + 1, target + 1});
  }
  return network;
}

inline std::int64_t generated_firms() {
  const char* firms = std::getenv("TRADEGRAPH_BENCH_FIRMS");
  return firms != nullptr ? std::atoll(firms) : 100000;
}

inline testing::RandomNetwork make_network() {
  if (const char* path = std::getenv("TRADEGRAPH_BENCH_EDGES")) return read_edges(path);
  return testing::random_network(generated_firms(), generated_firms() * 9 / 2, 1);
}

/// What it is, for those who compare runs.
inline std::string network_name() {
  if (const char* path = std::getenv("TRADEGRAPH_BENCH_EDGES")) return path;
  return std::to_string(generated_firms()) + " generated firms";
}

/// Clusters of the benchmarks of indicators: strips of equal length of the firms' numbers.
inline constexpr std::int64_t kClusters = 146;

}  // namespace tradegraph::bench
