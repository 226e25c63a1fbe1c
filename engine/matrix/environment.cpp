#include "engine/matrix/environment.hpp"

#include <omp.h>
#include <unistd.h>

#include <algorithm>

#include "engine/matrix/graphblas.hpp"

namespace tradegraph::matrix {

namespace {

void start_graphblas(int threads) {
  check_grb(GrB_init(GrB_NONBLOCKING));
  set_threads(comm::Communicator::world(), threads);
}

}  // namespace

Environment::Environment(int& argc, char**& argv, int threads) {
  mpi_.emplace(argc, argv);
  start_graphblas(threads);
}

Environment::Environment(int threads) { start_graphblas(threads); }

Environment::~Environment() { GrB_finalize(); }

int set_threads(const comm::Communicator& world, int threads) {
  const auto host = world.split_by_host();
  if (threads <= 0) {
    const auto cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    threads = std::max(1, cores / host.size());
  }
  omp_set_num_threads(threads);
  check_grb(GxB_Global_Option_set(GxB_GLOBAL_NTHREADS, threads));
  return threads;
}

int threads() { return omp_get_max_threads(); }

SingleThread::SingleThread() : before_(threads()) {
  omp_set_num_threads(1);
  check_grb(GxB_Global_Option_set(GxB_GLOBAL_NTHREADS, 1));
}

SingleThread::~SingleThread() {
  omp_set_num_threads(before_);
  GxB_Global_Option_set(GxB_GLOBAL_NTHREADS, before_);
}

}  // namespace tradegraph::matrix
