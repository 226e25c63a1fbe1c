#include "engine/comm/shared_counter.hpp"

#include <utility>

#include "engine/comm/collectives.hpp"
#include "engine/comm/mpi_error.hpp"

namespace tradegraph::comm {

SharedCounter::SharedCounter(const Communicator& world, const Communicator& team)
    : team_(&team), keeper_(broadcast_value(team, world.rank(), team.size() - 1)) {
  if (world.size() > 1) {
    const MPI_Aint bytes = keeps() ? static_cast<MPI_Aint>(sizeof(std::int64_t)) : 0;
    const bool made =
        MPI_Win_allocate(bytes, static_cast<int>(sizeof(std::int64_t)), MPI_INFO_NULL,
                         world.handle(), static_cast<void*>(&value_), &window_) == MPI_SUCCESS;
    if (any_rank(world, !made)) {
      if (made) MPI_Win_free(&window_);
      window_ = MPI_WIN_NULL;
    } else {
      check_mpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_));
    }
  }
  reset(0);
}

SharedCounter::~SharedCounter() {
  if (window_ == MPI_WIN_NULL) return;
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

std::int64_t SharedCounter::take() {
  if (is_shared()) return skip(1);
  const auto number = own_next_;
  own_next_ += team_->size();
  return number;
}

std::int64_t SharedCounter::skip(std::int64_t step) {
  require(is_shared(), ErrorKind::internal, "nobody else would know of numbers that are skipped");
  if (window_ == MPI_WIN_NULL) return std::exchange(own_next_, own_next_ + step);
  std::int64_t before = 0;
  check_mpi(MPI_Fetch_and_op(&step, &before, MPI_INT64_T, keeper_, 0, MPI_SUM, window_));
  check_mpi(MPI_Win_flush(keeper_, window_));
  return before;
}

void SharedCounter::reset(std::int64_t value) {
  own_next_ = value + team_->rank();
  if (window_ == MPI_WIN_NULL) return;
  team_->barrier();
  if (keeps()) {
    std::int64_t before = 0;
    check_mpi(MPI_Fetch_and_op(&value, &before, MPI_INT64_T, keeper_, 0, MPI_REPLACE, window_));
    check_mpi(MPI_Win_flush(keeper_, window_));
  }
  team_->barrier();
}

}  // namespace tradegraph::comm
