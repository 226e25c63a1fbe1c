
#include <iterator>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/digest.hpp"
#include "io/global_offsets.hpp"
#include "io/hdf5_output.hpp"
#include "io/snapshot.hpp"
#include "io/snapshot_schema.hpp"

namespace tradegraph::io {

namespace {

template <class T>
bool fits(const std::vector<T>& column, std::int64_t count) {
  return column.empty() || std::ssize(column) == count;
}

/// Whether the columns on this rank have the lengths that they must have.
bool lengths_fit(const Network& network) {
  const auto& [firms, trade, metadata] = network;
  const auto count = firms.count();
  bool fit = fits(firms.input_row, count) && fits(firms.x_m, count) && fits(firms.y_m, count) &&
             fits(firms.longitude, count) && fits(firms.latitude, count) &&
             fits(firms.industry.codes, count) && fits(firms.region.codes, count);
  for (const auto& [name, values] : firms.numbers) fit = fit && std::ssize(values) == count;
  for (const auto& [name, values] : firms.texts) fit = fit && values.size() == count;
  const auto links = std::ssize(trade.columns);
  return fit && std::ssize(trade.row_pointers) == count + 1 && trade.row_pointers.front() == 0 &&
         trade.row_pointers.back() == links && fits(trade.amount, links) &&
         fits(trade.count, links);
}

/// Names of the further columns, one string, to compare over ranks.
std::string further_names(const FirmTable& firms) {
  std::string names;
  for (const auto& [name, values] : firms.numbers) names += "n" + schema::further_column(name);
  for (const auto& [name, values] : firms.texts) names += "t" + schema::further_column(name);
  return names;
}

void check_slices(const comm::Communicator& comm, const Network& network) {
  const auto& firms = network.firms;
  const auto before = comm::exclusive_scan(comm, firms.count());
  const auto total = comm::all_reduce(comm, firms.count(), comm::ReduceOp::sum);
  auto names = further_names(firms);
  comm::broadcast(comm, names);
  comm::collectively(comm, [&] {
    require(lengths_fit(network), ErrorKind::internal, "columns of a network differ in length");
    require(firms.first == before && firms.total == total, ErrorKind::internal,
            "the slices of a network do not follow one another");
    require(names == further_names(firms), ErrorKind::internal,
            "ranks hold different columns of a network");
  });
}

/// Writes datasets and adds them to the digest on the way.
class SnapshotWriter {
 public:
  SnapshotWriter(const comm::Communicator& comm, const std::string& path, int deflate_level)
      : comm_(comm), output_(comm, path, deflate_level), digest_(comm) {}

  void put(const std::string& name, const ColumnSlice& slice) {
    digest_.add(name, slice);
    output_.write(name, slice);
  }

  /// A column that may be lacking; ranks without rows do not know whether it is.
  template <class T>
  bool put_if_present(const std::string& name, const std::vector<T>& values, std::int64_t first,
                      std::int64_t total) {
    if (!comm::any_rank(comm_, !values.empty())) return false;
    put(name, ColumnSlice::of(values, first, total));
    return true;
  }

  /// Cells of different lengths: offsets over all ranks; returns where this rank's contents begin.
  GlobalOffsets put_offsets(const std::string& name, const std::vector<std::int64_t>& local,
                            std::int64_t first, std::int64_t total) {
    auto offsets = global_offsets(comm_, local);
    put(name, ColumnSlice::of(offsets.values, first, total + 1));
    return offsets;
  }

  void put_codes(const std::string& name, const CodeColumn& column, const FirmTable& firms) {
    put(name, ColumnSlice::of(column.codes, firms.first, firms.total));
    const auto names = schema::DictionaryNames::of(name);
    // Identical on all ranks: rank 0 writes it, the others add nothing.
    const StringColumn none;
    const auto& text = comm_.is_root() ? column.dictionary : none;
    const auto sizes = comm::all_gather(comm_, text.size());
    const auto first = comm_.is_root() ? 0 : sizes.front();
    const auto offsets = put_offsets(names.offsets, text.offsets, first, sizes.front());
    put(names.bytes, ColumnSlice::of(text.bytes, offsets.before, offsets.total));
  }

