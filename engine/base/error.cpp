#include "engine/base/error.hpp"

namespace tradegraph {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::bad_input:
    case ErrorKind::io:
    case ErrorKind::memory: return 2;
    case ErrorKind::interrupted: return 3;
    default: return 1;
  }
}

const char* name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::bad_input: return "bad input";
    case ErrorKind::io: return "input/output";
    case ErrorKind::memory: return "memory";
    case ErrorKind::interrupted: return "interrupted";
    case ErrorKind::mpi: return "MPI";
    case ErrorKind::graphblas: return "GraphBLAS";
    case ErrorKind::hdf5: return "HDF5";
    case ErrorKind::internal: return "internal";
  }
  return "unknown";
}

Error::Error(ErrorKind kind, const std::string& message, int rank, std::source_location place)
    : std::runtime_error(message), kind_(kind), rank_(rank), place_(place) {}

std::string Error::place() const {
  return std::string(place_.file_name()) + ":" + std::to_string(place_.line());
}

}  // namespace tradegraph
