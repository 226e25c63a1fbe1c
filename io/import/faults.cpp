#include "io/import/faults.hpp"

#include <algorithm>
#include <sstream>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/temporary_file.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

std::string column_name(const std::vector<std::string>& header, std::size_t field) {
  return field < header.size() ? header[field] : "";
}

/// Texts of all ranks, one after the other; on rank 0 only.
std::string gather_text(const comm::Communicator& comm, const std::string& mine) {
  const auto all = comm::gather_v(comm, std::span<const char>(mine.data(), mine.size())).values;
  return {all.begin(), all.end()};
}

/// The first ten faults over all ranks, one a line. Ranks read the file in order.
std::string first_lines(const comm::Communicator& comm, const std::string& path,
                        const std::vector<Fault>& sorted) {
  std::string mine;
  for (std::size_t i = 0; i < std::min(sorted.size(), FaultList::kShown); ++i) {
    mine += "\n  " + fault_line(path, sorted[i]);
  }
  std::string all = gather_text(comm, mine);
  comm::broadcast(comm, all);
  std::size_t end = 0;
  for (std::size_t i = 0; i < FaultList::kShown && end < all.size(); ++i) {
    end = std::min(all.find("\n  ", end + 1), all.size());
  }
  return all.substr(0, end);
}

[[noreturn]] void refuse(const comm::Communicator& comm, const std::string& path,
                         const std::vector<Fault>& sorted, std::int64_t total,
                         const std::string& remark) {
  std::string message =
      path + ": " + std::to_string(total) + (total == 1 ? " bad row" : " bad rows") + remark;
  message += first_lines(comm, path, sorted);
  const auto shown_count = static_cast<std::int64_t>(FaultList::kShown);
  if (total > shown_count) message += "\n  and " + std::to_string(total - shown_count) + " more";
  throw Error(ErrorKind::bad_input, message);
}

/// Adds up counts by kind over all ranks.
std::map<std::string, std::int64_t> sum_counts(const comm::Communicator& comm,
                                               const std::map<std::string, std::int64_t>& mine) {
  std::string text;
  for (const auto& [kind, count] : mine) text += kind + " " + std::to_string(count) + "\n";
  std::string all = gather_text(comm, text);
  comm::broadcast(comm, all);
  std::map<std::string, std::int64_t> sums;
  std::istringstream lines(all);
  std::string kind;
  for (std::int64_t count = 0; lines >> kind >> count;) sums[kind] += count;
  return sums;
}

/// A cell of the rejects file, which is UTF-8 also where the input is not.
std::string reject_cell(std::string_view text) {
  return csv_quoted(is_valid_utf8(text) ? std::string(text) : shown(text, text.size()));
}

/// Rows of the rejects file for this rank's faults, which are sorted by line.
std::string reject_rows(const CsvFile& file, const std::vector<Fault>& sorted) {
  std::vector<std::string> records(sorted.size());
  const auto find = [&](std::int64_t line) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), line,
                                     [](const Fault& f, std::int64_t l) { return f.line < l; });
    return at != sorted.end() && at->line == line ? at - sorted.begin() : -1;
  };
  file.for_each_unit([&](std::int64_t, CsvCursor& cursor) {
    for (CsvRecord record; cursor.next(record);) {
      const auto at = find(record.line);
      if (at >= 0) records[static_cast<std::size_t>(at)] = record.text;
    }
  });
  std::string rows;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Fault& fault = sorted[i];
    rows += csv_quoted(file.path()) + "," + std::to_string(fault.line) + "," +
            reject_cell(fault.column) + "," + reject_cell(fault.value) + "," +
            csv_quoted(fault.reason) + "," + reject_cell(records[i]) + "\n";
  }
  return rows;
}

}  // namespace

void FaultList::add(Fault fault) {
  ++total_;
  ++counts_[fault.kind];
  if (keep_all_ || fault.fatal || kept_.size() < kShown) kept_.push_back(std::move(fault));
}

