#include "io/import.hpp"

#include <future>
#include <numeric>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/file_digest.hpp"
#include "io/import/curve_order.hpp"
#include "io/import/faults.hpp"
#include "io/import/firm_columns.hpp"
#include "io/import/firm_rows.hpp"
#include "io/import/gather.hpp"
#include "io/import/places.hpp"
#include "io/import/redistribution.hpp"
#include "io/import/repeats.hpp"
#include "io/import/trade_rows.hpp"

namespace tradegraph::io {

namespace {

/// A file whose digest one rank computes beside the reading.
class TrackedFile {
 public:
  TrackedFile(const comm::Communicator& comm, const std::string& path, std::int64_t block_bytes,
              int digest_rank)
      : csv_(CsvFile::open(comm, path, block_bytes)), digest_rank_(digest_rank) {
    if (comm.rank() == digest_rank) {
      digest_ = std::async(std::launch::async, [path] { return sha256_of_file(path); });
    }
  }
  [[nodiscard]] const CsvFile& csv() const { return csv_; }

  /// Collective; once.
  [[nodiscard]] InputFile described(const comm::Communicator& comm) {
    std::string digest =
        comm::collectively(comm, [&] { return digest_.valid() ? digest_.get() : std::string(); });
    comm::broadcast(comm, digest, digest_rank_);
    return {csv_.path(), csv_.bytes(), digest};
  }

 private:
  CsvFile csv_;
  int digest_rank_;
  std::future<std::string> digest_;
};

/// Rows of this rank, their places, and where they come in the file.
struct PlacedFirms {
  FirmRows rows;
  Places places;
  std::int64_t first_row = 0;
  std::int64_t total = 0;
};

/// Where all rows were dropped, their faults are the explanation: rejects are written all the same.
void check_not_empty(const comm::Communicator& comm, const CsvFile& file, const FirmRows& rows,
                     const FaultPolicy& policy,
                     const std::map<std::string, std::int64_t>& dropped) {
  if (comm::all_reduce(comm, rows.count(), comm::ReduceOp::sum) > 0) return;
  std::string message = file.path() + ": there are no firms";
  std::string separator = " but those dropped: ";
  for (const auto& [kind, count] : dropped) {
    message += std::exchange(separator, ", ") + kind + " " + std::to_string(count);
  }
  policy.write_rejects(comm);
  throw Error(ErrorKind::bad_input, message);
}

/// Keeps the rows whose places have an image.
void drop_lost_places(const comm::Communicator& comm, PlacedFirms& firms) {
  std::vector<std::int64_t> kept;
  auto& places = firms.places;
  const auto lost = [](const std::vector<double>& column, std::size_t i) {
    return !column.empty() && std::isinf(column[i]);
  };
  for (std::size_t i = 0; i < places.x_m.size(); ++i) {
    if (!lost(places.x_m, i) && !lost(places.y_m, i) && !lost(places.longitude, i) &&
        !lost(places.latitude, i)) {
      kept.push_back(static_cast<std::int64_t>(i));
    }
  }
  const auto dropped = firms.rows.count() - static_cast<std::int64_t>(kept.size());
  if (!comm::any_rank(comm, dropped > 0)) return;
  firms.rows = select_rows(comm, firms.rows, kept);
  for (auto* column : {&places.x_m, &places.y_m, &places.longitude, &places.latitude}) {
    *column = gathered(*column, kept);
  }
}

PlacedFirms read_placed_firms(const comm::Communicator& comm, const CsvFile& file,
                              const ImportOptions& options, FaultPolicy& policy,
                              SnapshotMetadata& metadata) {
  const auto kind =
      comm::collectively(comm, [&] { return place_kind(options.input_crs, options.project); });
  const auto columns = find_firm_columns(file.path(), file.header(), options.columns, kind);
  FaultList faults = policy.new_list();
  PlacedFirms firms;
  firms.rows = read_firms(comm, file, columns, faults);
  const auto name = [&](ColumnIndex i) { return file.header()[static_cast<std::size_t>(i)]; };
  const auto distinct =
      find_distinct(comm, firms.rows.id, firms.rows.line, name(columns.id), faults);
  policy.settle(comm, file, std::move(faults), metadata.dropped);
  const auto repeats = firms.rows.count() - static_cast<std::int64_t>(distinct.size());
  if (comm::any_rank(comm, repeats > 0)) firms.rows = select_rows(comm, firms.rows, distinct);

  FaultList lost = policy.new_list();
  firms.places = find_places(comm, firms.rows, columns.in_degrees, options.input_crs,
                             options.project, name(columns.place[0]), lost);
  for (auto& place : firms.rows.place) place = {};
  policy.settle(comm, file, std::move(lost), metadata.dropped);
  drop_lost_places(comm, firms);
  check_not_empty(comm, file, firms.rows, policy, metadata.dropped);
  check_distortion(comm, firms.places);
  firms.first_row = comm::exclusive_scan(comm, firms.rows.count());
  firms.total = comm::all_reduce(comm, firms.rows.count(), comm::ReduceOp::sum);
  return firms;
}

/// Brings columns of this rank's rows into curve order over all ranks.
class CurveMove {
 public:
  CurveMove(const comm::Communicator& comm, const Places& places)
      : keys_(curve_keys(comm, places.x_m, places.y_m)),
        local_(order_by_key(comm, keys_)),
        plan_(comm, local_.destination) {
    if (comm.size() == 1) return;
    // What arrives is sorted a source; ranks hold the input in order, so (key, position) is the
    // order by (key, input row).
    const auto received = plan_.send(gathered(keys_, local_.order));
    merged_ = order_by_key(self_, received).order;
  }

