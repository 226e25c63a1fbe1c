#pragma once
/// Moving columns of items to other ranks.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::io {

/// A plan by which this rank's item i goes to rank destination[i]. What a rank receives is ordered
/// by source rank, then by the item's order there. Every column of the items is sent by a call of
/// its own; at one rank nothing is copied. Construction and sending are collective.
class Redistribution {
 public:
  Redistribution(const comm::Communicator& comm, std::span<const std::int32_t> destination);

  /// Items that this rank receives.
  [[nodiscard]] std::int64_t received() const { return received_; }

  template <comm::Transferable T>
  [[nodiscard]] std::vector<T> send(std::vector<T> column) const {
    if (comm_.size() == 1) return column;
    return comm::all_to_all_v(comm_, std::span<const T>(packed(column)), counts_).values;
  }
  [[nodiscard]] StringColumn send(StringColumn column) const;

  /// Sends one value for each received item back to where the item came from; the result is
  /// parallel to the items that were sent.
  template <comm::Transferable T>
  [[nodiscard]] std::vector<T> reply(std::vector<T> answers) const {
    if (comm_.size() == 1) return answers;
    const auto back =
        comm::all_to_all_v(comm_, std::span<const T>(answers), received_counts_).values;
    std::vector<T> result(back.size());
    for (std::size_t i = 0; i < back.size(); ++i) {
      result[static_cast<std::size_t>(order_[i])] = back[i];
    }
    return result;
  }

 private:
  template <class T>
  [[nodiscard]] std::vector<T> packed(const std::vector<T>& column) const {
    std::vector<T> result(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      result[i] = column[static_cast<std::size_t>(order_[i])];
    }
    return result;
  }

  const comm::Communicator& comm_;
  std::vector<std::int64_t> order_;   ///< items by destination
  std::vector<std::int64_t> counts_;  ///< items a destination
  std::vector<std::int64_t> received_counts_;
  std::int64_t received_ = 0;
};

}  // namespace tradegraph::io
