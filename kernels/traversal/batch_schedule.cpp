#include "kernels/traversal/batch_schedule.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>

#include "engine/base/clock.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/comm/shared_counter.hpp"

namespace tradegraph::kernels {

namespace {

class Schedule {
 public:
  Schedule(const comm::Communicator& world, const BatchPlan& plan, std::int64_t first,
           ProgressSink& progress, Checkpoint* checkpoint)
      : world_(world),
        plan_(plan),
        progress_(progress),
        checkpoint_(checkpoint),
        counter_(world),
        done_(first) {}

  void run() {
    progress_.start("batches", plan_.batches);
    Stopwatch since_save;
    while (done_ < plan_.batches) {
      run_round();
      if (checkpoint_ == nullptr || done_ >= plan_.batches) continue;
      const bool stop = comm::any_rank(world_, checkpoint_->stop_asked());
      const bool due =
          comm::broadcast_value(world_, since_save.seconds() >= checkpoint_->interval_s() ? 1 : 0);
      if (!stop && !due) continue;
      save();
      since_save = Stopwatch();
      require(!stop, ErrorKind::interrupted, "stopped on request; --resume goes on from here");
    }
    progress_.finish();
  }

 private:
  void save() {
    auto partial = plan_.gather_sums();
    partial.done = done_;
    checkpoint_->save(partial);
  }

  /// Batches up to the next look at the clock: all of them, or as many as take about a tenth of
  /// the interval between checkpoints.
  [[nodiscard]] std::int64_t round_end() const {
    if (checkpoint_ == nullptr) return plan_.batches;
    const auto threads = comm::all_reduce(world_, std::int64_t{plan_.threads}, comm::ReduceOp::sum);
    const auto wanted = static_cast<std::int64_t>(rate_ * checkpoint_->interval_s() / 10);
    return std::min(plan_.batches, done_ + std::max(wanted, 2 * threads));
  }

  void run_round() {
    const auto end = comm::broadcast_value(world_, round_end());
    counter_.reset(done_);
    Stopwatch clock;
    const auto stopped_at = comm::collectively(world_, [&] { return work_until(end); });
    const auto before = done_;
    done_ = comm::all_reduce(world_, stopped_at, comm::ReduceOp::min);
    rate_ = static_cast<double>(done_ - before) / std::max(clock.seconds(), 1e-6);
  }

  /// All batches below the result are begun by some rank, and those of this rank are finished.
  std::int64_t work_until(std::int64_t end) {
    std::atomic<std::int64_t> stopped_at = end;
    std::exception_ptr failure;
#pragma omp parallel num_threads(plan_.threads)
    {
      try {
        work(end, stopped_at);
      } catch (...) {
#pragma omp critical(tradegraph_batch_failure)
        failure = std::current_exception();
        give_up(stopped_at);
      }
    }
    if (failure) std::rethrow_exception(failure);
    return stopped_at;
  }

  void work(std::int64_t end, std::atomic<std::int64_t>& stopped_at) {
    for (;;) {
      if (checkpoint_ != nullptr && counter_.is_shared() && checkpoint_->stop_asked()) {
        give_up(stopped_at);
        return;
      }
      const auto batch = take();
      if (batch >= end) return;
      plan_.work(batch, omp_get_thread_num());
      if (world_.is_root() && omp_get_thread_num() == 0) progress_.update(batch + 1);
    }
  }

  /// Ends the round for all ranks: nothing more is dealt. (Where batches are dealt beforehand, the
  /// others finish theirs, and the round ends for all at the same batch.)
  void give_up(std::atomic<std::int64_t>& stopped_at) {
    if (!counter_.is_shared()) return;
    std::int64_t dealt = 0;
#pragma omp critical(tradegraph_batch_ticket)
    dealt = counter_.skip(kBeyondAll);
    if (dealt < kBeyondAll) stopped_at = std::min(stopped_at.load(), dealt);
  }

  std::int64_t take() {
    std::int64_t ticket = 0;
#pragma omp critical(tradegraph_batch_ticket)
    ticket = counter_.take();
    return ticket;
  }

  static constexpr std::int64_t kBeyondAll = std::int64_t{1} << 60;

  const comm::Communicator& world_;
  const BatchPlan& plan_;
  ProgressSink& progress_;
  Checkpoint* checkpoint_;
  comm::SharedCounter counter_;
  std::int64_t done_;
  double rate_ = 0;  ///< batches a second, all ranks, in the last round, 0 before the first
};

}  // namespace

void run_batches(const comm::Communicator& world, const BatchPlan& plan, std::int64_t first,
                 ProgressSink& progress, Checkpoint* checkpoint) {
  Schedule(world, plan, first, progress, checkpoint).run();
}

}  // namespace tradegraph::kernels
