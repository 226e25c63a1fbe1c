#pragma once
/// The file that HDF5 writes to, under our eyes.
///
/// When HDF5's own driver cannot write (disk full), the library cannot close the file either, and
/// crashes when the program ends. This driver keeps the first failure to itself and lets HDF5 go on
/// into the void, so that it always closes in order; `error` tells what happened.

#include "io/hdf5_handle.hpp"

namespace tradegraph::io {

struct OutputDescriptor {
  int descriptor = -1;  ///< open for reading and writing; HDF5 does not close it
  haddr_t allocated = 0;
  haddr_t end = 0;
  int error = 0;  ///< errno of the first write that failed; later writes are left out
};

/// File access properties by which H5Fcreate writes to `output`, which must outlive the file.
[[nodiscard]] Hdf5Properties access_through(OutputDescriptor& output);

}  // namespace tradegraph::io
