#pragma once
/// Rows that cannot be taken: named, counted, reported or set aside.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/csv_file.hpp"
#include "io/csv_reader.hpp"

namespace tradegraph::io {

struct Fault {
  std::int64_t line = 0;  ///< physical line on which the row starts
  std::string column;     ///< name in the header; empty when the whole row is at fault
  std::string value;      ///< the cell
  std::string kind;       ///< what it is counted under: "out_of_range", ...
  std::string reason;     ///< "is not between -180 and 180"
  bool fatal = false;     ///< an error even where bad rows are skipped
};

/// The faults of one rank or unit: all counted, the first ten kept, or all of them.
class FaultList {
 public:
  static constexpr std::size_t kShown = 10;

  explicit FaultList(bool keep_all = false) : keep_all_(keep_all) {}
  /// An empty list that keeps as many; to be merged with this one.
  [[nodiscard]] FaultList empty_like() const { return FaultList(keep_all_); }

  /// Within one list, faults are added in the order of their lines.
  void add(Fault fault);
  void merge(FaultList&& other);
  void sort_by_line();

  [[nodiscard]] const std::vector<Fault>& kept() const { return kept_; }
  [[nodiscard]] const std::map<std::string, std::int64_t>& counts() const { return counts_; }
  [[nodiscard]] std::int64_t total() const { return total_; }

 private:
  bool keep_all_;
  std::vector<Fault> kept_;
  std::map<std::string, std::int64_t> counts_;
  std::int64_t total_ = 0;
};

/// Adds the fault of a record that is no row of a file with this header: a misplaced quote, bytes
/// that are not UTF-8, too few or too many cells. Returns whether the record is sound.
///
/// A row with a misplaced quote that reaches over several lines is fatal: where it ends is a
/// guess, and dropping it could drop good rows.
[[nodiscard]] bool check_record(const CsvRecord& record, const std::vector<std::string>& header,
                                FaultList& faults);

/// "FILE:17: column 'lon': '181.2' is not between -180 and 180"
[[nodiscard]] std::string fault_line(const std::string& path, const Fault& fault);

/// Throws on all ranks the same `ErrorKind::bad_input` for what `faults` any rank has in the rows
/// of a file, which ranks read in order: counts all and shows the first ten. Collective.
void refuse_faults(const comm::Communicator& comm, const std::string& path, FaultList&& faults);

/// What becomes of bad rows.
class FaultPolicy {
 public:
  /// `skip`: drop bad rows; `rejects`: where to write them, empty = nowhere.
  FaultPolicy(bool skip, std::string rejects) : skip_(skip), rejects_path_(std::move(rejects)) {}

  /// An empty list that keeps as many faults as this policy needs.
  [[nodiscard]] FaultList new_list() const { return FaultList(skip_ && !rejects_path_.empty()); }

  /// Judges the faults of one file. Refuses them as `refuse_faults` does unless they are to be
  /// skipped; then they are added to `dropped` by kind, and to the rejects. Collective; reads
  /// `file` again if there are rejects to write.
  void settle(const comm::Communicator& comm, const CsvFile& file, FaultList&& faults,
              std::map<std::string, std::int64_t>& dropped);

  /// Writes the rejects file, under a temporary name first:
  /// `file,line,column,value,reason,record`. Collective. Throws `ErrorKind::io`.
  void write_rejects(const comm::Communicator& comm) const;

 private:
  bool skip_;
  std::string rejects_path_;
  std::string rejects_;  ///< rows so far, on rank 0
};

}  // namespace tradegraph::io