  void put_codes_if_present(const std::string& name, const CodeColumn& column,
                            const FirmTable& firms) {
    if (comm::any_rank(comm_, !column.codes.empty())) put_codes(name, column, firms);
  }

  Hdf5Output& output() { return output_; }
  std::string commit() {
    const auto digest = digest_.total(comm_);
    output_.attribute("/", schema::kDigestAttribute, digest);
    output_.commit();
    return digest;
  }

 private:
  const comm::Communicator& comm_;
  Hdf5Output output_;
  DatasetDigest digest_;
};

void put_firms(SnapshotWriter& writer, const FirmTable& firms) {
  const auto first = firms.first;
  const auto total = firms.total;
  const auto ids = writer.put_offsets(schema::kIdOffsets, firms.id.offsets, first, total);
  writer.put(schema::kIdBytes, ColumnSlice::of(firms.id.bytes, ids.before, ids.total));
  writer.put_if_present(schema::kInputRow, firms.input_row, first, total);
  writer.put_if_present(schema::kX, firms.x_m, first, total);
  writer.put_if_present(schema::kY, firms.y_m, first, total);
  writer.put_if_present(schema::kLongitude, firms.longitude, first, total);
  writer.put_if_present(schema::kLatitude, firms.latitude, first, total);
  writer.put_codes_if_present(schema::kIndustry, firms.industry, firms);
  writer.put_codes_if_present(schema::kRegion, firms.region, firms);
  for (const auto& [name, values] : firms.numbers) {
    const auto dataset = schema::further_column(name);
    writer.put(dataset, ColumnSlice::of(values, first, total));
    writer.output().attribute(dataset, schema::kColumnAttribute, name);
  }
  for (const auto& [name, values] : firms.texts) {
    const auto dataset = schema::further_column(name);
    writer.put_codes(dataset, values, firms);
    writer.output().attribute(dataset, schema::kColumnAttribute, name);
  }
}

void put_trade(SnapshotWriter& writer, const FirmTable& firms, const TradeTable& trade) {
  const auto rows =
      writer.put_offsets(schema::kRowPointers, trade.row_pointers, firms.first, firms.total);
  writer.put(schema::kColumns, ColumnSlice::of(trade.columns, rows.before, rows.total));
  writer.put_if_present(schema::kAmount, trade.amount, rows.before, rows.total);
  writer.put_if_present(schema::kCount, trade.count, rows.before, rows.total);
}

void put_attributes(Hdf5Output& output, const Network& network, std::int64_t links) {
  const auto& metadata = network.metadata;
  output.attribute("/", schema::kVersionAttribute, SnapshotMetadata::kSchemaVersion);
  output.attribute("/", "program_version", std::string(TRADEGRAPH_VERSION));
  output.attribute("/", "year", metadata.year);
  output.attribute("/", "firms", network.firms.total);
  output.attribute("/", "links", links);
  output.attribute("/", "input_crs", metadata.input_crs);
  output.attribute("/", "planar_crs", metadata.planar_crs);
  output.attribute("/", "scale_distortion", metadata.scale_distortion);
  output.make_group("/dropped");
  for (const auto& [reason, rows] : metadata.dropped) output.attribute("/dropped", reason, rows);
  output.make_group("/inputs");
  for (std::size_t i = 0; i < metadata.inputs.size(); ++i) {
    const auto group = "/inputs/" + std::to_string(i);
    output.make_group(group);
    output.attribute(group, "path", metadata.inputs[i].path);
    output.attribute(group, "bytes", metadata.inputs[i].bytes);
    output.attribute(group, "sha256", metadata.inputs[i].sha256);
  }
}

}  // namespace

std::string write_snapshot(const comm::Communicator& comm, const std::string& path,
                           const Network& network, const SnapshotOptions& options) {
  check_slices(comm, network);
  const auto links = comm::all_reduce(comm, static_cast<std::int64_t>(network.trade.columns.size()),
                                      comm::ReduceOp::sum);
  SnapshotWriter writer(comm, path, options.deflate_level);
  put_attributes(writer.output(), network, links);
  put_firms(writer, network.firms);
  put_trade(writer, network.firms, network.trade);
  return writer.commit();
}

}  // namespace tradegraph::io
