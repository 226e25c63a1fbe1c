#include "io/import/repeats.hpp"

#include "io/import/id_table.hpp"
#include "io/import/redistribution.hpp"

namespace tradegraph::io {

std::vector<std::int64_t> find_distinct(const comm::Communicator& comm, const StringColumn& ids,
                                        const std::vector<std::int64_t>& lines,
                                        const std::string& name, FaultList& faults) {
  std::vector<std::int32_t> owner(static_cast<std::size_t>(ids.size()));
  for (std::int64_t i = 0; i < ids.size(); ++i) {
    owner[static_cast<std::size_t>(i)] = hash_owner(hash_text(ids[i]), comm.size());
  }
  const Redistribution plan(comm, owner);
  const StringColumn here = plan.send(ids);
  const auto lines_here = plan.send(lines);
  std::vector<std::int64_t> first_line(static_cast<std::size_t>(here.size()), 0);  // 0 = no repeat
  const IdTable table(here);
  for (const auto& repeat : table.repeats()) {
    first_line[static_cast<std::size_t>(repeat.index)] =
        lines_here[static_cast<std::size_t>(repeat.first)];
  }
  first_line = plan.reply(std::move(first_line));
  std::vector<std::int64_t> distinct;
  FaultList repeats = faults.empty_like();
  for (std::int64_t i = 0; i < ids.size(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    if (first_line[row] == 0 || ids[i].empty()) {
      distinct.push_back(i);
    } else {
      repeats.add({lines[row], name, std::string(ids[i]), "duplicate_id",
                   "is already on line " + std::to_string(first_line[row]), false});
    }
  }
  faults.merge(std::move(repeats));
  return distinct;
}

}  // namespace tradegraph::io