void FaultList::merge(FaultList&& other) {
  total_ += other.total_;
  for (const auto& [kind, count] : other.counts_) counts_[kind] += count;
  std::move(other.kept_.begin(), other.kept_.end(), std::back_inserter(kept_));
}

void FaultList::sort_by_line() {
  std::stable_sort(kept_.begin(), kept_.end(),
                   [](const Fault& a, const Fault& b) { return a.line < b.line; });
}

bool check_record(const CsvRecord& record, const std::vector<std::string>& header,
                  FaultList& faults) {
  if (record.quoting != CsvQuoting::good) {
    const bool unclosed = record.quoting == CsvQuoting::unclosed;
    const std::string value(record.fields.back().substr(0, record.fields.back().find('\n')));
    faults.add({record.line, column_name(header, record.fields.size() - 1), value, "misquoted",
                unclosed ? "is followed by a quote that is never closed"
                         : "has a misplaced quote beside it",
                unclosed || record.lines > 1});
    return false;
  }
  if (!is_valid_utf8(record.text)) {
    const auto bad = std::find_if_not(record.fields.begin(), record.fields.end(), is_valid_utf8);
    const auto field = static_cast<std::size_t>(bad - record.fields.begin());
    faults.add({record.line, column_name(header, field),
                bad == record.fields.end() ? "" : std::string(*bad), "invalid_utf8",
                "is not valid UTF-8", false});
    return false;
  }
  if (record.fields.size() != header.size()) {
    faults.add({record.line, "", "", "wrong_cell_count",
                "the row has " + std::to_string(record.fields.size()) + " cells, the header " +
                    std::to_string(header.size()),
                false});
    return false;
  }
  return true;
}

std::string fault_line(const std::string& path, const Fault& fault) {
  std::string text = path + ":" + std::to_string(fault.line) + ":";
  if (!fault.column.empty()) text += " column '" + shown(fault.column) + "'";
  if (fault.value.empty()) return text + " " + fault.reason;
  return text + (fault.column.empty() ? " '" : ": '") + shown(fault.value) + "' " + fault.reason;
}

void refuse_faults(const comm::Communicator& comm, const std::string& path, FaultList&& faults) {
  const auto total = comm::all_reduce(comm, faults.total(), comm::ReduceOp::sum);
  if (total == 0) return;
  faults.sort_by_line();
  refuse(comm, path, faults.kept(), total, "");
}

void FaultPolicy::settle(const comm::Communicator& comm, const CsvFile& file, FaultList&& faults,
                         std::map<std::string, std::int64_t>& dropped) {
  if (!skip_) return refuse_faults(comm, file.path(), std::move(faults));
  if (comm::all_reduce(comm, faults.total(), comm::ReduceOp::sum) == 0) return;
  faults.sort_by_line();
  std::vector<Fault> fatal;
  std::copy_if(faults.kept().begin(), faults.kept().end(), std::back_inserter(fatal),
               [](const Fault& fault) { return fault.fatal; });
  const auto fatal_total =
      comm::all_reduce(comm, static_cast<std::int64_t>(fatal.size()), comm::ReduceOp::sum);
  if (fatal_total > 0) {
    refuse(comm, file.path(), fatal, fatal_total, " that cannot be skipped (where does it end?)");
  }
  for (const auto& [kind, count] : sum_counts(comm, faults.counts())) dropped[kind] += count;
  if (rejects_path_.empty()) return;
  rejects_ +=
      gather_text(comm, comm::collectively(comm, [&] { return reject_rows(file, faults.kept()); }));
}

void FaultPolicy::write_rejects(const comm::Communicator& comm) const {
  if (!skip_ || rejects_path_.empty()) return;
  comm::collectively(comm, [&] {
    if (!comm.is_root()) return;
    write_text_file(rejects_path_, "file,line,column,value,reason,record\n" + rejects_);
  });
}

}  // namespace tradegraph::io
