#include "io/hdf5_input.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>

#include "io/chunk_codec.hpp"
#include "io/text_file.hpp"

namespace tradegraph::io {

namespace {

hid_t memory_type(ElementType type) {
  switch (type) {
    case ElementType::byte: return H5T_NATIVE_UINT8;
    case ElementType::int32: return H5T_NATIVE_INT32;
    case ElementType::int64: return H5T_NATIVE_INT64;
    case ElementType::float64: return H5T_NATIVE_DOUBLE;
  }
  return H5I_INVALID_HID;
}

/// How chunks are stored, if this program can decode them itself.
struct ChunkLayout {
  std::int64_t elements = 0;
  ChunkFilters filters;
};

std::optional<ChunkFilters> known_filters(hid_t creation) {
  ChunkFilters filters;
  const int count = check_hdf5(H5Pget_nfilters(creation), "filters");
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, values[8];
    std::size_t values_size = 8;
    const auto filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values_size,
                                       values, 0, nullptr, nullptr);
    if (filter == H5Z_FILTER_SHUFFLE && !filters.deflate && !filters.shuffle) {
      filters.shuffle = true;
    } else if (filter == H5Z_FILTER_DEFLATE && !filters.deflate) {
      filters.deflate = true;
    } else {
      return std::nullopt;
    }
  }
  return filters;
}

std::optional<ChunkLayout> chunk_layout(hid_t dataset, ElementType type) {
  const Hdf5Properties creation(H5Dget_create_plist(dataset), "layout");
  const Hdf5Type stored(H5Dget_type(dataset), "type");
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return std::nullopt;
  if (H5Tequal(stored.get(), memory_type(type)) <= 0) return std::nullopt;
  const auto filters = known_filters(creation.get());
  if (!filters) return std::nullopt;
  hsize_t extent = 0;
  check_hdf5(H5Pget_chunk(creation.get(), 1, &extent), "chunk size");
  return ChunkLayout{static_cast<std::int64_t>(extent), *filters};
}

/// The stored bytes of one chunk; nothing if it was never written or a filter was left out for it.
std::optional<std::vector<std::byte>> stored_chunk(hid_t dataset, std::int64_t offset) {
  const auto place = static_cast<hsize_t>(offset);
  hsize_t size = 0;
  check_hdf5(H5Dget_chunk_storage_size(dataset, &place, &size), "find a chunk");
  if (size == 0) return std::nullopt;
  std::vector<std::byte> bytes(size);
  std::uint32_t skipped = 0;
  check_hdf5(H5Dread_chunk(dataset, H5P_DEFAULT, &place, &skipped, bytes.data()), "read a chunk");
  if (skipped != 0) return std::nullopt;
  return bytes;
}

/// Part of the dataset that is wanted, and where it goes.
struct Wanted {
  std::int64_t first;
  std::int64_t last;
  std::size_t width;  ///< bytes an element
  std::byte* to;
};

/// Decodes chunk `number` and copies what is wanted of it; false if it is damaged.
bool place_chunk(const std::vector<std::byte>& stored, const ChunkLayout& layout,
                 std::int64_t number, const Wanted& wanted, std::vector<std::byte>& scratch) {
  const auto chunk_bytes = static_cast<std::size_t>(layout.elements) * wanted.width;
  const auto start = number * layout.elements;
  const auto from = std::max(start, wanted.first);
  const auto until = std::min(start + layout.elements, wanted.last);
  auto* target = wanted.to + static_cast<std::size_t>(from - wanted.first) * wanted.width;
  if (until - from == layout.elements) {
    return decode_chunk(stored, layout.filters, wanted.width, {target, chunk_bytes});
  }
  scratch.resize(chunk_bytes);
  if (!decode_chunk(stored, layout.filters, wanted.width, scratch)) return false;
  std::memcpy(target, scratch.data() + static_cast<std::size_t>(from - start) * wanted.width,
              static_cast<std::size_t>(until - from) * wanted.width);
  return true;
}

/// Reads by chunks; false if HDF5 has to do it.
bool read_chunks(hid_t dataset, const ChunkLayout& layout, const Wanted& wanted) {
  constexpr std::int64_t kBatch = 512;  // chunks in memory at a time
  const auto end = (wanted.last + layout.elements - 1) / layout.elements;
  for (auto begin = wanted.first / layout.elements; begin < end; begin += kBatch) {
    const auto stop = std::min(begin + kBatch, end);
    std::vector<std::vector<std::byte>> stored;
    for (auto c = begin; c < stop; ++c) {
      auto bytes = stored_chunk(dataset, c * layout.elements);
      if (!bytes) return false;
      stored.push_back(std::move(*bytes));
    }
    std::atomic<bool> sound = true;
#pragma omp parallel if (stop - begin > 1)
    {
      std::vector<std::byte> scratch;
#pragma omp for schedule(dynamic)
      for (std::int64_t c = begin; c < stop; ++c) {
        try {
          const auto& bytes = stored[static_cast<std::size_t>(c - begin)];
          if (!place_chunk(bytes, layout, c, wanted, scratch)) sound = false;
        } catch (...) {  // out of memory; no exception may leave the loop
          sound = false;
        }
      }
    }
    require(sound, ErrorKind::hdf5, "a chunk cannot be decompressed");
  }
  return true;
}

