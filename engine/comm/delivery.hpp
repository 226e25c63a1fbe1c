#pragma once
/// Items that each go to a rank of their own, and answers that come back to where the items came
/// from.

#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "engine/comm/collectives.hpp"

namespace tradegraph::comm {

/// One personalised exchange, kept so that it can be answered.
template <Transferable T>
class Delivery {
 public:
  /// Sends items[i] to rank destination[i]; what stays here is copied once. Collective; a copy of
  /// the items that leave while it runs.
  Delivery(const Communicator& comm, std::span<const T> items,
           std::span<const std::int32_t> destination)
      : Delivery(comm, destination, [&](std::size_t i) -> const T& { return items[i]; }) {}
  /// The same for items that are nowhere side by side: `item_at(i)` is asked once for each.
  template <class ItemAt>
  Delivery(const Communicator& comm, std::span<const std::int32_t> destination, ItemAt&& item_at)
      : comm_(comm), slot_(destination.size()), counts_(static_cast<std::size_t>(comm.size()), 0) {
    for (const auto rank : destination) ++counts_[static_cast<std::size_t>(rank)];
    received_.counts.resize(counts_.size());
    detail::all_to_all(comm, counts_.data(), received_.counts.data());
    received_.values.resize(detail::total(received_.counts));
    const auto me = static_cast<std::size_t>(comm.rank());
    const auto own = offsets(received_.counts)[me] - offsets(counts_)[me];
    std::vector<T> sent(destination.size() - static_cast<std::size_t>(counts_[me]));
    auto next = offsets(counts_);
    for (std::size_t i = 0; i < destination.size(); ++i) {
      const auto rank = static_cast<std::size_t>(destination[i]);
      const auto slot = slot_[i] = next[rank]++;
      auto& to = rank == me ? received_.values : sent;
      const auto moved = rank == me ? own : rank > me ? -counts_[me] : 0;
      to[static_cast<std::size_t>(slot + moved)] = item_at(i);
    }
    auto leaving = counts_;
    leaving[me] = 0;
    exchange<T>(comm, sent, leaving, received_.values, received_.counts);
  }

  /// What came here: by source rank, and in the order of its items within a source.
  [[nodiscard]] const std::vector<T>& received() const { return received_.values; }

  /// answers[i] goes back to the sender of received()[i]; the result is parallel to the items that
  /// this rank sent. Collective.
  template <Transferable A>
  [[nodiscard]] std::vector<A> answer(std::span<const A> answers) const {
    std::vector<A> back(slot_.size());
    exchange<A>(comm_, answers, received_.counts, back, counts_);
    std::vector<A> result(slot_.size());
    for (std::size_t i = 0; i < slot_.size(); ++i) {
      result[i] = back[static_cast<std::size_t>(slot_[i])];
    }
    return result;
  }

 private:
  static std::vector<std::int64_t> offsets(const std::vector<std::int64_t>& counts) {
    std::vector<std::int64_t> first(counts.size());
    std::exclusive_scan(counts.begin(), counts.end(), first.begin(), std::int64_t{0});
    return first;
  }

  const Communicator& comm_;
  std::vector<std::int64_t> slot_;    ///< of each item among all that were sent, by rank
  std::vector<std::int64_t> counts_;  ///< sent to each rank, this one included
  Gathered<T> received_;
};

}  // namespace tradegraph::comm
