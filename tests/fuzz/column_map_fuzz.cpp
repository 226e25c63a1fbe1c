/// MAP.toml. Input: the file.

#include "io/column_map.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradegraph::fuzz;
  const auto path = write_input("map.toml", text_of(data, size));
  answer_of([&] {
    const auto map = tradegraph::io::read_column_map(path);
    for (const auto& [ours, theirs] : map.firms) expect(!theirs.empty(), "a column without a name");
    for (const auto& [ours, theirs] : map.trade) expect(!theirs.empty(), "a column without a name");
  });
  return 0;
}
