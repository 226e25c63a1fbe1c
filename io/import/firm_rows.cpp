#include "io/import/firm_rows.hpp"

#include <cmath>
#include <limits>

#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import/code_builder.hpp"
#include "io/import/gather.hpp"
#include "io/import/number.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

constexpr std::int64_t kNoLine = std::numeric_limits<std::int64_t>::max();
/// No place on Earth has larger coordinates in any metric system.
constexpr double kLargestMetres = 1e9;

/// The first cell of a further column that is no number.
struct TextCell {
  std::int64_t line = kNoLine;
  std::string value;
};

/// Reads one unit of the file.
class UnitReader {
 public:
  UnitReader(const CsvFile& file, const FirmColumns& columns, FaultList faults)
      : faults(std::move(faults)),
        numbers(columns.numbers.size()),
        text_cells(columns.numbers.size()),
        header_(file.header()),
        columns_(columns),
        row_(columns.numbers.size()) {}

  void read(CsvCursor& cursor) {
    for (CsvRecord record; cursor.next(record);) {
      if (check_record(record, header_, faults) && read_id(record) && read_place(record) &&
          read_numbers(record)) {
        keep(record);
      }
    }
  }

  FaultList faults;
  StringColumn id;
  std::vector<std::int64_t> line;
  std::vector<double> place[2];
  CodeBuilder texts[3];
  std::vector<std::vector<double>> numbers;
  std::vector<TextCell> text_cells;

 private:
  [[nodiscard]] static std::string_view cell(const CsvRecord& record, ColumnIndex index) {
    return record.fields[static_cast<std::size_t>(index)];
  }
  bool refuse(const CsvRecord& record, ColumnIndex column, const char* kind, std::string reason) {
    faults.add({record.line, header_[static_cast<std::size_t>(column)],
                std::string(cell(record, column)), kind, std::move(reason), false});
    return false;
  }
  bool read_id(const CsvRecord& record) {
    if (!cell(record, columns_.id).empty()) return true;
    return refuse(record, columns_.id, "empty_id", "is empty");
  }
  bool read_place(const CsvRecord& record);
  bool read_axis(const CsvRecord& record, int axis);
  bool read_numbers(const CsvRecord& record);
  void keep(const CsvRecord& record);

  const std::vector<std::string>& header_;
  const FirmColumns& columns_;
  double place_[2] = {0, 0};
  std::vector<double> row_;
};

bool UnitReader::read_axis(const CsvRecord& record, int axis) {
  const ColumnIndex column = columns_.place[axis];
  const double limit = !columns_.in_degrees ? kLargestMetres : axis == 0 ? 180 : 90;
  double& value = place_[axis];
  switch (parse_number(cell(record, column), value)) {
    case NumberState::not_a_number:
      return refuse(record, column, "not_a_number", "is not a number");
    case NumberState::not_finite:
      return refuse(record, column, "not_finite", "is not a finite number");
    case NumberState::empty: return true;
    case NumberState::good: break;
  }
  if (std::abs(value) <= limit) return true;
  const std::string text =
      columns_.in_degrees ? std::to_string(static_cast<int>(limit)) : std::string("1e9");
  return refuse(record, column, "out_of_range", "is not between -" + text + " and " + text);
}

bool UnitReader::read_place(const CsvRecord& record) {
  if (!read_axis(record, 0) || !read_axis(record, 1)) return false;
  for (int axis = 0; axis < 2; ++axis) {
    if (!std::isnan(place_[axis]) || std::isnan(place_[1 - axis])) continue;
    const auto other = header_[static_cast<std::size_t>(columns_.place[1 - axis])];
    return refuse(record, columns_.place[axis], "incomplete_place",
                  "is empty although column '" + shown(other) + "' is not");
  }
  return true;
}

bool UnitReader::read_numbers(const CsvRecord& record) {
  for (std::size_t i = 0; i < row_.size(); ++i) {
    const auto& column = columns_.numbers[i];
    const auto state = parse_number(cell(record, column.index), row_[i]);
    if (state == NumberState::good || state == NumberState::empty) continue;
    if (column.known) {
      const bool infinite = state == NumberState::not_finite;
      return refuse(record, column.index, infinite ? "not_finite" : "not_a_number",
                    infinite ? "is not a finite number" : "is not a number");
    }
    if (text_cells[i].line == kNoLine) {
      text_cells[i] = {record.line, std::string(cell(record, column.index))};
    }
  }
  return true;
}

void UnitReader::keep(const CsvRecord& record) {
  id.push_back(cell(record, columns_.id));
  line.push_back(record.line);
  place[0].push_back(place_[0]);
  place[1].push_back(place_[1]);
  const ColumnIndex indices[3] = {columns_.industry, columns_.region, columns_.status};
  for (int i = 0; i < 3; ++i) {
    if (indices[i] >= 0) texts[i].push_back(cell(record, indices[i]));
  }
  for (std::size_t i = 0; i < row_.size(); ++i) {
    if (text_cells[i].line == kNoLine) numbers[i].push_back(row_[i]);
  }
}

using Units = std::vector<UnitReader>;

