/// The published parallel DBSCAN of Wang, Gu & Shun 2020 on the places of a file, one run a
/// setting; ours beside it: bench_kernels with TRADEGRAPH_BENCH_PLACES=FILE. Built where the code
/// is there:
///
///     git clone https://github.com/wangyiqiu/dbscan-python
///     cmake … -DTRADEGRAPH_DBSCAN_PEER=$PWD/dbscan-python
///     PARLAY_NUM_THREADS=2 dbscan_peer FILE EPS…
///
/// FILE has a header and a line `x,y` in metres each. Prints, for each eps, the seconds of
/// min_firms 5, 10, 15, 20, 25, 30, 40, 50, then their sum and the peak memory.

#include <dbscan/capi.h>
#include <dbscan/pbbs/parallel.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

std::vector<double> read_places(const char* path) {
  std::ifstream file(path);
  std::string header;
  std::getline(file, header);
  std::vector<double> places;
  double x = 0;
  double y = 0;
  for (char comma = 0; file >> x >> comma >> y;) places.insert(places.end(), {x, y});
  return places;
}

double seconds(std::vector<double> places, double eps, int min_firms) {
  const auto firms = places.size() / 2;
  std::vector<int> cluster(firms);
  const auto core = std::make_unique<bool[]>(firms);
  const auto start = std::chrono::steady_clock::now();
  DBSCAN(2, static_cast<int>(firms), places.data(), eps, min_firms, core.get(), cluster.data());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("usage: dbscan_peer FILE EPS...\n", stderr), 2;
  const auto places = read_places(argv[1]);
  parlay::internal::start_scheduler();
  double sum = 0;
  for (int a = 2; a < argc; ++a) {
    std::printf("eps %s:", argv[a]);
    for (const int min_firms : {5, 10, 15, 20, 25, 30, 40, 50}) {
      const double time = seconds(places, std::atof(argv[a]), min_firms);
      std::printf(" %.3f", time);
      std::fflush(stdout);
      sum += time;
    }
    std::puts("");
  }
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("sum %.2f s, peak %ld MB\n", sum, usage.ru_maxrss / 1024);
}
