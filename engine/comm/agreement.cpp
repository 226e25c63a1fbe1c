#include "engine/comm/agreement.hpp"

#include <new>
#include <string>

#include "engine/comm/collectives.hpp"

namespace tradegraph::comm {

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorKind::memory, "out of memory");
  } catch (const std::exception& error) {
    return Error(ErrorKind::internal, error.what());
  } catch (...) {
    return Error(ErrorKind::internal, "unknown exception");
  }
}

void agree(const Communicator& comm, const std::optional<Error>& mine) {
  const std::int32_t claim = mine ? comm.rank() : comm.size();
  const int failed = all_reduce(comm, claim, ReduceOp::min);
  if (failed == comm.size()) return;
  std::string message = mine ? mine->what() : "";
  broadcast(comm, message, failed);
  const auto kind = broadcast_value<std::int32_t>(
      comm, mine ? static_cast<std::int32_t>(mine->kind()) : 0, failed);
  if (comm.rank() == failed) throw *mine;
  throw Error(static_cast<ErrorKind>(kind), message, failed);
}

}  // namespace tradegraph::comm
