#pragma once
/// A group of ranks that can talk. Owns its MPI communicator; move-only.

#include <mpi.h>

namespace tradegraph::comm {

class Communicator {
 public:
  /// Duplicate of MPI_COMM_WORLD. Collective over all ranks.
  [[nodiscard]] static Communicator world();
  /// This rank alone. Not collective.
  [[nodiscard]] static Communicator self();

  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  ~Communicator();

  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] bool is_root() const { return rank_ == 0; }
  [[nodiscard]] MPI_Comm handle() const { return handle_; }

  /// Ranks of equal `colour` form a new communicator, ordered by `key`. Collective.
  [[nodiscard]] Communicator split(int colour, int key) const;
  /// The ranks that share memory with this one. Collective.
  [[nodiscard]] Communicator split_by_host() const;
  /// Collective.
  [[nodiscard]] Communicator duplicate() const;
  /// Collective.
  void barrier() const;

 private:
  explicit Communicator(MPI_Comm owned);
  void release() noexcept;

  MPI_Comm handle_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 1;
};

/// Starts MPI on construction and ends it on destruction; one per program, outliving every
/// communicator. `main` holds it through `engine/matrix/environment.hpp`.
class MpiSession {
 public:
  MpiSession(int& argc, char**& argv);
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
};

}  // namespace tradegraph::comm
