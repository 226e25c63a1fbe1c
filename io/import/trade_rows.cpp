#include "io/import/trade_rows.hpp"

#include <cmath>
#include <span>

#include "engine/comm/agreement.hpp"
#include "io/import/number.hpp"

namespace tradegraph::io {

namespace {

std::string_view cell(const CsvRecord& record, ColumnIndex index) {
  return record.fields[static_cast<std::size_t>(index)];
}

/// Reads one unit of the file.
class UnitReader {
 public:
  UnitReader(const CsvFile& file, const TradeColumns& columns, FaultList list)
      : faults(std::move(list)), header_(file.header()), columns_(columns) {}

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
    table.prefetch_slot(row.supplier_hash);
    table.prefetch_slot(row.buyer_hash);
  }
  void prefetch_texts(const Row& row, const IdTable& table) const {
    if (!has_all_cells(row)) return;
    table.prefetch_text(row.supplier_hash);
    table.prefetch_text(row.buyer_hash);
  }
  void read_row(const Row& row, const NumberedIds& firms);
  bool find_firm(const CsvRecord& record, ColumnIndex column, std::uint64_t hash,
                 const NumberedIds& firms, std::int64_t& number);
  bool read_weight(const CsvRecord& record, ColumnIndex column, double& weight);
  bool refuse(const CsvRecord& record, ColumnIndex column, const char* kind, const char* reason) {
    faults.add({record.line, header_[static_cast<std::size_t>(column)],
                std::string(cell(record, column)), kind, reason, false});
    return false;
  }

  const std::vector<std::string>& header_;
  const TradeColumns& columns_;
  std::vector<Row> batch_ = std::vector<Row>(kBatch);
};

bool UnitReader::find_firm(const CsvRecord& record, ColumnIndex column, std::uint64_t hash,
                           const NumberedIds& firms, std::int64_t& number) {
  const auto id = cell(record, column);
  if (id.empty()) return refuse(record, column, "empty_id", "is empty");
  number = firms.find(id, hash);
  return number >= 0 || refuse(record, column, "unknown_firm", "is not among the firms");
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
  std::int64_t supplier = 0;
  std::int64_t buyer = 0;
  double amount = 0;
  double count = 0;
  if (!find_firm(record, columns_.supplier, row.supplier_hash, firms, supplier) ||
      !find_firm(record, columns_.buyer, row.buyer_hash, firms, buyer) ||
      !read_weight(record, columns_.amount, amount) ||
      !read_weight(record, columns_.count, count)) {
    return;
  }
  if (supplier == buyer) {
    ++rows.self_trade;
    return;
  }
  rows.supplier.push_back(supplier);
  rows.buyer.push_back(buyer);
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

template <class T>
void append(std::vector<T>& all, std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
  std::vector<T>().swap(part);
}

TradeRows merged(std::vector<UnitResult>& units, FaultList& faults) {
  TradeRows all;
  std::size_t count = 0;
  bool has_amount = false;
  bool has_count = false;
  for (const auto& unit : units) {
    count += unit.rows.supplier.size();
    has_amount = has_amount || !unit.rows.amount.empty();
    has_count = has_count || !unit.rows.count.empty();
  }
  all.supplier.reserve(count);
  all.buyer.reserve(count);
  all.amount.reserve(has_amount ? count : 0);
  all.count.reserve(has_count ? count : 0);
  for (auto& unit : units) {
    faults.merge(std::move(unit.faults));
    append(all.supplier, unit.rows.supplier);
    append(all.buyer, unit.rows.buyer);
    append(all.amount, unit.rows.amount);
    append(all.count, unit.rows.count);
    all.self_trade += unit.rows.self_trade;
  }
  return all;
}

}  // namespace

TradeRows read_trade(const comm::Communicator& comm, const CsvFile& file,
                     const TradeColumns& columns, const FirmTable& firms, FaultList& faults) {
  std::vector<UnitResult> units(static_cast<std::size_t>(file.units()));
  const FaultList empty = faults;
  const auto read = [&](const NumberedIds& numbers) {
    comm::collectively(comm, [&] {
      file.for_each_unit([&](std::int64_t unit, CsvCursor& cursor) {
        UnitReader reader(file, columns, empty);
        reader.read(cursor, numbers);
        units[static_cast<std::size_t>(unit)] = {std::move(reader.faults), std::move(reader.rows)};
      });
    });
  };
  const NumberedIds owned = own_firms(comm, firms);
  if (comm.size() == 1) {
    read(owned);
  } else {
    read(ask_owners(comm, owned, read_ids(comm, file, columns)));
  }
  return merged(units, faults);
}

}  // namespace tradegraph::io
