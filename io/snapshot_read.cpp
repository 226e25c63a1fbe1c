#include <algorithm>
#include <atomic>
#include <cmath>

#include "engine/base/random.hpp"
#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/digest.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/snapshot.hpp"
#include "io/snapshot_schema.hpp"

namespace tradegraph::io {

namespace {

struct RowRange {
  std::int64_t first;
  std::int64_t last;  ///< one past the end

  [[nodiscard]] std::int64_t count() const { return last - first; }
};

RowRange rows_of(const comm::Communicator& comm, std::int64_t total) {
  const Slices slices(total, comm.size());
  return {slices.begin(comm.rank()), slices.begin(comm.rank() + 1)};
}

/// Runs `work`; what HDF5 refuses on reading is a fault of the file.
template <class Work>
auto blaming_file(const std::string& path, Work&& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::hdf5) throw;
    throw Error(ErrorKind::bad_input, path + " is damaged: " + error.what());
  }
}

/// Reads this rank's slices and adds them to the digest. Not collective.
class SnapshotReader {
 public:
  SnapshotReader(const comm::Communicator& comm, const Hdf5Input& file, std::int64_t firms,
                 std::int64_t links)
      : file_(file),
        digest_(comm),
        is_root_(comm.is_root()),
        is_last_(comm.rank() + 1 == comm.size()),
        links_(links),
        firms_(firms),
        rows_(rows_of(comm, firms)) {}

  [[nodiscard]] Network read(const SnapshotMetadata& metadata);
  [[nodiscard]] const DatasetDigest& digest() const { return digest_; }

 private:
  void demand(bool condition, const std::string& what) const {
    require(condition, ErrorKind::bad_input, file_.path() + " is damaged: " + what);
  }
  /// The slice `range` of a dataset that must have `total` elements.
  template <class T>
  std::vector<T> slice(const std::string& name, RowRange range, std::int64_t total) {
    const auto held = file_.length(name);
    demand(held == total,
           name + " has " + std::to_string(held) + " elements instead of " + std::to_string(total));
    auto values = file_.read<T>(name, range.first, range.count());
    digest_.add(name, ColumnSlice::of(values, range.first, total));
    return values;
  }
  template <class T>
  std::vector<T> slice_if_present(const std::string& name, RowRange range, std::int64_t total) {
    return file_.has(name) ? slice<T>(name, range, total) : std::vector<T>{};
  }
  std::vector<std::int64_t> offsets(const std::string& name, RowRange rows, std::int64_t cells,
                                    std::int64_t contents, bool is_last);
  StringColumn strings(const std::string& offsets_name, const std::string& bytes_name,
                       RowRange rows, std::int64_t cells, bool is_last);
  CodeColumn codes(const std::string& name);
  FirmTable firms();
  void further_columns(FirmTable& firms);
  TradeTable trade();
  void check_places(const FirmTable& firms) const;
  void check_buyers(const TradeTable& trade) const;
  void check_weights(const char* name, const std::vector<double>& weights) const;

  const Hdf5Input& file_;
  DatasetDigest digest_;
  bool is_root_;
  bool is_last_;
  std::int64_t links_;
  std::int64_t firms_;
  RowRange rows_;
};

/// Offsets of cells [rows.first, rows.last], checked to ascend within [0, contents]; as in the
/// file, not yet counted from this rank's first. The last of them is the next rank's to add to the
/// digest.
std::vector<std::int64_t> SnapshotReader::offsets(const std::string& name, RowRange rows,
                                                  std::int64_t cells, std::int64_t contents,
                                                  bool is_last) {
  const auto held = file_.length(name);
  demand(held == cells + 1, name + " has " + std::to_string(held) + " elements instead of " +
                                std::to_string(cells + 1));
  const auto values = file_.read<std::int64_t>(name, rows.first, rows.count() + 1);
  auto mine = ColumnSlice::of(values, rows.first, held);
  if (!is_last) mine.bytes = mine.bytes.first(mine.bytes.size() - sizeof(std::int64_t));
  digest_.add(name, mine);
  demand(std::ranges::is_sorted(values) && values.front() >= 0 && values.back() <= contents &&
             (rows.first > 0 || values.front() == 0) && (!is_last || values.back() == contents),
         name + " does not ascend from 0 to " + std::to_string(contents));
  return values;
}

StringColumn SnapshotReader::strings(const std::string& offsets_name, const std::string& bytes_name,
                                     RowRange rows, std::int64_t cells, bool is_last) {
  const auto contents = file_.length(bytes_name);
  StringColumn text;
  text.offsets = offsets(offsets_name, rows, cells, contents, is_last);
  const auto before = text.offsets.front();
  text.bytes = slice<char>(bytes_name, {before, text.offsets.back()}, contents);
  for (auto& offset : text.offsets) offset -= before;
  return text;
}

CodeColumn SnapshotReader::codes(const std::string& name) {
  CodeColumn column;
  if (!file_.has(name)) return column;
  column.codes = slice<std::int32_t>(name, rows_, firms_);
  const auto names = schema::DictionaryNames::of(name);
  const auto entries = std::max<std::int64_t>(file_.length(names.offsets) - 1, 0);
  // Every rank reads the whole dictionary; only rank 0 adds it to the digest.
  const auto before = digest_;
  column.dictionary = strings(names.offsets, names.bytes, {0, entries}, entries, true);
  if (!is_root_) digest_ = before;
  demand(std::ranges::all_of(column.codes, [&](auto c) { return c >= -1 && c < entries; }),
         name + " has codes outside its dictionary");
  return column;
}

