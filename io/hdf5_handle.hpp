#pragma once
/// HDF5 identifiers that close themselves, and the one place where HDF5's return codes are read.

#include <hdf5.h>

#include <source_location>
#include <string>
#include <utility>

#include "engine/base/error.hpp"

namespace tradegraph::io {

/// Turns HDF5's own printing of errors off. Cheap; called before the first HDF5 call of a file.
void silence_hdf5();

/// What HDF5 says of its latest failure: the description nearest to its cause.
[[nodiscard]] std::string hdf5_message();

/// Throws `ErrorKind::hdf5` with `what` and HDF5's own words unless `code` is a success, and hands
/// the code on. Serves herr_t, hid_t, htri_t and sizes alike: negative means failure.
template <class Code>
Code check_hdf5(Code code, const std::string& what,
                std::source_location place = std::source_location::current()) {
  if (code < 0) throw Error(ErrorKind::hdf5, what + ": " + hdf5_message(), -1, place);
  return code;
}

/// Owns one identifier; `Close` is the HDF5 function that gives it back. Move-only.
template <herr_t (*Close)(hid_t)>
class Hdf5Handle {
 public:
  Hdf5Handle() = default;
  /// Takes `id` over; throws `ErrorKind::hdf5` if it is a failure code.
  Hdf5Handle(hid_t id, const std::string& what,
             std::source_location place = std::source_location::current())
      : id_(check_hdf5(id, what, place)) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    if (this != &other) {
      release();
      id_ = std::exchange(other.id_, H5I_INVALID_HID);
    }
    return *this;
  }
  ~Hdf5Handle() { release(); }

  [[nodiscard]] hid_t get() const { return id_; }
  [[nodiscard]] bool valid() const { return id_ >= 0; }
  /// Closes now and reports a failure, which the destructor cannot.
  void close(const std::string& what,
             std::source_location place = std::source_location::current()) {
    check_hdf5(Close(std::exchange(id_, H5I_INVALID_HID)), what, place);
  }

 private:
  void release() noexcept {
    if (id_ >= 0) Close(id_);
    id_ = H5I_INVALID_HID;
  }

  hid_t id_ = H5I_INVALID_HID;
};

using Hdf5File = Hdf5Handle<H5Fclose>;
using Hdf5Group = Hdf5Handle<H5Gclose>;
using Hdf5Dataset = Hdf5Handle<H5Dclose>;
using Hdf5Space = Hdf5Handle<H5Sclose>;
using Hdf5Type = Hdf5Handle<H5Tclose>;
using Hdf5Attribute = Hdf5Handle<H5Aclose>;
using Hdf5Properties = Hdf5Handle<H5Pclose>;
using Hdf5Object = Hdf5Handle<H5Oclose>;

}  // namespace tradegraph::io
