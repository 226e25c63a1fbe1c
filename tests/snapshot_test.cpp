#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <bit>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "engine/base/slices.hpp"
#include "engine/comm/collectives.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/snapshot.hpp"
#include "tests/support/mpi_folder.hpp"
#include "tests/support/small_network.hpp"
#include "tests/support/thrown.hpp"

namespace tradegraph::io {
namespace {

using testing::small_network;
using tradegraph::testing::thrown_by;
namespace fs = std::filesystem;

/// Bits rather than values, so that NaN equals itself and -0 differs from 0.
std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> result;
  for (const double v : values) result.push_back(std::bit_cast<std::uint64_t>(v));
  return result;
}

void expect_same(const StringColumn& a, const StringColumn& b) {
  EXPECT_EQ(a.offsets, b.offsets);
  EXPECT_EQ(a.bytes, b.bytes);
}

void expect_same(const CodeColumn& a, const CodeColumn& b) {
  EXPECT_EQ(a.codes, b.codes);
  expect_same(a.dictionary, b.dictionary);
}

void expect_same(const FirmTable& a, const FirmTable& b) {
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.first, b.first);
  expect_same(a.id, b.id);
  EXPECT_EQ(a.input_row, b.input_row);
  EXPECT_EQ(bits(a.x_m), bits(b.x_m));
  EXPECT_EQ(bits(a.y_m), bits(b.y_m));
  EXPECT_EQ(bits(a.longitude), bits(b.longitude));
  EXPECT_EQ(bits(a.latitude), bits(b.latitude));
  expect_same(a.industry, b.industry);
  expect_same(a.region, b.region);
  EXPECT_EQ(a.numbers.size(), b.numbers.size());
  for (const auto& [name, values] : a.numbers) EXPECT_EQ(bits(values), bits(b.numbers.at(name)));
  EXPECT_EQ(a.texts.size(), b.texts.size());
  for (const auto& [name, values] : a.texts) expect_same(values, b.texts.at(name));
}

void expect_same(const TradeTable& a, const TradeTable& b) {
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.row_pointers, b.row_pointers);
  EXPECT_EQ(a.columns, b.columns);
  EXPECT_EQ(bits(a.amount), bits(b.amount));
  EXPECT_EQ(bits(a.count), bits(b.count));
}

void expect_same(const Network& a, const Network& b) {
  expect_same(a.firms, b.firms);
  expect_same(a.trade, b.trade);
  EXPECT_EQ(a.metadata.year, b.metadata.year);
  EXPECT_EQ(a.metadata.input_crs, b.metadata.input_crs);
  EXPECT_EQ(a.metadata.planar_crs, b.metadata.planar_crs);
  EXPECT_EQ(a.metadata.scale_distortion, b.metadata.scale_distortion);
  EXPECT_EQ(a.metadata.dropped, b.metadata.dropped);
  EXPECT_EQ(a.metadata.inputs.size(), b.metadata.inputs.size());
  for (std::size_t i = 0; i < std::min(a.metadata.inputs.size(), b.metadata.inputs.size()); ++i) {
    EXPECT_EQ(a.metadata.inputs[i].path, b.metadata.inputs[i].path);
    EXPECT_EQ(a.metadata.inputs[i].bytes, b.metadata.inputs[i].bytes);
    EXPECT_EQ(a.metadata.inputs[i].sha256, b.metadata.inputs[i].sha256);
  }
}

class Snapshot : public ::testing::Test {
 protected:
  comm::Communicator world_ = comm::Communicator::world();
  comm::Communicator self_ = comm::Communicator::self();
  tradegraph::testing::MpiFolder folder_{world_};

  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path() + name; }
  /// This rank's part when firms are dealt in proportion to rank + 1 (rank 0 gets none if
  /// `skewed`).
  [[nodiscard]] Network part(std::int64_t total, bool skewed = false) const {
    const auto start = [&](std::int64_t r) {
      const std::int64_t p = world_.size();
      if (skewed) return r == p ? total : 0;  // all on the last rank
      return total * (r * (r + 1)) / (p * (p + 1));
    };
    return small_network(total, start(world_.rank()), start(world_.rank() + 1));
  }
  [[nodiscard]] Network expected(std::int64_t total, const comm::Communicator& comm) const {
    const Slices slices(total, comm.size());
    return small_network(total, slices.begin(comm.rank()), slices.begin(comm.rank() + 1));
  }
  /// Rank 0 changes the file, the others wait.
  template <class Work>
  void on_root(Work&& work) const {
    if (world_.is_root()) work();
    world_.barrier();
  }
  void expect_bad(const std::string& file, const std::string& words) const {
    const auto thrown = thrown_by([&] { (void)read_snapshot(world_, file); });
    EXPECT_EQ(thrown.kind, ErrorKind::bad_input) << thrown.message;
    EXPECT_THAT(thrown.message, ::testing::HasSubstr(words));
    EXPECT_THAT(thrown.message, ::testing::HasSubstr(file));
  }
};

