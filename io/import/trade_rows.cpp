#include "io/import/trade_rows.hpp"

#include <algorithm>
#include <span>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import/number.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

std::string_view cell(const CsvRecord& record, ColumnIndex index) {
  return record.fields[static_cast<std::size_t>(index)];
}

/// The firm of the row before, which many files that are sorted name again.
struct LatestFirm {
  std::string id;
  std::int64_t number = -1;
};

/// Reads one unit of the file.
class UnitReader {
 public:
  UnitReader(const CsvFile& file, const TradeColumns& columns, FaultList list, bool knows_firms)
      : faults(std::move(list)),
        header_(file.header()),
        columns_(columns),
        knows_firms_(knows_firms) {}

  /// Rows go in batches, so that the memory of many look-ups is on its way at once.
  void read(CsvCursor& cursor, const NumberedIds& firms) {
    for (std::size_t count = kBatch; count == kBatch;) {
      count = 0;
      while (count < kBatch && cursor.next(batch_[count].record)) ++count;
      const std::span rows_read(batch_.data(), count);
      for (auto& row : rows_read) hash_ids(row, firms.table());
      for (const auto& row : rows_read) prefetch_texts(row, firms.table());
      for (const auto& row : rows_read) {
        if (check_record(row.record, header_, faults)) read_row(row, firms);
      }
    }
  }

  FaultList faults;
  TradeRows rows;

 private:
  static constexpr std::size_t kBatch = 32;
  struct Row {
    CsvRecord record;
    std::uint64_t supplier_hash = 0;
    std::uint64_t buyer_hash = 0;
  };

  [[nodiscard]] bool has_all_cells(const Row& row) const {
    return row.record.fields.size() == header_.size();
  }
  void hash_ids(Row& row, const IdTable& table) const {
    if (!has_all_cells(row)) return;
    row.supplier_hash = hash_text(cell(row.record, columns_.supplier));
    row.buyer_hash = hash_text(cell(row.record, columns_.buyer));
    table.prefetch_bucket(row.supplier_hash);
    table.prefetch_bucket(row.buyer_hash);
  }
  void prefetch_texts(const Row& row, const IdTable& table) const {
    if (!has_all_cells(row)) return;
    table.prefetch_texts(row.supplier_hash);
    table.prefetch_texts(row.buyer_hash);
  }
  void read_row(const Row& row, const NumberedIds& firms);
  bool find_firm(const CsvRecord& record, ColumnIndex column, std::uint64_t hash,
                 const NumberedIds& firms, LatestFirm& latest);
  bool read_weight(const CsvRecord& record, ColumnIndex column, double& weight);
  bool refuse(const CsvRecord& record, ColumnIndex column, const char* kind, const char* reason) {
    faults.add({record.line, header_[static_cast<std::size_t>(column)],
                std::string(cell(record, column)), kind, reason, false});
    return false;
  }

  const std::vector<std::string>& header_;
  const TradeColumns& columns_;
  bool knows_firms_;
  std::vector<Row> batch_ = std::vector<Row>(kBatch);
  LatestFirm supplier_;
  LatestFirm buyer_;
};

bool UnitReader::find_firm(const CsvRecord& record, ColumnIndex column, std::uint64_t hash,
                           const NumberedIds& firms, LatestFirm& latest) {
  const auto id = cell(record, column);
  if (id.empty()) return refuse(record, column, "empty_id", "is empty");
  if (!knows_firms_) return true;
  if (id != latest.id) {
    latest.id = id;
    latest.number = firms.find(id, hash);
  }
  return latest.number >= 0 || refuse(record, column, "unknown_firm", "is not among the firms");
}

bool UnitReader::read_weight(const CsvRecord& record, ColumnIndex column, double& weight) {
  weight = 0;
  if (column < 0) return true;
  switch (parse_number(cell(record, column), weight)) {
    case NumberState::not_a_number:
      return refuse(record, column, "not_a_number", "is not a number");
    case NumberState::not_finite:
      return refuse(record, column, "not_finite", "is not a finite number");
    case NumberState::empty: weight = 0; return true;
    case NumberState::good: break;
  }
  weight += 0.0;  // -0 becomes 0
  return weight >= 0 || refuse(record, column, "negative", "is negative");
}