  template <class Column>
  [[nodiscard]] Column operator()(const Column& column) const {
    auto sent = plan_.send(gathered(column, local_.order));
    return merged_.empty() ? sent : gathered(sent, merged_);
  }
  [[nodiscard]] CodeColumn operator()(const CodeColumn& column) const {
    return {(*this)(column.codes), column.dictionary};
  }

 private:
  comm::Communicator self_ = comm::Communicator::self();
  std::vector<std::uint64_t> keys_;
  CurveOrder local_;
  Redistribution plan_;
  std::vector<std::int64_t> merged_;
};

FirmTable order_firms(const comm::Communicator& comm, PlacedFirms firms) {
  FirmTable table;
  table.total = firms.total;
  table.first = firms.total * comm.rank() / comm.size();
  const CurveMove move(comm, firms.places);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(firms.rows.count()));
  std::iota(rows.begin(), rows.end(), firms.first_row);
  table.input_row = move(rows);
  table.id = move(firms.rows.id);
  table.x_m = move(firms.places.x_m);
  table.y_m = move(firms.places.y_m);
  if (firms.places.planar_crs != kLocalCrs) {
    table.longitude = move(firms.places.longitude);
    table.latitude = move(firms.places.latitude);
  }
  for (auto& [name, column] : firms.rows.texts) {
    auto moved = move(column);
    if (name == "industry") {
      table.industry = std::move(moved);
    } else if (name == "region") {
      table.region = std::move(moved);
    } else {
      table.texts[name] = std::move(moved);
    }
  }
  for (auto& [name, column] : firms.rows.numbers) table.numbers[name] = move(column);
  return table;
}

void read_trade_table(const comm::Communicator& comm, const CsvFile& file,
                      const ImportOptions& options, FaultPolicy& policy, Network& network) {
  auto& dropped = network.metadata.dropped;
  const auto columns = find_trade_columns(file.path(), file.header(), options.columns);
  FaultList faults = policy.new_list();
  auto rows = read_trade(comm, file, columns, network.firms, faults);
  policy.settle(comm, file, std::move(faults), dropped);
  dropped["self_trade"] = comm::all_reduce(comm, rows.self_trade, comm::ReduceOp::sum);
  network.trade = build_trade_table(comm, std::move(rows), network.firms, dropped["repeated_pair"]);
}

/// What is wrong with the trade file whichever firms there are; empty if nothing is. Collective.
std::string faults_of_trade(const comm::Communicator& comm, const CsvFile& file,
                            const ImportOptions& options) {
  try {
    const auto columns = find_trade_columns(file.path(), file.header(), options.columns);
    FaultList faults;
    check_trade(comm, file, columns, faults);
    refuse_faults(comm, file.path(), std::move(faults));
  } catch (const Error& error) {
    return std::string("\n") + error.what();
  }
  return {};
}

}  // namespace

void ImportOptions::validate() const {
  require(!firms.empty(), ErrorKind::usage, "the firms file is not named");
  require(!trade || !trade->empty(), ErrorKind::usage, "the trade file is not named");
  require(!rejects || skip_bad_rows, ErrorKind::usage,
          "rejected rows are written only where bad rows are skipped");
  require(!rejects || !rejects->empty(), ErrorKind::usage, "the rejects file is not named");
  require(block_bytes > 0, ErrorKind::usage, "block_bytes must be positive");
}

Network import_csv(const comm::Communicator& comm, const ImportOptions& options) {
  options.validate();
  Network network;
  auto& metadata = network.metadata;
  metadata.year = options.year;
  metadata.input_crs = options.input_crs;
  FaultPolicy policy(options.skip_bad_rows, options.rejects.value_or(""));
  TrackedFile firms_file(comm, options.firms, options.block_bytes, 0);
  std::optional<TrackedFile> trade_file;
  if (options.trade) {
    trade_file.emplace(comm, *options.trade, options.block_bytes, comm.size() - 1);
  }
  try {
    auto firms = read_placed_firms(comm, firms_file.csv(), options, policy, metadata);
    metadata.planar_crs = firms.places.planar_crs;
    metadata.scale_distortion = firms.places.scale_distortion;
    network.firms = order_firms(comm, std::move(firms));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input || !trade_file || options.skip_bad_rows) throw;
    // All ranks are here: both files can be mended before the next try.
    throw Error(ErrorKind::bad_input,
                error.what() + faults_of_trade(comm, trade_file->csv(), options));
  }
  if (metadata.planar_crs == kLocalCrs) metadata.input_crs = kLocalCrs;
  network.trade.row_pointers.assign(static_cast<std::size_t>(network.firms.count()) + 1, 0);
  metadata.inputs.push_back(firms_file.described(comm));
  if (trade_file) {
    read_trade_table(comm, trade_file->csv(), options, policy, network);
    metadata.inputs.push_back(trade_file->described(comm));
  }
  policy.write_rejects(comm);
  return network;
}

}  // namespace tradegraph::io
