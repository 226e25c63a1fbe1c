/// Clusters the points of a file, for comparison with outside tools: "x y" a line in, "cluster
/// role" a line out.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "engine/base/error.hpp"
#include "kernels/dbscan.hpp"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s POINTS EPS MIN_FIRMS\n", argv[0]);
    return 2;
  }
  std::ifstream file(argv[1]);
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::int64_t> row;
  double first = 0;
  double second = 0;
  while (file >> first >> second) {
    row.push_back(static_cast<std::int64_t>(row.size()));
    x.push_back(first);
    y.push_back(second);
  }
  try {
    using namespace tradegraph::kernels;
    const auto result = dbscan({x, y, row}, {}, {std::atof(argv[2]), std::atoll(argv[3]), 1.0});
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::printf("%lld %s\n", static_cast<long long>(result.cluster[i]), name(result.role[i]));
    }
  } catch (const tradegraph::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return tradegraph::exit_code(error.kind());
  }
  return 0;
}
