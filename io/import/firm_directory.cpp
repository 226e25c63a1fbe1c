#include "io/import/firm_directory.hpp"

#include <numeric>

#include "engine/comm/gather_strings.hpp"
#include "io/import/redistribution.hpp"

namespace tradegraph::io {

namespace {

Redistribution plan_by_hash(const comm::Communicator& comm, const StringColumn& ids) {
  std::vector<std::int32_t> owner;
  owner.reserve(static_cast<std::size_t>(ids.size()));
  for (std::int64_t i = 0; i < ids.size(); ++i) {
    owner.push_back(hash_owner(hash_text(ids[i]), comm.size()));
  }
  return Redistribution(comm, owner);
}

}  // namespace

NumberedIds all_firms(const comm::Communicator& comm, const FirmTable& firms) {
  if (comm.size() == 1) return NumberedIds(firms.id);
  return NumberedIds(comm::all_gather_strings(comm, firms.id));
}

NumberedIds own_firms(const comm::Communicator& comm, const FirmTable& firms) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(firms.count()));
  std::iota(numbers.begin(), numbers.end(), firms.first);
  const Redistribution plan = plan_by_hash(comm, firms.id);
  const StringColumn ids = plan.send(firms.id);
  return NumberedIds(ids, plan.send(std::move(numbers)));
}

NumberedIds ask_owners(const comm::Communicator& comm, const NumberedIds& owned,
                       const StringColumn& wanted) {
  const Redistribution plan = plan_by_hash(comm, wanted);
  const StringColumn asked = plan.send(wanted);
  std::vector<std::int64_t> answers;
  answers.reserve(static_cast<std::size_t>(asked.size()));
  for (std::int64_t i = 0; i < asked.size(); ++i) answers.push_back(owned.find(asked[i]));
  return NumberedIds(wanted, plan.reply(std::move(answers)));
}

std::vector<std::int64_t> find_firms(const comm::Communicator& comm, const FirmTable& firms,
                                     const StringColumn& wanted) {
  const auto owned = own_firms(comm, firms);
  const auto known = ask_owners(comm, owned, wanted);
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(wanted.size()));
  for (std::int64_t i = 0; i < wanted.size(); ++i) {
    numbers[static_cast<std::size_t>(i)] = known.find(wanted[i]);
  }
  return numbers;
}

}  // namespace tradegraph::io
