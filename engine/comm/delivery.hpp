#pragma once
/// Items that each go to a rank of their own, and answers that come back to where the items came
/// from.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/comm/collectives.hpp"

namespace tradegraph::comm {

/// One personalised exchange, kept so that it can be answered.
template <Transferable T>
class Delivery {
 public:
  /// Sends items[i] to rank destination[i]. Collective; two copies of the items while it runs.
  Delivery(const Communicator& comm, std::span<const T> items,
           std::span<const std::int32_t> destination)
      : comm_(comm), slot_(items.size()) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(comm.size()), 0);
    for (const auto rank : destination) ++counts[static_cast<std::size_t>(rank)];
    std::vector<std::int64_t> next(counts.size(), 0);
    std::exclusive_scan(counts.begin(), counts.end(), next.begin(), std::int64_t{0});
    std::vector<T> sent(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      slot_[i] = next[static_cast<std::size_t>(destination[i])]++;
      sent[static_cast<std::size_t>(slot_[i])] = items[i];
    }
    received_ = all_to_all_v(comm, std::span<const T>(sent), counts);
  }

  /// What came here: by source rank, and in the order of its items within a source.
  [[nodiscard]] const std::vector<T>& received() const { return received_.values; }

  /// answers[i] goes back to the sender of received()[i]; the result is parallel to the items that
  /// this rank sent. Collective.
  template <Transferable A>
  [[nodiscard]] std::vector<A> answer(std::span<const A> answers) const {
    const auto back = all_to_all_v(comm_, answers, received_.counts);
    std::vector<A> result(slot_.size());
    for (std::size_t i = 0; i < slot_.size(); ++i) {
      result[i] = back.values[static_cast<std::size_t>(slot_[i])];
    }
    return result;
  }

 private:
  const Communicator& comm_;
  std::vector<std::int64_t> slot_;
  Gathered<T> received_;
};

}  // namespace tradegraph::comm
