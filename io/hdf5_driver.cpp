#include "io/hdf5_driver.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace tradegraph::io {

namespace {

/// HDF5's part first: the library casts between the two.
struct DriverFile {
  H5FD_t base;
  OutputDescriptor* output;
};

OutputDescriptor& output_of(const H5FD_t* file) {
  return *reinterpret_cast<const DriverFile*>(file)->output;
}

H5FD_t* open_file(const char*, unsigned, hid_t access, haddr_t) {
  const auto* output = static_cast<OutputDescriptor* const*>(H5Pget_driver_info(access));
  if (output == nullptr) return nullptr;
  auto* file = new (std::nothrow) DriverFile{};
  if (file == nullptr) return nullptr;
  file->output = *output;
  return &file->base;
}

herr_t close_file(H5FD_t* file) {
  delete reinterpret_cast<DriverFile*>(file);
  return 0;
}

herr_t query(const H5FD_t*, unsigned long* features) {
  *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
              H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t) { return output_of(file).allocated; }

herr_t set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  output_of(file).allocated = address;
  return 0;
}

haddr_t get_eof(const H5FD_t* file, H5FD_mem_t) { return output_of(file).end; }

/// What was never written reads as zeros.
herr_t read_file(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  auto* to = static_cast<char*>(buffer);
  while (size > 0) {
    const auto got = ::pread(output_of(file).descriptor, to, size, static_cast<off_t>(address));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    to += got;
    address += static_cast<haddr_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  std::memset(to, 0, size);
  return 0;
}

herr_t write_file(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size,
                  const void* buffer) {
  auto& output = output_of(file);
  const auto* from = static_cast<const char*>(buffer);
  output.end = std::max(output.end, address + size);
  while (size > 0 && output.error == 0) {
    const auto put = ::pwrite(output.descriptor, from, size, static_cast<off_t>(address));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      output.error = errno;
      break;
    }
    from += put;
    address += static_cast<haddr_t>(put);
    size -= static_cast<std::size_t>(put);
  }
  return 0;
}

herr_t truncate_file(H5FD_t* file, hid_t, hbool_t) {
  auto& output = output_of(file);
  if (output.error == 0 && output.allocated != output.end &&
      ::ftruncate(output.descriptor, static_cast<off_t>(output.allocated)) != 0) {
    output.error = errno;
  }
  output.end = output.allocated;
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t driver{};
  driver.name = "tradegraph_output";
  driver.maxaddr = static_cast<haddr_t>(INT64_MAX);
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(OutputDescriptor*);
  driver.open = open_file;
  driver.close = close_file;
  driver.query = query;
  driver.get_eoa = get_eoa;
  driver.set_eoa = set_eoa;
  driver.get_eof = get_eof;
  driver.read = read_file;
  driver.write = write_file;
  driver.truncate = truncate_file;
  constexpr H5FD_mem_t kMap[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(kMap), std::end(kMap), driver.fl_map);
  return driver;
}

}  // namespace

Hdf5Properties access_through(OutputDescriptor& output) {
  static const H5FD_class_t driver = driver_class();
  // Registered once; HDF5 unregisters it when it ends.
  static const hid_t id = check_hdf5(H5FDregister(&driver), "cannot register the file driver");
  Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS), "file properties");
  const auto* pointer = &output;
  check_hdf5(H5Pset_driver(access.get(), id, &pointer), "cannot set the file driver");
  return access;
}

}  // namespace tradegraph::io
