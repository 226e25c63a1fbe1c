#include "engine/comm/communicator.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "engine/comm/mpi_error.hpp"

namespace tradegraph::comm {

Communicator::Communicator(MPI_Comm owned) : handle_(owned) {
  check_mpi(MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN));
  check_mpi(MPI_Comm_rank(handle_, &rank_));
  check_mpi(MPI_Comm_size(handle_, &size_));
}

Communicator Communicator::world() {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &copy));
  return Communicator(copy);
}

Communicator Communicator::self() {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_SELF, &copy));
  return Communicator(copy);
}

Communicator::Communicator(Communicator&& other) noexcept
    : handle_(std::exchange(other.handle_, MPI_COMM_NULL)),
      rank_(other.rank_),
      size_(other.size_) {}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  if (this != &other) {
    release();
    handle_ = std::exchange(other.handle_, MPI_COMM_NULL);
    rank_ = other.rank_;
    size_ = other.size_;
  }
  return *this;
}

Communicator::~Communicator() { release(); }

void Communicator::release() noexcept {
  if (handle_ != MPI_COMM_NULL) MPI_Comm_free(&handle_);
}

Communicator Communicator::split(int colour, int key) const {
  MPI_Comm part = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(handle_, colour, key, &part));
  return Communicator(part);
}

Communicator Communicator::split_by_host() const {
  MPI_Comm part = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(handle_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &part));
  return Communicator(part);
}

Communicator Communicator::duplicate() const {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(handle_, &copy));
  return Communicator(copy);
}

void Communicator::barrier() const { check_mpi(MPI_Barrier(handle_)); }

namespace {

/// Whether mpirun, srun or the like has started this process as one of several.
bool launched() {
  constexpr std::array kMarks{"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"};
  return std::ranges::any_of(kMarks, [](const char* mark) { return std::getenv(mark) != nullptr; });
}

/// Two waits of Open MPI of 0.2 s each are for other processes, and none follow: a daemon to start
/// them, and the calibration of a network that libpsm2 makes as soon as it is loaded. Without the
/// daemon all programs of a user would share one folder in /tmp, which each of them removes at its
/// end; alone they need none.
void prepare_to_run_alone() {
  constexpr int kUnlessSet = 0;
  setenv("OMPI_MCA_ess_singleton_isolated", "1", kUnlessSet);
  setenv("OMPI_MCA_orte_create_session_dirs", "0", kUnlessSet);
  setenv("OMPI_MCA_pml", "ob1", kUnlessSet);
}

}  // namespace

MpiSession::MpiSession(int& argc, char**& argv) {
  if (!launched()) prepare_to_run_alone();
  int provided = 0;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &provided));
  if (provided < MPI_THREAD_SERIALIZED) {
    MPI_Finalize();
    throw Error(ErrorKind::mpi, "this MPI library does not work with threads");
  }
}

MpiSession::~MpiSession() { MPI_Finalize(); }

}  // namespace tradegraph::comm
