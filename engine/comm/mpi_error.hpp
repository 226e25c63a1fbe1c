#pragma once
/// Every MPI return code passes through here.

#include <mpi.h>

#include <source_location>

#include "engine/base/error.hpp"

namespace tradegraph::comm {

/// Throws `ErrorKind::mpi` with MPI's own words unless `code` is MPI_SUCCESS.
inline void check_mpi(int code, std::source_location place = std::source_location::current()) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Error(ErrorKind::mpi, std::string(text, static_cast<std::size_t>(length)), -1, place);
}

}  // namespace tradegraph::comm
