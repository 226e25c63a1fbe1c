#include "io/import/redistribution.hpp"

#include <numeric>

namespace tradegraph::io {

Redistribution::Redistribution(const comm::Communicator& comm,
                               std::span<const std::int32_t> destination)
    : comm_(comm) {
  received_ = static_cast<std::int64_t>(destination.size());
  if (comm.size() == 1) return;
  const auto ranks = static_cast<std::size_t>(comm.size());
  counts_.assign(ranks, 0);
  for (const auto rank : destination) ++counts_[static_cast<std::size_t>(rank)];
  std::vector<std::int64_t> next(ranks, 0);
  std::exclusive_scan(counts_.begin(), counts_.end(), next.begin(), std::int64_t{0});
  order_.resize(destination.size());
  for (std::size_t i = 0; i < destination.size(); ++i) {
    auto& at = next[static_cast<std::size_t>(destination[i])];
    order_[static_cast<std::size_t>(at++)] = static_cast<std::int64_t>(i);
  }
  received_counts_.resize(ranks);
  const std::vector<std::int64_t> ones(ranks, 1);
  received_counts_ = comm::all_to_all_v(comm, std::span<const std::int64_t>(counts_), ones).values;
  received_ = std::accumulate(received_counts_.begin(), received_counts_.end(), std::int64_t{0});
}

StringColumn Redistribution::send(StringColumn column) const {
  if (comm_.size() == 1) return column;
  std::vector<std::int64_t> lengths;
  std::vector<std::int64_t> byte_counts;
  StringColumn ordered;
  ordered.bytes.reserve(column.bytes.size());
  std::size_t next = 0;
  for (const auto count : counts_) {
    const std::size_t before = ordered.bytes.size();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto text = column[order_[next++]];
      ordered.bytes.insert(ordered.bytes.end(), text.begin(), text.end());
      lengths.push_back(static_cast<std::int64_t>(text.size()));
    }
    byte_counts.push_back(static_cast<std::int64_t>(ordered.bytes.size() - before));
  }
  StringColumn result;
  result.bytes =
      comm::all_to_all_v(comm_, std::span<const char>(ordered.bytes), byte_counts).values;
  const auto received = comm::all_to_all_v(comm_, std::span<const std::int64_t>(lengths), counts_);
  result.offsets.reserve(received.values.size() + 1);
  for (const auto length : received.values) {
    result.offsets.push_back(result.offsets.back() + length);
  }
  return result;
}

}  // namespace tradegraph::io
