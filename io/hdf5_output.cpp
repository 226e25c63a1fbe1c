#include "io/hdf5_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>
#include <vector>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/chunk_codec.hpp"
#include "io/hdf5_attributes.hpp"

namespace tradegraph::io {

namespace {

hid_t file_type(ElementType type) {
  switch (type) {
    case ElementType::byte: return H5T_STD_U8LE;
    case ElementType::int32: return H5T_STD_I32LE;
    case ElementType::int64: return H5T_STD_I64LE;
    case ElementType::float64: return H5T_IEEE_F64LE;
  }
  return H5I_INVALID_HID;
}

using EncodedChunks = std::vector<std::vector<std::byte>>;

/// Chunks [begin, end), encoded by all threads.
EncodedChunks encode(const AlignedChunks& chunks, std::int64_t begin, std::int64_t end,
                     int deflate_level) {
  EncodedChunks encoded(static_cast<std::size_t>(end - begin));
  std::exception_ptr failure;
#pragma omp parallel if (end - begin > 1)
  try {
    ChunkCodec codec(element_bytes(chunks.slice().type), deflate_level);
    std::vector<std::byte> scratch;
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t c = begin; c < end; ++c) {
      encoded[static_cast<std::size_t>(c - begin)] = codec.encode(chunks.bytes(c, scratch));
    }
  } catch (...) {
#pragma omp critical(tradegraph_encode)
    failure = std::current_exception();
  }
  if (failure) std::rethrow_exception(failure);
  return encoded;
}

/// Chunks that rank 0 got from the others.
struct GatheredChunks {
  std::vector<std::int64_t> numbers;
  std::vector<std::int64_t> sizes;
  std::vector<std::byte> bytes;
};

/// Sends the encoded chunks of all ranks but rank 0, the first of which is `begin`, to rank 0.
GatheredChunks gather(const comm::Communicator& comm, const EncodedChunks& mine,
                      std::int64_t begin) {
  GatheredChunks sent;
  for (std::size_t i = 0; i < mine.size() && !comm.is_root(); ++i) {
    sent.numbers.push_back(begin + static_cast<std::int64_t>(i));
    sent.sizes.push_back(std::ssize(mine[i]));
    sent.bytes.insert(sent.bytes.end(), mine[i].begin(), mine[i].end());
  }
  return {comm::gather_v(comm, std::span<const std::int64_t>(sent.numbers)).values,
          comm::gather_v(comm, std::span<const std::int64_t>(sent.sizes)).values,
          comm::gather_v(comm, std::span<const std::byte>(sent.bytes)).values};
}

/// Chunks that a rank encodes before it hands them over, so that rank 0 never holds more than
/// 256 MiB of raw data, or one chunk a rank.
std::int64_t chunks_a_round(int ranks) {
  return std::max<std::int64_t>(1, 256 * 1024 * 1024 / kChunkBytes / ranks);
}

}  // namespace

template <class Work>
void Hdf5Output::on_root(Work&& work) {
  if (!temporary_ || failure_) return;
  try {
    std::forward<Work>(work)();
    check_written();
  } catch (...) {
    const auto error = comm::current_error();
    const bool memory = error.kind() == ErrorKind::memory;
    failure_.emplace(memory ? ErrorKind::memory : ErrorKind::io,
                     "cannot write " + temporary_->final_path() + ": " + error.what());
  }
}

Hdf5Output::Hdf5Output(const comm::Communicator& comm, const std::string& path, int deflate_level)
    : comm_(comm), deflate_level_(deflate_level) {
  require(deflate_level >= 0 && deflate_level <= 9, ErrorKind::usage,
          "the deflate level must be 0 .. 9, not " + std::to_string(deflate_level));
  silence_hdf5();
  comm::collectively(comm, [&] {
    if (comm.is_root()) temporary_.emplace(path);
  });
  on_root([&] { create_file(); });
  try {
    agree();
  } catch (...) {
    close_descriptor();
    throw;
  }
}

Hdf5Output::~Hdf5Output() {
  dataset_ = {};
  file_ = {};
  close_descriptor();
}

void Hdf5Output::create_file() {
  descriptor_.descriptor =
      ::open(temporary_->path().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  require(descriptor_.descriptor >= 0, ErrorKind::io, std::strerror(errno));
  const auto access = access_through(descriptor_);
  // Metadata of this format carries checksums: a damaged file is refused before it is believed.
  check_hdf5(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110), "format");
  file_ = Hdf5File(H5Fcreate(temporary_->path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()),
                   "cannot create the file");
}

void Hdf5Output::check_written() const {
  require(descriptor_.error == 0, ErrorKind::io, std::strerror(descriptor_.error));
}

void Hdf5Output::close_descriptor() noexcept {
  if (descriptor_.descriptor >= 0) ::close(std::exchange(descriptor_.descriptor, -1));
}