TEST_F(Snapshot, RoundTripsAtAnyNumberOfRanks) {
  for (const std::int64_t firms : {0, 1, 2, 3, 5, 240, 3000}) {
    for (const bool skewed : {false, true}) {
      const auto file = path("round.h5");
      const auto digest = write_snapshot(world_, file, part(firms, skewed));
      const auto here = read_snapshot(world_, file);
      EXPECT_EQ(here.metadata.digest, digest);
      if (firms > 0) {
        expect_same(here, expected(firms, world_));
        expect_same(read_snapshot(self_, file), expected(firms, self_));
      }
      const auto pairs = world_.split(world_.rank() / 2, world_.rank());
      EXPECT_EQ(read_snapshot(pairs, file).firms.count(),
                Slices(firms, pairs.size()).count(pairs.rank()));
      world_.barrier();
    }
  }
}

TEST_F(Snapshot, ColumnsLongerThanAChunkSurviveUnevenSlices) {
  const std::int64_t firms = 150'000;  // more than two chunks of 64 Ki elements
  write_snapshot(world_, path("long.h5"), part(firms));
  expect_same(read_snapshot(world_, path("long.h5")), expected(firms, world_));
}

TEST_F(Snapshot, DigestDependsOnDataOnly) {
  const auto alone = path("alone" + std::to_string(world_.rank()) + ".h5");
  const auto digest =
      write_snapshot(self_, alone, small_network(500, 0, 500), {.deflate_level = 6});
  EXPECT_EQ(write_snapshot(world_, path("all.h5"), part(500), {.deflate_level = 0}), digest);
  auto other = part(500);
  if (!other.firms.x_m.empty()) other.firms.x_m.back() += 1e-9;
  EXPECT_NE(write_snapshot(world_, path("other.h5"), other), digest);
  EXPECT_EQ(digest.size(), 32U);
}

TEST_F(Snapshot, HoldsNetworksWithoutPlacesOrWeights) {
  auto network = part(100);
  network.firms.x_m = network.firms.y_m = network.firms.longitude = network.firms.latitude = {};
  network.firms.industry = network.firms.region = {};
  network.firms.numbers.clear();
  network.firms.texts.clear();
  network.trade.amount = network.trade.count = {};
  write_snapshot(world_, path("bare.h5"), network);
  const auto back = read_snapshot(world_, path("bare.h5"));
  EXPECT_TRUE(back.firms.x_m.empty());
  EXPECT_TRUE(back.firms.industry.codes.empty());
  EXPECT_TRUE(back.trade.amount.empty());
  expect_same(back.firms.id, expected(100, world_).firms.id);
  EXPECT_EQ(back.trade.columns, expected(100, world_).trade.columns);
}

TEST_F(Snapshot, SummaryNamesSizesAndProvenance) {
  write_snapshot(world_, path("summary.h5"), part(240));
  const auto summary = read_snapshot_summary(path("summary.h5"));
  EXPECT_EQ(summary.schema_version, SnapshotMetadata::kSchemaVersion);
  EXPECT_EQ(summary.program_version, TRADEGRAPH_VERSION);
  EXPECT_EQ(summary.firms, 240);
  EXPECT_EQ(summary.links, testing::links_in_all(240));
  EXPECT_EQ(summary.metadata.dropped.at("self_trade"), 3);
  bool found = false;
  for (const auto& dataset : summary.datasets) {
    if (dataset.name != "/trade/columns") continue;
    found = true;
    EXPECT_EQ(dataset.type, "int64");
    EXPECT_EQ(dataset.elements, summary.links);
    EXPECT_GT(dataset.stored_bytes, 0);
  }
  EXPECT_TRUE(found);
}

