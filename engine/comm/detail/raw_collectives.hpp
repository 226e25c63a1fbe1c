#pragma once
/// Type-erased collectives with 64-bit counts; `collectives.hpp` is the typed front.
///
/// MPI 3.1 counts are `int`: larger transfers go in pieces, or through point-to-point messages.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "engine/comm/transferable.hpp"

namespace tradegraph::comm::detail {

/// How elements of one type are reduced.
struct Reduction {
  MPI_Datatype type;
  MPI_Op op;
  std::size_t element_bytes;
};

/// MPI type and operation for sums of `Int128`, made at first use, freed by MPI_Finalize.
[[nodiscard]] Reduction int128_sum();
[[nodiscard]] MPI_Op mpi_op(ReduceOp op);

void all_reduce(const Communicator& comm, void* values, std::int64_t count, Reduction how);
/// `counts[r]` elements of the result go to rank r; `values` holds their sum.
void reduce_scatter(const Communicator& comm, const void* values, void* result,
                    std::span<const std::int64_t> counts, Reduction how);
void broadcast(const Communicator& comm, void* bytes, std::int64_t count, int root);
void all_gather(const Communicator& comm, const void* bytes, std::int64_t count, void* gathered);
/// `counts` and the offsets they imply are in bytes.
void all_gather_v(const Communicator& comm, const void* bytes, void* gathered,
                  std::span<const std::int64_t> counts);
void gather_v(const Communicator& comm, const void* bytes, std::int64_t count, void* gathered,
              std::span<const std::int64_t> counts, int root);
void all_to_all(const Communicator& comm, const std::int64_t* sent, std::int64_t* received);
void all_to_all_v(const Communicator& comm, const void* sent,
                  std::span<const std::int64_t> sent_counts, void* received,
                  std::span<const std::int64_t> received_counts);

/// Likewise, when both ends know the counts: only messages that hold something are sent.
void exchange(const Communicator& comm, const void* sent, std::span<const std::int64_t> sent_counts,
              void* received, std::span<const std::int64_t> received_counts);

struct RawMessage {
  int rank;  ///< destination when sent, source when received
  std::vector<std::byte> bytes;
};
/// Messages to few ranks, whose receivers do not know of them: the non-blocking consensus of
/// Hoefler, Siebert & Lumsdaine 2010, doi:10.1145/1693453.1693476. Received messages are ordered
/// by source.
[[nodiscard]] std::vector<RawMessage> sparse_exchange(const Communicator& comm,
                                                      const std::vector<RawMessage>& messages);

}  // namespace tradegraph::comm::detail
