/// Import of firms and trade: any numbers of blocks, and skipping bad rows or not, agree.
/// Input: a byte of options, the firms file, a line "===", the trade file.

#include "io/import.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/support/import_reference.hpp"

namespace {

using namespace tradegraph;
using namespace tradegraph::fuzz;

struct Result {
  std::string answer;
  std::string network;
};

Result import(const io::ImportOptions& options) {
  Result result;
  result.answer = answer_of([&] {
    const auto network = io::import_csv(self(), options);
    result.network = test::describe(self(), network);
  });
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::string_view kMark = "===\n";
  const auto text = text_of(data + 1, size - 1);
  const auto end = text.find(kMark);
  io::ImportOptions options;
  options.firms = write_input("firms.csv", text.substr(0, end));
  if (end != std::string_view::npos) {
    options.trade = write_input("trade.csv", text.substr(end + kMark.size()));
  }
  options.skip_bad_rows = (data[0] & 1) != 0;
  if (options.skip_bad_rows && (data[0] & 2) != 0) options.rejects = path_of("rejects.csv");
  const auto whole = import(options);
  options.block_bytes = 1 + data[0] / 4;
  const auto cut = import(options);
  expect(whole.answer == cut.answer, "cut into blocks the files are refused otherwise");
  expect(whole.network == cut.network, "cut into blocks the files are another network");
  if (!options.skip_bad_rows && whole.answer.empty()) {
    options.skip_bad_rows = true;
    expect(import(options).network == whole.network, "skipping drops rows that are not bad");
  }
  return 0;
}
