/// Edge lists. Input: the file.

#include <algorithm>

#include "io/edge_list.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradegraph::fuzz;
  const auto path = write_input("input.csv", text_of(data, size));
  const auto answer = answer_of([&] {
    const auto edges = tradegraph::io::read_edge_list(self(), path);
    expect(edges.ids.size() == edges.nodes, "an id a node");
    expect(edges.weight.empty() || edges.weight.size() == edges.source.size(), "a weight a link");
    for (const auto weight : edges.weight) expect(weight >= 0, "a negative weight");
    std::int64_t next = 0;
    for (std::size_t i = 0; i < edges.source.size(); ++i) {
      for (const auto node : {edges.source[i], edges.target[i]}) {
        expect(0 <= node && node <= next, "nodes are numbered by first appearance");
        next = std::max(next, node + 1);
      }
    }
    expect(next == edges.nodes, "every node has a link");
  });
  expect(answer.empty() || answer.find("input.csv") != std::string::npos,
         "a message that does not name the file");
  return 0;
}
