#include "io/hdf5_handle.hpp"

namespace tradegraph::io {

namespace {

/// Keeps the first description met when walking up from the cause.
herr_t keep_first(unsigned, const H5E_error2_t* error, void* text) {
  auto& message = *static_cast<std::string*>(text);
  if (message.empty() && error->desc != nullptr) message = error->desc;
  return 0;
}

}  // namespace

void silence_hdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

std::string hdf5_message() {
  std::string message;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &message);
  return message.empty() ? "HDF5 gives no reason" : message;
}

}  // namespace tradegraph::io
