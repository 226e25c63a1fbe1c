#pragma once
/// From the engine's order of firms back to the order of the input, which is the public one.

#include <span>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/matrix/distributed_vector.hpp"

namespace tradegraph::app {

/// Moves values so that rank k holds the k-th contiguous slice of the input rows. Made once for a
/// given distribution of firms, used for any number of columns.
class InputOrder {
 public:
  /// `input_row[i]` is the input row of this rank's i-th firm; together the ranks hold 0..n-1.
  /// Collective over `group`, which must outlive this object.
  InputOrder(const comm::Communicator& group, std::int64_t firms,
             std::span<const std::int64_t> input_row);

  /// This rank's slice of a column, `values` being parallel to `input_row`. Collective.
  template <comm::Transferable T>
  [[nodiscard]] std::vector<T> apply(std::span<const T> values) const {
    std::vector<T> sent;
    sent.reserve(values.size());
    for (const auto i : send_order_) sent.push_back(values[static_cast<std::size_t>(i)]);
    const auto got = comm::all_to_all_v(*group_, std::span<const T>(sent), send_counts_).values;
    std::vector<T> slice(got.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      slice[static_cast<std::size_t>(receive_place_[i])] = got[i];
    }
    return slice;
  }
  /// Likewise for text.
  [[nodiscard]] StringColumn apply(const StringColumn& text) const;

 private:
  const comm::Communicator* group_;
  std::vector<std::int64_t> send_order_;     ///< own positions, by destination
  std::vector<std::int64_t> send_counts_;    ///< a rank
  std::vector<std::int64_t> receive_place_;  ///< place in the slice of what arrives
};

}  // namespace tradegraph::app
