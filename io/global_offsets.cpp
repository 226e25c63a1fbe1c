#include "io/global_offsets.hpp"

#include "engine/comm/collectives.hpp"

namespace tradegraph::io {

GlobalOffsets global_offsets(const comm::Communicator& comm,
                             const std::vector<std::int64_t>& local) {
  GlobalOffsets result;
  result.before = comm::exclusive_scan(comm, local.back());
  result.total = comm::all_reduce(comm, local.back(), comm::ReduceOp::sum);
  result.values = local;
  if (comm.rank() + 1 < comm.size()) result.values.pop_back();
  for (auto& offset : result.values) offset += result.before;
  return result;
}

}  // namespace tradegraph::io
