/// Matrix Market files. Input: the file.

#include "io/matrix_market.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradegraph::fuzz;
  const auto path = write_input("input.mtx", text_of(data, size));
  const auto answer = answer_of([&] {
    const auto edges = tradegraph::io::read_matrix_market(self(), path);
    expect(edges.ids.size() == edges.nodes, "an id a node");
    expect(edges.target.size() == edges.source.size(), "two ends a link");
    expect(edges.weight.empty() || edges.weight.size() == edges.source.size(), "a weight a link");
    bool negative = false;
    for (const auto weight : edges.weight) negative = negative || weight < 0;
    expect(negative == !edges.negative_weight.empty(), "negative weights are said to be there");
    for (const auto& ends : {edges.source, edges.target}) {
      for (const auto node : ends) expect(0 <= node && node < edges.nodes, "a node out of range");
    }
  });
  expect(
      answer.empty() || answer.find("input.mtx") != std::string::npos || answer == "out of memory",
      "a message that does not name the file");
  return 0;
}
