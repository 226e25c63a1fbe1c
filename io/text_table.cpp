#include "io/text_table.hpp"

#include <algorithm>
#include <iterator>

#include "engine/comm/agreement.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

/// Position of each name in the header; -1 if it is not there.
std::vector<std::int64_t> positions(const CsvFile& file, const std::vector<std::string>& names) {
  std::vector<std::int64_t> result;
  for (const auto& name : names) {
    const auto& header = file.header();
    const auto at = std::ranges::find(header, name);
    result.push_back(at == header.end() ? -1 : at - header.begin());
  }
  return result;
}

void demand_columns(const CsvFile& file, const std::vector<std::string>& required) {
  const auto found = positions(file, required);
  for (std::size_t i = 0; i < required.size(); ++i) {
    if (found[i] >= 0) continue;
    std::string present;
    for (const auto& name : file.header()) present += (present.empty() ? "" : ", ") + name;
    throw Error(ErrorKind::bad_input, file.path() + ": column '" + required[i] +
                                          "' is missing; the file has: " + present);
  }
}

struct Unit {
  TextTable table;
  FaultList faults;
};

Unit read_unit(const CsvFile& file, const std::vector<std::int64_t>& wanted, CsvCursor& cursor) {
  Unit unit;
  unit.table.columns.resize(wanted.size());
  CsvRecord record;
  while (cursor.next(record)) {
    if (!check_record(record, file.header(), unit.faults)) continue;
    unit.table.line.push_back(record.line);
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      if (wanted[c] < 0) continue;
      unit.table.columns[c].push_back(record.fields[static_cast<std::size_t>(wanted[c])]);
    }
  }
  return unit;
}

void append(StringColumn& to, const StringColumn& from) {
  const auto before = to.offsets.back();
  to.bytes.insert(to.bytes.end(), from.bytes.begin(), from.bytes.end());
  for (std::size_t i = 1; i < from.offsets.size(); ++i) {
    to.offsets.push_back(before + from.offsets[i]);
  }
}

TextTable joined(std::vector<Unit>& units, std::size_t columns) {
  TextTable table;
  table.columns.resize(columns);
  for (const auto& unit : units) {
    table.line.insert(table.line.end(), unit.table.line.begin(), unit.table.line.end());
  }
  parallel_for(static_cast<std::int64_t>(columns), [&](std::int64_t c) {
    const auto column = static_cast<std::size_t>(c);
    for (const auto& unit : units) append(table.columns[column], unit.table.columns[column]);
  });
  return table;
}

}  // namespace

TextTable read_text_table(const comm::Communicator& comm, const CsvFile& file,
                          const std::vector<std::string>& required,
                          const std::vector<std::string>& optional) {
  comm::collectively(comm, [&] { demand_columns(file, required); });
  auto names = required;
  names.insert(names.end(), optional.begin(), optional.end());
  const auto wanted = positions(file, names);
  std::vector<Unit> units(static_cast<std::size_t>(file.units()));
  comm::collectively(comm, [&] {
    file.for_each_unit([&](std::int64_t u, CsvCursor& cursor) {
      units[static_cast<std::size_t>(u)] = read_unit(file, wanted, cursor);
    });
  });
  FaultList faults;
  for (auto& unit : units) faults.merge(std::move(unit.faults));
  refuse_faults(comm, file.path(), std::move(faults));
  return comm::collectively(comm, [&] { return joined(units, wanted.size()); });
}

}  // namespace tradegraph::io
