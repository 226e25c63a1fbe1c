#pragma once
/// The one exception type of the project. It says what went wrong, where in the code, on which
/// rank.

#include <source_location>
#include <stdexcept>
#include <string>

namespace tradegraph {

enum class ErrorKind {
  usage,        ///< wrong command line or setting: exit 2
  bad_input,    ///< a file that is missing, malformed or inconsistent: exit 2
  io,           ///< the operating system refuses (disk full, no permission): exit 2
  memory,       ///< the memory allowed does not suffice: exit 2
  interrupted,  ///< stopped early, a checkpoint is written: exit 3
  mpi,          ///< an MPI call failed: exit 1
  graphblas,    ///< a GraphBLAS call failed: exit 1
  hdf5,         ///< an HDF5 call failed: exit 1
  internal      ///< a defect of this program: exit 1
};

/// Exit code of the program for an error of this kind (1 failed, 2 wrong usage or bad input,
/// 3 resumable).
[[nodiscard]] int exit_code(ErrorKind kind);
[[nodiscard]] const char* name(ErrorKind kind);

class Error : public std::runtime_error {
 public:
  /// `rank` is the rank on which the error arose, -1 when unknown or meaningless.
  Error(ErrorKind kind, const std::string& message, int rank = -1,
        std::source_location place = std::source_location::current());

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] int rank() const { return rank_; }
  /// "file:line" of the throwing code, for messages about defects.
  [[nodiscard]] std::string place() const;

 private:
  ErrorKind kind_;
  int rank_;
  std::source_location place_;
};

/// Throws `Error(kind, message)` unless `condition` holds. In inner loops the message must be a
/// literal: this overload makes no string of it unless it throws.
inline void require(bool condition, ErrorKind kind, const char* message,
                    std::source_location place = std::source_location::current()) {
  if (!condition) throw Error(kind, message, -1, place);
}
inline void require(bool condition, ErrorKind kind, const std::string& message,
                    std::source_location place = std::source_location::current()) {
  if (!condition) throw Error(kind, message, -1, place);
}

}  // namespace tradegraph
