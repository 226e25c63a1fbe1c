/// The study file. Input: the file.

#include "app/study_file.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradegraph::fuzz;
  const auto path = write_input("study.toml", text_of(data, size));
  const auto answer = answer_of([&] {
    const auto study = tradegraph::app::read_study_file(path);
    expect(!study.years.empty(), "a study without years");
    for (const auto year : study.years) (void)study.firms_path(year);
  });
  expect(answer.empty() || answer.find("study.toml") != std::string::npos,
         "a message that does not name the file");
  return 0;
}
