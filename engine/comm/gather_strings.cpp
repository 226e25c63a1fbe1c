#include "engine/comm/gather_strings.hpp"

#include <span>

#include "engine/comm/collectives.hpp"

namespace tradegraph::comm {

StringColumn all_gather_strings(const Communicator& comm, const StringColumn& mine) {
  const auto ends = all_gather_v(comm, std::span(mine.offsets).subspan(1));
  StringColumn all;
  all.bytes = all_gather_v(comm, std::span<const char>(mine.bytes)).values;
  all.offsets.reserve(ends.values.size() + 1);
  auto end = ends.values.begin();
  for (const auto count : ends.counts) {
    const auto before = all.offsets.back();
    for (std::int64_t i = 0; i < count; ++i) all.offsets.push_back(before + *end++);
  }
  return all;
}

}  // namespace tradegraph::comm
