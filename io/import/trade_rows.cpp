#include "io/import/trade_rows.hpp"

#include <cmath>

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

  void read(CsvCursor& cursor, const NumberedIds& firms) {
    for (CsvRecord record; cursor.next(record);) {
      if (check_record(record, header_, faults)) read_row(record, firms);
    }
  }

  FaultList faults;
  TradeRows rows;

 private:
  void read_row(const CsvRecord& record, const NumberedIds& firms);
  bool find_firm(const CsvRecord& record, ColumnIndex column, const NumberedIds& firms,
                 std::int64_t& number);
  bool read_weight(const CsvRecord& record, ColumnIndex column, double& weight);
  bool refuse(const CsvRecord& record, ColumnIndex column, const char* kind, const char* reason) {
    faults.add({record.line, header_[static_cast<std::size_t>(column)],
                std::string(cell(record, column)), kind, reason, false});
    return false;
  }

  const std::vector<std::string>& header_;
  const TradeColumns& columns_;
};

bool UnitReader::find_firm(const CsvRecord& record, ColumnIndex column, const NumberedIds& firms,
                           std::int64_t& number) {
  const auto id = cell(record, column);
  if (id.empty()) return refuse(record, column, "empty_id", "is empty");
  number = firms.find(id);
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

void UnitReader::read_row(const CsvRecord& record, const NumberedIds& firms) {
  std::int64_t supplier = 0;
  std::int64_t buyer = 0;
  double amount = 0;
  double count = 0;
  if (!find_firm(record, columns_.supplier, firms, supplier) ||
      !find_firm(record, columns_.buyer, firms, buyer) ||
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

template <class T>
void append(std::vector<T>& all, std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
  std::vector<T>().swap(part);
}

TradeRows merged(std::vector<UnitReader>& units, FaultList& faults) {
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
  std::vector<UnitReader> units(static_cast<std::size_t>(file.units()),
                                UnitReader(file, columns, faults));
  const auto read = [&](const NumberedIds& numbers) {
    comm::collectively(comm, [&] {
      file.for_each_unit([&](std::int64_t unit, CsvCursor& cursor) {
        units[static_cast<std::size_t>(unit)].read(cursor, numbers);
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
