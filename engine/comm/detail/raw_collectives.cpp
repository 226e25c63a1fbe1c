#include "engine/comm/detail/raw_collectives.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/comm/mpi_error.hpp"

namespace tradegraph::comm::detail {

namespace {

constexpr std::int64_t kPiece = std::int64_t{1} << 28;  ///< elements or bytes a single MPI call
constexpr int kTag = 17;
constexpr int kSparseTag = 18;

std::byte* at(void* base, std::int64_t bytes) { return static_cast<std::byte*>(base) + bytes; }
const std::byte* at(const void* base, std::int64_t bytes) {
  return static_cast<const std::byte*>(base) + bytes;
}

std::vector<std::int64_t> offsets_of(std::span<const std::int64_t> counts) {
  std::vector<std::int64_t> offsets(counts.size() + 1, 0);
  std::partial_sum(counts.begin(), counts.end(), offsets.begin() + 1);
  return offsets;
}

std::vector<int> narrowed(std::span<const std::int64_t> wide) {
  return std::vector<int>(wide.begin(), wide.end());
}

bool fits_int(std::int64_t count) { return count <= std::numeric_limits<int>::max(); }

/// Point-to-point requests in pieces that MPI can count.
class Requests {
 public:
  explicit Requests(const Communicator& comm) : comm_(comm) {}

  void send(const void* bytes, std::int64_t count, int rank) {
    for (std::int64_t done = 0; done < count; done += kPiece) {
      check_mpi(MPI_Isend(at(bytes, done), piece(count - done), MPI_BYTE, rank, kTag,
                          comm_.handle(), &next()));
    }
  }
  void receive(void* bytes, std::int64_t count, int rank) {
    for (std::int64_t done = 0; done < count; done += kPiece) {
      check_mpi(MPI_Irecv(at(bytes, done), piece(count - done), MPI_BYTE, rank, kTag,
                          comm_.handle(), &next()));
    }
  }
  void wait() {
    check_mpi(
        MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE));
  }

 private:
  static int piece(std::int64_t left) { return static_cast<int>(std::min(left, kPiece)); }
  MPI_Request& next() { return requests_.emplace_back(MPI_REQUEST_NULL); }

  const Communicator& comm_;
  std::vector<MPI_Request> requests_;
};

void add_int128(void* in, void* in_out, int* count, MPI_Datatype*) {
  const auto* a = static_cast<const Int128*>(in);
  auto* b = static_cast<Int128*>(in_out);
  for (int i = 0; i < *count; ++i) b[i] += a[i];
}

}  // namespace

Reduction int128_sum() {
  static const Reduction made = [] {
    Reduction reduction{MPI_DATATYPE_NULL, MPI_OP_NULL, sizeof(Int128)};
    check_mpi(MPI_Type_contiguous(sizeof(Int128), MPI_BYTE, &reduction.type));
    check_mpi(MPI_Type_commit(&reduction.type));
    check_mpi(MPI_Op_create(add_int128, 1, &reduction.op));
    return reduction;
  }();
  return made;
}

MPI_Op mpi_op(ReduceOp op) {
  switch (op) {
    case ReduceOp::sum: return MPI_SUM;
    case ReduceOp::min: return MPI_MIN;
    case ReduceOp::max: return MPI_MAX;
    case ReduceOp::bit_or: return MPI_BOR;
  }
  throw Error(ErrorKind::internal, "unknown reduction");
}

void all_reduce(const Communicator& comm, void* values, std::int64_t count, Reduction how) {
  const auto width = static_cast<std::int64_t>(how.element_bytes);
  for (std::int64_t done = 0; done < count; done += kPiece) {
    const int piece = static_cast<int>(std::min(kPiece, count - done));
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, at(values, done * width), piece, how.type, how.op,
                            comm.handle()));
  }
}

void reduce_scatter(const Communicator& comm, const void* values, void* result,
                    std::span<const std::int64_t> counts, Reduction how) {
  const auto offsets = offsets_of(counts);
  if (fits_int(offsets.back())) {
    const auto int_counts = narrowed(counts);
    check_mpi(
        MPI_Reduce_scatter(values, result, int_counts.data(), how.type, how.op, comm.handle()));
    return;
  }
  const auto width = static_cast<std::int64_t>(how.element_bytes);
  for (int root = 0; root < comm.size(); ++root) {
    const auto r = static_cast<std::size_t>(root);
    for (std::int64_t done = 0; done < counts[r]; done += kPiece) {
      const int piece = static_cast<int>(std::min(kPiece, counts[r] - done));
      check_mpi(MPI_Reduce(at(values, (offsets[r] + done) * width), at(result, done * width), piece,
                           how.type, how.op, root, comm.handle()));
    }
  }
}

void broadcast(const Communicator& comm, void* bytes, std::int64_t count, int root) {
  for (std::int64_t done = 0; done < count; done += kPiece) {
    const int piece = static_cast<int>(std::min(kPiece, count - done));
    check_mpi(MPI_Bcast(at(bytes, done), piece, MPI_BYTE, root, comm.handle()));
  }
}

void all_gather(const Communicator& comm, const void* bytes, std::int64_t count, void* gathered) {
  require(fits_int(count), ErrorKind::internal, "all_gather of one value larger than 2 GiB");
  const int n = static_cast<int>(count);
  check_mpi(MPI_Allgather(bytes, n, MPI_BYTE, gathered, n, MPI_BYTE, comm.handle()));
}

