/// The CSV reader: a file cut into blocks of any size gives the records of the whole.
/// Input: a byte for the size of a block, then the file.

#include <algorithm>
#include <mutex>

#include "io/csv_file.hpp"
#include "io/import/faults.hpp"
#include "tests/fuzz/harness.hpp"

namespace tradegraph::fuzz {

namespace {

struct Records {
  std::string answer;  ///< the error of opening the file
  std::vector<std::string> header;
  std::vector<std::pair<std::int64_t, std::string>> rows;  ///< line, and what is read there
};

Records read(const std::string& path, std::int64_t block_bytes) {
  Records result;
  result.answer = answer_of([&] {
    const auto file = io::CsvFile::open(self(), path, block_bytes);
    result.header = file.header();
    std::mutex adding;
    file.for_each_unit([&](std::int64_t, io::CsvCursor& cursor) {
      io::FaultList faults;
      for (io::CsvRecord record; cursor.next(record);) {
        std::string text;
        for (const auto field : record.fields) text += io::csv_quoted(field) + ",";
        if (!io::check_record(record, file.header(), faults)) text += "!";
        const std::lock_guard lock(adding);
        result.rows.emplace_back(record.line, text);
      }
      for (const auto& fault : faults.kept()) (void)io::fault_line(path, fault);
    });
  });
  std::sort(result.rows.begin(), result.rows.end());
  return result;
}

}  // namespace

}  // namespace tradegraph::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradegraph::fuzz;
  if (size == 0) return 0;
  const auto path = write_input("input.csv", text_of(data + 1, size - 1));
  const auto whole = read(path, tradegraph::io::CsvFile::kBlockBytes);
  const auto cut = read(path, 1 + data[0] % 64);
  expect(whole.answer == cut.answer, "cut into blocks the file is refused otherwise");
  expect(whole.header == cut.header, "cut into blocks the file has another header");
  expect(whole.rows == cut.rows, "cut into blocks the file has other records");
  return 0;
}