TEST_F(Snapshot, RefusesWhatIsNoSnapshot) {
  expect_bad(path("absent.h5"), "No such file");
  on_root([&] { std::ofstream(path("text.h5")) << "id,lon,lat\n1,2,3\n"; });
  expect_bad(path("text.h5"), "is not an HDF5 file");
  on_root([&] { std::ofstream(path("empty.h5")).close(); });
  expect_bad(path("empty.h5"), "is not an HDF5 file");
  on_root([&] {
    Hdf5File(H5Fcreate(path("foreign.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "");
  });
  expect_bad(path("foreign.h5"), "no tradegraph snapshot");
}

TEST_F(Snapshot, RefusesATruncatedFile) {
  write_snapshot(world_, path("cut.h5"), part(3000));
  on_root([&] { fs::resize_file(path("cut.h5"), fs::file_size(path("cut.h5")) * 2 / 3); });
  expect_bad(path("cut.h5"), "damaged, truncated");
}

/// Opens for changes, on one rank.
Hdf5File open_for_changes(const std::string& file) {
  return Hdf5File(H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "open");
}

void overwrite(const std::string& file, const char* name, hsize_t at, std::int64_t value) {
  const auto handle = open_for_changes(file);
  const Hdf5Dataset dataset(H5Dopen2(handle.get(), name, H5P_DEFAULT), "open");
  const Hdf5Space space(H5Dget_space(dataset.get()), "space");
  const hsize_t one = 1;
  const Hdf5Space cell(H5Screate_simple(1, &one, nullptr), "space");
  H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &at, nullptr, &one, nullptr);
  check_hdf5(
      H5Dwrite(dataset.get(), H5T_NATIVE_INT64, cell.get(), space.get(), H5P_DEFAULT, &value),
      "write");
}

TEST_F(Snapshot, RefusesChangedValues) {
  struct Case {
    const char* dataset;
    std::int64_t value;
    const char* words;
  };
  for (const auto& [dataset, value, words] :
       std::initializer_list<Case>{{"/firms/input_row", 77, "its digest is"},
                                   {"/firms/industry", 99, "outside its dictionary"},
                                   {"/firms/id_offsets", -5, "does not ascend"},
                                   {"/trade/row_pointers", 1 << 30, "does not ascend"},
                                   {"/trade/columns", 240, "out of range"},
                                   {"/trade/columns", -1, "out of range"}}) {
    write_snapshot(world_, path("changed.h5"), part(240));
    on_root([&] { overwrite(path("changed.h5"), dataset, 3, value); });
    expect_bad(path("changed.h5"), words);
    world_.barrier();
  }
}

TEST_F(Snapshot, RefusesDamagedBytesInAChunk) {
  write_snapshot(world_, path("bits.h5"), part(3000));
  on_root([&] {
    haddr_t address = 0;
    hsize_t size = 0;
    {
      const auto handle = open_for_changes(path("bits.h5"));
      const Hdf5Dataset dataset(H5Dopen2(handle.get(), "/firms/x", H5P_DEFAULT), "open");
      unsigned mask = 0;
      hsize_t offset = 0;
      const Hdf5Space space(H5Dget_space(dataset.get()), "space");
      check_hdf5(H5Dget_chunk_info(dataset.get(), space.get(), 0, &offset, &mask, &address, &size),
                 "chunk");
    }
    std::fstream file(path("bits.h5"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(address + size / 2));
    file.write("tradegraph", 10);
  });
  expect_bad(path("bits.h5"), "cannot read /firms/x");
}

TEST_F(Snapshot, RefusesMissingDatasetsAndOtherSizes) {
  for (const char* dataset : {"/trade/row_pointers", "/firms/id_bytes", "/dictionaries/industry"}) {
    write_snapshot(world_, path("missing.h5"), part(240));
    on_root([&] {
      const auto handle = open_for_changes(path("missing.h5"));
      check_hdf5(H5Ldelete(handle.get(), dataset, H5P_DEFAULT), "delete");
    });
    expect_bad(path("missing.h5"), std::string("lacks the dataset ") + dataset);
    world_.barrier();
  }
  write_snapshot(world_, path("sizes.h5"), part(240));
  on_root([&] {
    const auto handle = open_for_changes(path("sizes.h5"));
    check_hdf5(H5Ldelete(handle.get(), "/trade/amount", H5P_DEFAULT), "delete");
    check_hdf5(H5Lcreate_hard(handle.get(), "/firms/x", handle.get(), "/trade/amount", H5P_DEFAULT,
                              H5P_DEFAULT),
               "link");
  });
  expect_bad(path("sizes.h5"), "/trade/amount has 240 elements instead of");
}

/// Stores a dataset anew, as other programs may: contiguous or with other filters, other types.
void store_anew(const std::string& file, const char* name, hid_t file_type, hid_t memory_type,
                bool contiguous) {
  const auto handle = open_for_changes(file);
  std::vector<std::int64_t> words(1000);  // 8 bytes an element, whatever they mean
  {
    const Hdf5Dataset old(H5Dopen2(handle.get(), name, H5P_DEFAULT), "open");
    check_hdf5(H5Dread(old.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, words.data()),
               "read");
  }
  check_hdf5(H5Ldelete(handle.get(), name, H5P_DEFAULT), "delete");
  const hsize_t size = words.size(), chunk = 77;
  const Hdf5Space space(H5Screate_simple(1, &size, nullptr), "space");
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "properties");
  if (!contiguous) {
    check_hdf5(H5Pset_chunk(creation.get(), 1, &chunk), "chunk");
    check_hdf5(H5Pset_deflate(creation.get(), 9), "deflate");
    check_hdf5(H5Pset_fletcher32(creation.get()), "checksum");
  }
  const Hdf5Dataset dataset(H5Dcreate2(handle.get(), name, file_type, space.get(), H5P_DEFAULT,
                                       creation.get(), H5P_DEFAULT),
                            "create");
  check_hdf5(H5Dwrite(dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, words.data()),
             "write");
}

TEST_F(Snapshot, ReadsWhatOtherProgramsRepacked) {
  write_snapshot(world_, path("repacked.h5"), part(1000));
  on_root([&] {
    const auto file = path("repacked.h5");
    store_anew(file, "/firms/x", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, true);
    store_anew(file, "/firms/y", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, false);
    store_anew(file, "/firms/input_row", H5T_STD_I32BE, H5T_NATIVE_INT64, true);
  });
  expect_same(read_snapshot(world_, path("repacked.h5")), expected(1000, world_));
  world_.barrier();
  on_root([&] {  // whole numbers in place of places
    store_anew(path("repacked.h5"), "/firms/x", H5T_STD_I64LE, H5T_NATIVE_INT64, true);
  });
  expect_bad(path("repacked.h5"), "floating-point numbers expected");
}

TEST_F(Snapshot, RefusesANewerSchema) {
  write_snapshot(world_, path("newer.h5"), part(10));
  on_root([&] {
    const auto handle = open_for_changes(path("newer.h5"));
    H5Adelete(handle.get(), "tradegraph_schema");
    write_attribute(handle.get(), "tradegraph_schema", std::int64_t{2});
  });
  expect_bad(path("newer.h5"), "schema version 2; this program reads up to 1");
}

TEST_F(Snapshot, LeavesNothingBehindAfterAnError) {
  const auto refused = path("no/such/folder.h5");
  const auto thrown = thrown_by([&] { write_snapshot(world_, refused, part(10)); });
  EXPECT_EQ(thrown.kind, ErrorKind::io);
  EXPECT_THAT(thrown.message, ::testing::HasSubstr("cannot write " + refused));
  auto uneven = part(10);
  if (world_.rank() + 1 == world_.size()) uneven.firms.x_m.resize(1);
  EXPECT_EQ(thrown_by([&] { write_snapshot(world_, path("uneven.h5"), uneven); }).kind,
            ErrorKind::internal);
  world_.barrier();
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

/// The limit on the size of a file stands for a full disk.
TEST_F(Snapshot, AFullDiskIsReportedByAllAndLeavesTheOldFile) {
  write_snapshot(world_, path("full.h5"), part(10));
  const auto before = fs::file_size(path("full.h5"));
  const auto large = part(20'000);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  for (const rlim_t limit : {0U, 3000U, 100'000U, 400'000U}) {
    const rlimit tight{limit, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
    const auto thrown = thrown_by([&] { write_snapshot(world_, path("full.h5"), large); });
    setrlimit(RLIMIT_FSIZE, &old);
    EXPECT_EQ(thrown.kind, ErrorKind::io) << limit << thrown.message;
    EXPECT_THAT(thrown.message, ::testing::HasSubstr("cannot write " + path("full.h5")));
  }
  world_.barrier();  // rank 0 has removed its temporary file
  EXPECT_EQ(fs::file_size(path("full.h5")), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
  world_.barrier();
  EXPECT_EQ(read_snapshot(world_, path("full.h5")).firms.total, 10);
  write_snapshot(world_, path("full.h5"), large);
  EXPECT_EQ(read_snapshot(world_, path("full.h5")).firms.total, 20'000);
}

}  // namespace
}  // namespace tradegraph::io