void UnitReader::read_row(const Row& row, const NumberedIds& firms) {
  const CsvRecord& record = row.record;
  double amount = 0;
  double count = 0;
  if (!find_firm(record, columns_.supplier, row.supplier_hash, firms, supplier_) ||
      !find_firm(record, columns_.buyer, row.buyer_hash, firms, buyer_) ||
      !read_weight(record, columns_.amount, amount) ||
      !read_weight(record, columns_.count, count)) {
    return;
  }
  if (supplier_.number == buyer_.number) {
    ++rows.self_trade;
    return;
  }
  rows.supplier.push_back(supplier_.number);
  rows.buyer.push_back(buyer_.number);
  if (columns_.amount >= 0) rows.amount.push_back(amount);
  if (columns_.count >= 0) rows.count.push_back(count);
}

/// Distinct ids of this rank's share of the file.
StringColumn read_ids(const comm::Communicator& comm, const CsvFile& file,
                      const TradeColumns& columns) {
  std::vector<StringColumn> units(static_cast<std::size_t>(file.units()));
  return comm::collectively(comm, [&] {
    file.for_each_unit([&](std::int64_t unit, CsvCursor& cursor) {
      StringColumn ids;
      for (CsvRecord record; cursor.next(record);) {
        if (record.fields.size() != file.header().size()) continue;
        for (const auto column : {columns.supplier, columns.buyer}) {
          ids.push_back(cell(record, column));
        }
      }
      units[static_cast<std::size_t>(unit)] = distinct(ids);
    });
    StringColumn all;
    for (auto& ids : units) {
      for (std::int64_t i = 0; i < ids.size(); ++i) all.push_back(ids[i]);
      ids = StringColumn();
    }
    return distinct(all);
  });
}

struct UnitResult {
  FaultList faults;
  TradeRows rows;
};

/// A column of all units, one after the other, by all threads; the units lose theirs.
template <class T>
std::vector<T> joined(std::vector<UnitResult>& units, std::vector<T> TradeRows::*column) {
  std::vector<std::size_t> starts{0};
  for (const auto& unit : units) starts.push_back(starts.back() + (unit.rows.*column).size());
  std::vector<T> all(starts.back());
  parallel_for(static_cast<std::int64_t>(units.size()), [&](std::int64_t i) {
    const auto unit = static_cast<std::size_t>(i);
    auto& part = units[unit].rows.*column;
    std::copy(part.begin(), part.end(), all.begin() + static_cast<std::ptrdiff_t>(starts[unit]));
    std::vector<T>().swap(part);
  });
  return all;
}

TradeRows merged(std::vector<UnitResult>& units, FaultList& faults) {
  TradeRows all;
  for (auto& unit : units) {
    faults.merge(std::move(unit.faults));
    all.self_trade += unit.rows.self_trade;
  }
  all.supplier = joined(units, &TradeRows::supplier);
  all.buyer = joined(units, &TradeRows::buyer);
  all.amount = joined(units, &TradeRows::amount);
  all.count = joined(units, &TradeRows::count);
  return all;
}

/// Whether a rank's share of the file may name all firms: then asking for those that it names
/// would cost a pass over the file, and save nothing.
bool everyone_needs_all(const comm::Communicator& comm, const CsvFile& file,
                        const FirmTable& firms) {
  const auto id_bytes =
      comm::all_reduce(comm, static_cast<std::int64_t>(firms.id.bytes.size()), comm::ReduceOp::sum);
  return comm.size() == 1 || id_bytes < file.bytes() / comm.size();
}

TradeRows read_units(const comm::Communicator& comm, const CsvFile& file,
                     const TradeColumns& columns, const NumberedIds& numbers, bool knows_firms,
                     FaultList& faults) {
  std::vector<UnitResult> units(static_cast<std::size_t>(file.units()));
  const FaultList empty = faults;
  comm::collectively(comm, [&] {
    file.for_each_unit([&](std::int64_t unit, CsvCursor& cursor) {
      UnitReader reader(file, columns, empty, knows_firms);
      reader.read(cursor, numbers);
      units[static_cast<std::size_t>(unit)] = {std::move(reader.faults), std::move(reader.rows)};
    });
  });
  return merged(units, faults);
}

}  // namespace

TradeRows read_trade(const comm::Communicator& comm, const CsvFile& file,
                     const TradeColumns& columns, const FirmTable& firms, FaultList& faults) {
  if (everyone_needs_all(comm, file, firms)) {
    return read_units(comm, file, columns, all_firms(comm, firms), true, faults);
  }
  const auto numbers = ask_owners(comm, own_firms(comm, firms), read_ids(comm, file, columns));
  return read_units(comm, file, columns, numbers, true, faults);
}

void check_trade(const comm::Communicator& comm, const CsvFile& file, const TradeColumns& columns,
                 FaultList& faults) {
  static_cast<void>(read_units(comm, file, columns, all_firms(comm, {}), false, faults));
}

}  // namespace tradegraph::io