void SnapshotReader::further_columns(FirmTable& firms) {
  const Hdf5Object group = file_.open("/firms");
  for (const auto& link : link_names(group.get())) {
    const auto name = "/firms/" + link;
    const auto object = file_.open(name);
    if (!has_attribute(object.get(), schema::kColumnAttribute)) continue;
    const auto column = read_text_attribute(object.get(), schema::kColumnAttribute);
    if (file_.has(schema::DictionaryNames::of(name).offsets)) {
      firms.texts.emplace(column, codes(name));
    } else {
      firms.numbers.emplace(column, slice<double>(name, rows_, firms_));
    }
  }
}

FirmTable SnapshotReader::firms() {
  FirmTable firms;
  firms.total = firms_;
  firms.first = rows_.first;
  firms.id = strings(schema::kIdOffsets, schema::kIdBytes, rows_, firms_, is_last_);
  firms.input_row = slice_if_present<std::int64_t>(schema::kInputRow, rows_, firms_);
  firms.x_m = slice_if_present<double>(schema::kX, rows_, firms_);
  firms.y_m = slice_if_present<double>(schema::kY, rows_, firms_);
  firms.longitude = slice_if_present<double>(schema::kLongitude, rows_, firms_);
  firms.latitude = slice_if_present<double>(schema::kLatitude, rows_, firms_);
  firms.industry = codes(schema::kIndustry);
  firms.region = codes(schema::kRegion);
  further_columns(firms);
  demand(std::ranges::all_of(firms.input_row, [&](auto row) { return row >= 0 && row < firms_; }),
         std::string(schema::kInputRow) + " has rows out of range");
  check_places(firms);
  return firms;
}

/// A place has two finite coordinates or none.
void SnapshotReader::check_places(const FirmTable& firms) const {
  demand(firms.x_m.empty() == firms.y_m.empty(), "it has one of /firms/x and /firms/y");
  demand(firms.longitude.empty() == firms.latitude.empty(),
         "it has one of /firms/lon and /firms/lat");
  const auto sound = [](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const bool known = std::isfinite(a[i]) && std::isfinite(b[i]);
      if (!known && !(std::isnan(a[i]) && std::isnan(b[i]))) return false;
    }
    return true;
  };
  demand(sound(firms.x_m, firms.y_m) && sound(firms.longitude, firms.latitude),
         "firms have places that are not finite, or half a place");
}

void SnapshotReader::check_weights(const char* name, const std::vector<double>& weights) const {
  demand(std::ranges::all_of(weights, [](double w) { return w >= 0 && std::isfinite(w); }),
         std::string(name) + " has values that are negative or not finite");
}

/// Buyers exist, ascend within a row, and are not the supplier.
void SnapshotReader::check_buyers(const TradeTable& trade) const {
  std::atomic<bool> sound = true;
#pragma omp parallel for schedule(static) if (rows_.count() > 4096)
  for (std::int64_t row = 0; row < rows_.count(); ++row) {
    std::int64_t previous = -1;
    const auto* pointer = &trade.row_pointers[static_cast<std::size_t>(row)];
    for (auto i = pointer[0]; i < pointer[1]; ++i) {
      const auto buyer = trade.columns[static_cast<std::size_t>(i)];
      if (buyer <= previous || buyer >= firms_ || buyer == rows_.first + row) sound = false;
      previous = buyer;
    }
  }
  demand(sound, std::string(schema::kColumns) +
                    " has buyers out of range, out of order or equal to the supplier");
}

TradeTable SnapshotReader::trade() {
  TradeTable trade;
  trade.total = links_;
  trade.row_pointers = offsets(schema::kRowPointers, rows_, firms_, links_, is_last_);
  const RowRange range{trade.row_pointers.front(), trade.row_pointers.back()};
  trade.columns = slice<std::int64_t>(schema::kColumns, range, links_);
  trade.amount = slice_if_present<double>(schema::kAmount, range, links_);
  trade.count = slice_if_present<double>(schema::kCount, range, links_);
  for (auto& pointer : trade.row_pointers) pointer -= range.first;
  check_buyers(trade);
  check_weights(schema::kAmount, trade.amount);
  check_weights(schema::kCount, trade.count);
  return trade;
}

Network SnapshotReader::read(const SnapshotMetadata& metadata) {
  return {firms(), trade(), metadata};
}

/// What one rank read, before the ranks compare digests.
struct Part {
  Network network;
  DatasetDigest digest;
};

Part read_part(const comm::Communicator& comm, const std::string& path) {
  const Hdf5Input file(path);
  return blaming_file(path, [&] {
    const auto summary = schema::read_attributes(file);
    SnapshotReader reader(comm, file, summary.firms, summary.links);
    auto network = reader.read(summary.metadata);
    return Part{std::move(network), reader.digest()};
  });
}

/// Whether the input rows of all ranks, which are in range, are 0, 1, ... in some order: then sums
/// of a hash of either are equal, and but for a chance of 2^-64 only then. Collective.
bool names_each_row_once(const comm::Communicator& comm, const FirmTable& firms) {
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < firms.input_row.size(); ++i) {
    difference += mix64(static_cast<std::uint64_t>(firms.input_row[i])) -
                  mix64(static_cast<std::uint64_t>(firms.first) + i);
  }
  return comm::all_reduce(comm, difference, comm::ReduceOp::sum) == 0;
}

}  // namespace

Network read_snapshot(const comm::Communicator& comm, const std::string& path) {
  auto [network, digest] = comm::collectively(comm, [&] { return read_part(comm, path); });
  const auto found = digest.total(comm);
  require(
      found == network.metadata.digest, ErrorKind::bad_input,
      path + " is damaged: its digest is " + network.metadata.digest + ", its data give " + found);
  require(names_each_row_once(comm, network.firms), ErrorKind::bad_input,
          path + " is damaged: " + schema::kInputRow + " names an input row twice");
  return std::move(network);
}

}  // namespace tradegraph::io
