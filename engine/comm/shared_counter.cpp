#include "engine/comm/shared_counter.hpp"

#include "engine/comm/mpi_error.hpp"

namespace tradegraph::comm {

SharedCounter::SharedCounter(const Communicator& comm) : comm_(&comm) {
  const MPI_Aint bytes = comm.is_root() ? static_cast<MPI_Aint>(sizeof(std::int64_t)) : 0;
  check_mpi(MPI_Win_allocate(bytes, static_cast<int>(sizeof(std::int64_t)), MPI_INFO_NULL,
                             comm.handle(), static_cast<void*>(&value_), &window_));
  check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_));
  reset(0);
}

SharedCounter::~SharedCounter() {
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

std::int64_t SharedCounter::take(std::int64_t step) {
  std::int64_t before = 0;
  check_mpi(MPI_Fetch_and_op(&step, &before, MPI_INT64_T, 0, 0, MPI_SUM, window_));
  check_mpi(MPI_Win_flush(0, window_));
  return before;
}

void SharedCounter::reset(std::int64_t value) {
  comm_->barrier();
  if (comm_->is_root()) {
    std::int64_t before = 0;
    check_mpi(MPI_Fetch_and_op(&value, &before, MPI_INT64_T, 0, 0, MPI_REPLACE, window_));
    check_mpi(MPI_Win_flush(0, window_));
  }
  comm_->barrier();
}

}  // namespace tradegraph::comm