void all_gather_v(const Communicator& comm, const void* bytes, void* gathered,
                  std::span<const std::int64_t> counts) {
  const auto offsets = offsets_of(counts);
  const auto mine = static_cast<std::size_t>(comm.rank());
  if (fits_int(offsets.back())) {
    const auto int_counts = narrowed(counts);
    const auto int_offsets = narrowed(offsets);
    check_mpi(MPI_Allgatherv(bytes, int_counts[mine], MPI_BYTE, gathered, int_counts.data(),
                             int_offsets.data(), MPI_BYTE, comm.handle()));
    return;
  }
  if (counts[mine] > 0) {
    std::copy_n(at(bytes, 0), counts[mine], at(gathered, offsets[mine]));
  }
  for (int root = 0; root < comm.size(); ++root) {
    const auto r = static_cast<std::size_t>(root);
    broadcast(comm, at(gathered, offsets[r]), counts[r], root);
  }
}

void gather_v(const Communicator& comm, const void* bytes, std::int64_t count, void* gathered,
              std::span<const std::int64_t> counts, int root) {
  Requests requests(comm);
  if (comm.rank() == root) {
    const auto offsets = offsets_of(counts);
    for (std::size_t r = 0; r < counts.size(); ++r) {
      requests.receive(at(gathered, offsets[r]), counts[r], static_cast<int>(r));
    }
  }
  requests.send(bytes, count, root);
  requests.wait();
}

void all_to_all(const Communicator& comm, const std::int64_t* sent, std::int64_t* received) {
  check_mpi(MPI_Alltoall(sent, 1, MPI_INT64_T, received, 1, MPI_INT64_T, comm.handle()));
}

void all_to_all_v(const Communicator& comm, const void* sent,
                  std::span<const std::int64_t> sent_counts, void* received,
                  std::span<const std::int64_t> received_counts) {
  const auto sent_offsets = offsets_of(sent_counts);
  const auto received_offsets = offsets_of(received_counts);
  std::int64_t largest = std::max(sent_offsets.back(), received_offsets.back());
  all_reduce(comm, &largest, 1, {MPI_INT64_T, MPI_MAX, sizeof largest});
  if (fits_int(largest)) {
    const auto counts_out = narrowed(sent_counts);
    const auto offsets_out = narrowed(sent_offsets);
    const auto counts_in = narrowed(received_counts);
    const auto offsets_in = narrowed(received_offsets);
    check_mpi(MPI_Alltoallv(sent, counts_out.data(), offsets_out.data(), MPI_BYTE, received,
                            counts_in.data(), offsets_in.data(), MPI_BYTE, comm.handle()));
    return;
  }
  exchange(comm, sent, sent_counts, received, received_counts);
}

void exchange(const Communicator& comm, const void* sent, std::span<const std::int64_t> sent_counts,
              void* received, std::span<const std::int64_t> received_counts) {
  const auto sent_offsets = offsets_of(sent_counts);
  const auto received_offsets = offsets_of(received_counts);
  const auto me = static_cast<std::size_t>(comm.rank());
  Requests requests(comm);
  for (int step = 1; step < comm.size(); ++step) {  // each rank starts with another partner
    const int to = (comm.rank() + step) % comm.size();
    const int from = (comm.rank() - step + comm.size()) % comm.size();
    const auto t = static_cast<std::size_t>(to);
    const auto f = static_cast<std::size_t>(from);
    requests.receive(at(received, received_offsets[f]), received_counts[f], from);
    requests.send(at(sent, sent_offsets[t]), sent_counts[t], to);
  }
  if (sent_counts[me] > 0) {
    std::copy_n(at(sent, sent_offsets[me]), sent_counts[me], at(received, received_offsets[me]));
  }
  requests.wait();
}

namespace {

/// Takes one waiting message, if any.
bool receive_one(const Communicator& comm, std::vector<RawMessage>& inbox) {
  int waiting = 0;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Improbe(MPI_ANY_SOURCE, kSparseTag, comm.handle(), &waiting, &message, &status));
  if (waiting == 0) return false;
  int count = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &count));
  RawMessage received{status.MPI_SOURCE, std::vector<std::byte>(static_cast<std::size_t>(count))};
  check_mpi(MPI_Mrecv(received.bytes.data(), count, MPI_BYTE, &message, MPI_STATUS_IGNORE));
  inbox.push_back(std::move(received));
  return true;
}

}  // namespace

std::vector<RawMessage> sparse_exchange(const Communicator& comm,
                                        const std::vector<RawMessage>& messages) {
  std::vector<MPI_Request> sends(messages.size(), MPI_REQUEST_NULL);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& m = messages[i];
    require(fits_int(static_cast<std::int64_t>(m.bytes.size())), ErrorKind::internal,
            "sparse_exchange of a message larger than 2 GiB");
    check_mpi(MPI_Issend(m.bytes.data(), static_cast<int>(m.bytes.size()), MPI_BYTE, m.rank,
                         kSparseTag, comm.handle(), &sends[i]));
  }
  std::vector<RawMessage> inbox;
  MPI_Request all_sent = MPI_REQUEST_NULL;
  for (bool in_barrier = false;;) {
    receive_one(comm, inbox);
    int done = 0;
    if (in_barrier) {
      check_mpi(MPI_Test(&all_sent, &done, MPI_STATUS_IGNORE));
      if (done != 0) break;
    } else {
      check_mpi(
          MPI_Testall(static_cast<int>(sends.size()), sends.data(), &done, MPI_STATUSES_IGNORE));
      if (done != 0) {
        check_mpi(MPI_Ibarrier(comm.handle(), &all_sent));
        in_barrier = true;
      }
    }
  }
  // A rank may start the next exchange only when every rank has left this one.
  comm.barrier();
  std::stable_sort(inbox.begin(), inbox.end(),
                   [](const RawMessage& a, const RawMessage& b) { return a.rank < b.rank; });
  return inbox;
}

}  // namespace tradegraph::comm::detail