template <class Member>
auto concatenated(Units& units, Member member) {
  std::remove_reference_t<decltype(member(units.front()))> all;
  std::size_t size = 0;
  for (auto& unit : units) size += member(unit).size();
  all.reserve(size);
  for (auto& unit : units) {
    auto& part = member(unit);
    all.insert(all.end(), part.begin(), part.end());
    std::remove_reference_t<decltype(part)>().swap(part);
  }
  return all;
}

StringColumn concatenated_ids(Units& units) {
  StringColumn all;
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (const auto& unit : units) {
    bytes += unit.id.bytes.size();
    count += static_cast<std::size_t>(unit.id.size());
  }
  all.bytes.reserve(bytes);
  all.offsets.reserve(count + 1);
  for (auto& unit : units) {
    const auto shift = static_cast<std::int64_t>(all.bytes.size());
    all.bytes.insert(all.bytes.end(), unit.id.bytes.begin(), unit.id.bytes.end());
    for (std::int64_t i = 1; i <= unit.id.size(); ++i) {
      all.offsets.push_back(shift + unit.id.offsets[static_cast<std::size_t>(i)]);
    }
    unit.id = StringColumn();
  }
  return all;
}

/// The first cell of column i, over all ranks, that is no number. Collective.
TextCell first_text(const comm::Communicator& comm, const Units& units, std::size_t i) {
  TextCell first;
  for (const auto& unit : units) {
    if (unit.text_cells[i].line < first.line) first = unit.text_cells[i];
  }
  const auto line = comm::all_reduce(comm, first.line, comm::ReduceOp::min);
  if (line == kNoLine) return first;
  const int holder =
      comm::all_reduce(comm, first.line == line ? comm.rank() : comm.size(), comm::ReduceOp::min);
  comm::broadcast(comm, first.value, holder);
  return {line, first.value};
}

/// What becomes of the columns that import has no use for of its own.
class FurtherColumns {
 public:
  void keep(const std::string& name) { add(kept_, "'" + shown(name) + "'"); }
  void leave_out(const std::string& name, const std::string& reason) {
    add(left_out_, (name.empty() ? "one" : "'" + shown(name) + "'") + " (" + reason + ")");
  }
  void say(const std::string& path) const {
    if (left_out_.empty()) return;
    log::info(path + ": note: of the further columns, those of numbers are kept: " +
              (kept_.empty() ? "none" : kept_) + "; not kept: " + left_out_);
  }

 private:
  static void add(std::string& list, const std::string& item) {
    list += (list.empty() ? "" : ", ") + item;
  }
  std::string kept_;
  std::string left_out_;
};

}  // namespace

FirmRows read_firms(const comm::Communicator& comm, const CsvFile& file, const FirmColumns& columns,
                    FaultList& faults) {
  Units units(static_cast<std::size_t>(file.units()), UnitReader(file, columns, faults));
  comm::collectively(comm, [&] {
    file.for_each_unit([&](std::int64_t unit, CsvCursor& cursor) {
      units[static_cast<std::size_t>(unit)].read(cursor);
    });
  });
  FirmRows rows;
  for (auto& unit : units) faults.merge(std::move(unit.faults));
  rows.id = concatenated_ids(units);
  rows.line = concatenated(units, [](auto& unit) -> auto& { return unit.line; });
  for (int axis = 0; axis < 2; ++axis) {
    rows.place[axis] = concatenated(units, [&](auto& unit) -> auto& { return unit.place[axis]; });
  }
  const std::pair<const char*, ColumnIndex> texts[3] = {
      {"industry", columns.industry}, {"region", columns.region}, {"status", columns.status}};
  for (std::size_t i = 0; i < 3; ++i) {
    if (texts[i].second < 0) continue;
    std::vector<const CodeBuilder*> pieces;
    for (const auto& unit : units) pieces.push_back(&unit.texts[i]);
    rows.texts[texts[i].first] = merge_codes(comm, pieces);
  }
  FurtherColumns further;
  for (const auto& name : columns.left_out) {
    further.leave_out(name, name.empty() ? "without a name" : "the name means something else here");
  }
  for (std::size_t i = 0; i < columns.numbers.size(); ++i) {
    const auto& [name, index, known] = columns.numbers[i];
    if (const auto text = first_text(comm, units, i); text.line != kNoLine) {
      further.leave_out(
          name, "text: line " + std::to_string(text.line) + " has '" + shown(text.value) + "'");
      continue;
    }
    if (!known) further.keep(name);
    rows.numbers[name] = concatenated(units, [&](auto& unit) -> auto& { return unit.numbers[i]; });
  }
  if (comm.is_root()) further.say(file.path());
  return rows;
}

FirmRows select_rows(const comm::Communicator& comm, const FirmRows& rows,
                     const std::vector<std::int64_t>& kept) {
  FirmRows result;
  result.id = gathered(rows.id, kept);
  result.line = gathered(rows.line, kept);
  for (int axis = 0; axis < 2; ++axis) result.place[axis] = gathered(rows.place[axis], kept);
  for (const auto& [name, column] : rows.texts) {
    result.texts[name] = without_unused(comm, {gathered(column.codes, kept), column.dictionary});
  }
  for (const auto& [name, column] : rows.numbers) result.numbers[name] = gathered(column, kept);
  return result;
}

}  // namespace tradegraph::io
