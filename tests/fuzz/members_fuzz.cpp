/// members.csv and groups.csv. Input: the file.

#include <set>

#include "io/members.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradegraph;
  using namespace tradegraph::fuzz;
  const auto path = write_input("input.csv", text_of(data, size));
  answer_of([&] {
    const auto members = io::read_members(self(), path);
    std::set<std::string_view> ids;
    for (std::int64_t i = 0; i < members.id.size(); ++i) {
      expect(!members.id[i].empty() && ids.insert(members.id[i]).second, "an id twice");
    }
    for (const auto label : members.label) expect(label >= kNoCluster, "a label below -1");
    expect(std::ssize(members.label) == members.id.size(), "a label a firm");
    expect(members.group.size() == 0 || members.group.size() == members.id.size(),
           "a group a firm");
  });
  answer_of([&] {
    const auto groups = io::read_groups(self(), path);
    expect(groups.industry.size() == groups.group.size(), "a group an industry");
  });
  return 0;
}