void read_hyperslab(hid_t dataset, ElementType type, std::int64_t first, std::int64_t count,
                    void* values) {
  const auto offset = static_cast<hsize_t>(first);
  const auto extent = static_cast<hsize_t>(count);
  const Hdf5Space file_space(H5Dget_space(dataset), "space");
  const Hdf5Space memory_space(H5Screate_simple(1, &extent, nullptr), "space");
  check_hdf5(
      H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, &offset, nullptr, &extent, nullptr),
      "select");
  check_hdf5(H5Dread(dataset, memory_type(type), memory_space.get(), file_space.get(), H5P_DEFAULT,
                     values),
             "read");
}

/// Integers may be stored in another width, floats in another precision, but not one for the other.
void check_class(hid_t dataset, ElementType type) {
  const Hdf5Type stored(H5Dget_type(dataset), "type");
  const auto wanted = type == ElementType::float64 ? H5T_FLOAT : H5T_INTEGER;
  require(H5Tget_class(stored.get()) == wanted, ErrorKind::hdf5,
          wanted == H5T_FLOAT ? "floating-point numbers expected" : "integers expected");
}

}  // namespace

Hdf5Input::Hdf5Input(const std::string& path) : path_(path) {
  silence_hdf5();
  const int code = ::access(path.c_str(), R_OK) == 0 ? 0 : errno;
  require(code == 0, ErrorKind::bad_input, "cannot read " + path + ": " + std::strerror(code));
  refuse_folder(path);
  require(H5Fis_hdf5(path.c_str()) > 0, ErrorKind::bad_input, path + " is not an HDF5 file");
  try {
    const Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS), "file properties");
    check_hdf5(H5Pset_file_locking(access.get(), true, true), "file locking");
    file_ = Hdf5File(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), "cannot open");
  } catch (const Error& error) {
    throw Error(ErrorKind::bad_input,
                path + " is damaged, truncated or still being written (" + error.what() + ")");
  }
}

bool Hdf5Input::has(const std::string& name) const {
  for (std::size_t end = name.find('/', 1);; end = name.find('/', end + 1)) {
    if (H5Lexists(file_.get(), name.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

Hdf5Object Hdf5Input::open(const std::string& name) const {
  require(name == "/" || has(name), ErrorKind::bad_input, path_ + " lacks " + name);
  return Hdf5Object(H5Oopen(file_.get(), name.c_str(), H5P_DEFAULT),
                    path_ + ": cannot open " + name);
}

Hdf5Dataset Hdf5Input::open_dataset(const std::string& name) const {
  require(has(name), ErrorKind::bad_input, path_ + " lacks the dataset " + name);
  const auto id = H5Dopen2(file_.get(), name.c_str(), H5P_DEFAULT);
  require(id >= 0, ErrorKind::bad_input,
          path_ + ": " + name + " is no readable dataset: " + hdf5_message());
  return Hdf5Dataset(id, name);
}

std::int64_t Hdf5Input::length(const std::string& name) const {
  const auto dataset = open_dataset(name);
  const Hdf5Space space(H5Dget_space(dataset.get()), name);
  require(H5Sget_simple_extent_ndims(space.get()) == 1, ErrorKind::bad_input,
          path_ + ": dataset " + name + " is not one-dimensional");
  return check_hdf5(H5Sget_simple_extent_npoints(space.get()), name);
}

void Hdf5Input::check_range(const std::string& name, ElementType type, std::int64_t first,
                            std::int64_t count) const {
  const auto held = length(name);
  require(first >= 0 && count >= 0 && first <= held && count <= held - first, ErrorKind::bad_input,
          path_ + ": dataset " + name + " has " + std::to_string(held) + " elements where " +
              std::to_string(first + count) + " are needed");
  if (count == 0) return;
  // Nothing that deflate packs gets smaller than by 1032: a size beyond that is not to be believed,
  // least of all before memory is taken for it.
  const auto dataset = open_dataset(name);
  const auto stored = H5Dget_storage_size(dataset.get());
  const Hdf5Properties creation(H5Dget_create_plist(dataset.get()), name);
  const auto claimed = static_cast<hsize_t>(held) / 1100 * element_bytes(type);
  require(!known_filters(creation.get()) || (stored > 0 && claimed <= stored), ErrorKind::bad_input,
          path_ + " is damaged: dataset " + name + " claims " + std::to_string(held) +
              " elements in " + std::to_string(stored) + " bytes");
}

void Hdf5Input::read_bytes(const std::string& name, ElementType type, std::int64_t first,
                           std::int64_t count, void* values) const {
  if (count == 0) return;
  const auto dataset = open_dataset(name);
  try {
    check_class(dataset.get(), type);
    const Wanted wanted{first, first + count, element_bytes(type), static_cast<std::byte*>(values)};
    const auto layout = chunk_layout(dataset.get(), type);
    if (layout && read_chunks(dataset.get(), *layout, wanted)) return;
    read_hyperslab(dataset.get(), type, first, count, values);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::hdf5) throw;
    throw Error(ErrorKind::bad_input,
                path_ + " is damaged: cannot read " + name + " (" + error.what() + ")");
  }
}

}  // namespace tradegraph::io