void Hdf5Output::make_group(const std::string& name) {
  on_root([&] {
    const Hdf5Properties linking(H5Pcreate(H5P_LINK_CREATE), "link properties");
    check_hdf5(H5Pset_create_intermediate_group(linking.get(), 1), "link properties");
    check_hdf5(H5Pset_char_encoding(linking.get(), H5T_CSET_UTF8), "link properties");
    Hdf5Group(H5Gcreate2(file_.get(), name.c_str(), linking.get(), H5P_DEFAULT, H5P_DEFAULT),
              "cannot make group " + name);
  });
}

template <class Value>
void Hdf5Output::put_attribute(const std::string& object, const std::string& name,
                               const Value& value) {
  on_root([&] {
    const Hdf5Object target(H5Oopen(file_.get(), object.c_str(), H5P_DEFAULT),
                            "cannot open " + object);
    write_attribute(target.get(), name, value);
  });
}

void Hdf5Output::attribute(const std::string& object, const std::string& name, std::int64_t value) {
  put_attribute(object, name, value);
}

void Hdf5Output::attribute(const std::string& object, const std::string& name, double value) {
  put_attribute(object, name, value);
}

void Hdf5Output::attribute(const std::string& object, const std::string& name,
                           const std::string& value) {
  put_attribute(object, name, value);
}

void Hdf5Output::create_dataset(const std::string& name, const ColumnSlice& slice,
                                std::int64_t chunk) {
  const auto what = "cannot create dataset " + name;
  const Hdf5Properties linking(H5Pcreate(H5P_LINK_CREATE), what);
  check_hdf5(H5Pset_create_intermediate_group(linking.get(), 1), what);
  check_hdf5(H5Pset_char_encoding(linking.get(), H5T_CSET_UTF8), what);
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), what);
  if (slice.total > 0) {
    const auto extent = static_cast<hsize_t>(chunk);
    check_hdf5(H5Pset_chunk(creation.get(), 1, &extent), what);
    check_hdf5(H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER), what);
    if (deflate_level_ > 0) {
      check_hdf5(H5Pset_shuffle(creation.get()), what);
      check_hdf5(H5Pset_deflate(creation.get(), static_cast<unsigned>(deflate_level_)), what);
    }
  }
  const auto total = static_cast<hsize_t>(slice.total);
  const Hdf5Space space(H5Screate_simple(1, &total, nullptr), what);
  dataset_ = Hdf5Dataset(H5Dcreate2(file_.get(), name.c_str(), file_type(slice.type), space.get(),
                                    linking.get(), creation.get(), H5P_DEFAULT),
                         what);
}

void Hdf5Output::place_chunks(const AlignedChunks& chunks, std::int64_t begin, std::int64_t end) {
  const auto mine =
      comm::collectively(comm_, [&] { return encode(chunks, begin, end, deflate_level_); });
  const auto others = gather(comm_, mine, begin);
  const auto put = [&](std::int64_t number, std::span<const std::byte> bytes) {
    const auto offset = static_cast<hsize_t>(number * chunks.chunk_elements());
    check_hdf5(H5Dwrite_chunk(dataset_.get(), H5P_DEFAULT, 0, &offset, bytes.size(), bytes.data()),
               "write");
  };
  on_root([&] {
    for (std::size_t i = 0; i < mine.size(); ++i) {
      put(begin + static_cast<std::int64_t>(i), mine[i]);
    }
    std::span<const std::byte> rest(others.bytes);
    for (std::size_t i = 0; i < others.numbers.size(); ++i) {
      const auto size = static_cast<std::size_t>(others.sizes[i]);
      put(others.numbers[i], rest.first(size));
      rest = rest.subspan(size);
    }
  });
}

void Hdf5Output::write(const std::string& name, const ColumnSlice& slice) {
  const auto full_chunk = kChunkBytes / static_cast<std::int64_t>(element_bytes(slice.type));
  const auto chunk = std::min(full_chunk, std::max<std::int64_t>(slice.total, 1));
  on_root([&] { create_dataset(name, slice, chunk); });
  const AlignedChunks chunks(comm_, slice, chunk);
  const auto step = chunks_a_round(comm_.size());
  const auto most = comm::all_reduce(comm_, chunks.end() - chunks.begin(), comm::ReduceOp::max);
  for (std::int64_t done = 0; done < most; done += step) {
    const auto begin = std::min(chunks.begin() + done, chunks.end());
    place_chunks(chunks, begin, std::min(begin + step, chunks.end()));
  }
  on_root([&] { dataset_.close("close " + name); });
  agree();
}

void Hdf5Output::agree() { comm::agree(comm_, failure_); }

void Hdf5Output::commit() {
  on_root([&] {
    file_.close("close");
    check_written();
    close_descriptor();
  });
  on_root([&] { temporary_->commit(); });
  agree();
}

}  // namespace tradegraph::io
