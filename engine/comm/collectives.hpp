#pragma once
/// Typed collectives: spans in, owned vectors out, 64-bit counts. Every function here is collective
/// over `comm` and throws `ErrorKind::mpi`.

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/comm/detail/raw_collectives.hpp"
#include "engine/comm/mpi_error.hpp"

namespace tradegraph::comm {

namespace detail {

template <Reducible T>
Reduction reduction(ReduceOp op) {
  if constexpr (std::same_as<T, Int128>) {
    require(op == ReduceOp::sum, ErrorKind::internal, "Int128 is reduced by sum only");
    return int128_sum();
  } else {
    return {datatype<T>(), mpi_op(op), sizeof(T)};
  }
}

template <class T>
std::vector<std::int64_t> in_bytes(std::span<const std::int64_t> counts) {
  std::vector<std::int64_t> bytes(counts.begin(), counts.end());
  for (auto& count : bytes) count *= static_cast<std::int64_t>(sizeof(T));
  return bytes;
}

inline std::size_t total(std::span<const std::int64_t> counts) {
  return static_cast<std::size_t>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
}

}  // namespace detail

/// Element-wise reduction over ranks, in place; all ranks pass equally many values.
template <Reducible T>
void all_reduce_in_place(const Communicator& comm, std::span<T> values, ReduceOp op) {
  detail::all_reduce(comm, values.data(), static_cast<std::int64_t>(values.size()),
                     detail::reduction<T>(op));
}

template <Reducible T>
[[nodiscard]] T all_reduce(const Communicator& comm, T value, ReduceOp op) {
  all_reduce_in_place(comm, std::span<T>(&value, 1), op);
  return value;
}

/// True on every rank if `flag` is true on any.
[[nodiscard]] inline bool any_rank(const Communicator& comm, bool flag) {
  return all_reduce<std::int32_t>(comm, flag ? 1 : 0, ReduceOp::max) != 0;
}

/// Reduces `values` element-wise over ranks and leaves `counts[r]` consecutive elements on rank r.
/// `values` has sum(counts) elements; `counts` is the same on all ranks.
template <Reducible T>
[[nodiscard]] std::vector<T> reduce_scatter(const Communicator& comm, std::span<const T> values,
                                            std::span<const std::int64_t> counts, ReduceOp op) {
  std::vector<T> mine(static_cast<std::size_t>(counts[static_cast<std::size_t>(comm.rank())]));
  detail::reduce_scatter(comm, values.data(), mine.data(), counts, detail::reduction<T>(op));
  return mine;
}

/// Sum of `value` over the ranks before this one; 0 on rank 0.
[[nodiscard]] inline std::int64_t exclusive_scan(const Communicator& comm, std::int64_t value) {
  std::int64_t before = 0;
  check_mpi(MPI_Exscan(&value, &before, 1, MPI_INT64_T, MPI_SUM, comm.handle()));
  return comm.rank() == 0 ? 0 : before;
}

/// One value a rank, in rank order.
template <Transferable T>
[[nodiscard]] std::vector<T> all_gather(const Communicator& comm, const T& value) {
  std::vector<T> values(static_cast<std::size_t>(comm.size()));
  detail::all_gather(comm, &value, sizeof(T), values.data());
  return values;
}

/// The values of all ranks in rank order, and how many came from each.
template <Transferable T>
struct Gathered {
  std::vector<T> values;
  std::vector<std::int64_t> counts;
};

template <Transferable T>
[[nodiscard]] Gathered<T> all_gather_v(const Communicator& comm, std::span<const T> values) {
  Gathered<T> result;
  result.counts = all_gather(comm, static_cast<std::int64_t>(values.size()));
  result.values.resize(detail::total(result.counts));
  detail::all_gather_v(comm, values.data(), result.values.data(),
                       detail::in_bytes<T>(result.counts));
  return result;
}

/// Like `all_gather_v`, but only `root` gets values; the others get empty vectors.
template <Transferable T>
[[nodiscard]] Gathered<T> gather_v(const Communicator& comm, std::span<const T> values,
                                   int root = 0) {
  Gathered<T> result;
  result.counts = all_gather(comm, static_cast<std::int64_t>(values.size()));
  if (comm.rank() == root) result.values.resize(detail::total(result.counts));
  detail::gather_v(comm, values.data(), static_cast<std::int64_t>(values.size_bytes()),
                   result.values.data(), detail::in_bytes<T>(result.counts), root);
  if (comm.rank() != root) result.counts.clear();
  return result;
}

/// Personalised exchange: `counts[r]` consecutive elements of `values` go to rank r. The result
/// holds what came, ordered by source, with the counts a source.
template <Transferable T>
[[nodiscard]] Gathered<T> all_to_all_v(const Communicator& comm, std::span<const T> values,
                                       std::span<const std::int64_t> counts) {
  Gathered<T> result;
  result.counts.resize(counts.size());
  detail::all_to_all(comm, counts.data(), result.counts.data());
  result.values.resize(detail::total(result.counts));
  detail::all_to_all_v(comm, values.data(), detail::in_bytes<T>(counts), result.values.data(),
                       detail::in_bytes<T>(result.counts));
  return result;
}

/// Personalised exchange whose counts both ends know beforehand: `counts[r]` consecutive elements
/// of `values` go to rank r, `received_counts[r]` come from it. Only messages that hold something
/// are sent; for exchanges that are repeated many times. With 0 for the own `counts` and not for
/// the own `received_counts`, what stands there stays.
template <Transferable T>
void exchange(const Communicator& comm, std::span<const T> values,
              std::span<const std::int64_t> counts, std::span<T> received,
              std::span<const std::int64_t> received_counts) {
  detail::exchange(comm, values.data(), detail::in_bytes<T>(counts), received.data(),
                   detail::in_bytes<T>(received_counts));
}

/// `values` of `root` replaces those of the others, which are resized.
template <Transferable T>
void broadcast(const Communicator& comm, std::vector<T>& values, int root = 0) {
  auto size = static_cast<std::int64_t>(values.size());
  detail::broadcast(comm, &size, sizeof size, root);
  values.resize(static_cast<std::size_t>(size));
  detail::broadcast(comm, values.data(), size * static_cast<std::int64_t>(sizeof(T)), root);
}

template <Transferable T>
[[nodiscard]] T broadcast_value(const Communicator& comm, T value, int root = 0) {
  detail::broadcast(comm, &value, sizeof value, root);
  return value;
}

inline void broadcast(const Communicator& comm, std::string& text, int root = 0) {
  std::vector<char> bytes(text.begin(), text.end());
  broadcast(comm, bytes, root);
  text.assign(bytes.begin(), bytes.end());
}

/// A message to or from one rank.
template <Transferable T>
struct Message {
  int rank;
  std::vector<T> values;
};

/// Sends messages to few ranks, which need not know of them; returns those received, ordered by
/// source. Cost: the messages and one barrier, whatever the number of ranks.
template <Transferable T>
[[nodiscard]] std::vector<Message<T>> sparse_exchange(const Communicator& comm,
                                                      const std::vector<Message<T>>& messages) {
  std::vector<detail::RawMessage> raw;
  raw.reserve(messages.size());
  for (const auto& m : messages) {
    const auto bytes = std::as_bytes(std::span(m.values));
    raw.push_back({m.rank, {bytes.begin(), bytes.end()}});
  }
  std::vector<Message<T>> result;
  for (const auto& m : detail::sparse_exchange(comm, raw)) {
    const auto count = m.bytes.size() / sizeof(T);
    auto& message = result.emplace_back(Message<T>{m.rank, std::vector<T>(count)});
    std::copy(m.bytes.begin(), m.bytes.end(),
              std::as_writable_bytes(std::span(message.values)).begin());
  }
  return result;
}

}  // namespace tradegraph::comm
