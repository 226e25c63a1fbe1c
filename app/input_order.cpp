#include "app/input_order.hpp"

#include <numeric>
#include <string_view>

namespace tradegraph::app {

InputOrder::InputOrder(const comm::Communicator& group, std::int64_t firms,
                       std::span<const std::int64_t> input_row)
    : group_(&group),
      send_order_(input_row.size()),
      send_counts_(static_cast<std::size_t>(group.size()), 0) {
  const Slices slices(firms, group.size());
  std::vector<std::size_t> rank(input_row.size());
  for (std::size_t i = 0; i < rank.size(); ++i) {
    rank[i] = static_cast<std::size_t>(slices.part_of(input_row[i]));
    ++send_counts_[rank[i]];
  }
  std::vector<std::int64_t> next(send_counts_.size(), 0);
  std::exclusive_scan(send_counts_.begin(), send_counts_.end(), next.begin(), std::int64_t{0});
  std::vector<std::int64_t> sent(input_row.size());
  for (std::size_t i = 0; i < rank.size(); ++i) {
    const auto slot = static_cast<std::size_t>(next[rank[i]]++);
    send_order_[slot] = static_cast<std::int64_t>(i);
    sent[slot] = input_row[i];
  }
  receive_place_ =
      comm::all_to_all_v(group, std::span<const std::int64_t>(sent), send_counts_).values;
  for (auto& place : receive_place_) place -= slices.begin(group.rank());
}

StringColumn InputOrder::apply(const StringColumn& text) const {
  std::vector<std::int64_t> lengths;
  std::vector<char> bytes;
  std::vector<std::int64_t> byte_counts(send_counts_.size(), 0);
  std::size_t next = 0;
  for (std::size_t rank = 0; rank < send_counts_.size(); ++rank) {
    for (std::int64_t k = 0; k < send_counts_[rank]; ++k) {
      const auto cell = text[send_order_[next++]];
      lengths.push_back(static_cast<std::int64_t>(cell.size()));
      bytes.insert(bytes.end(), cell.begin(), cell.end());
      byte_counts[rank] += lengths.back();
    }
  }
  const auto got_lengths =
      comm::all_to_all_v(*group_, std::span<const std::int64_t>(lengths), send_counts_).values;
  const auto got_bytes =
      comm::all_to_all_v(*group_, std::span<const char>(bytes), byte_counts).values;
  std::vector<std::string_view> cells(got_lengths.size());
  std::size_t offset = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto length = static_cast<std::size_t>(got_lengths[i]);
    cells[static_cast<std::size_t>(receive_place_[i])] = {got_bytes.data() + offset, length};
    offset += length;
  }
  StringColumn slice;
  for (const auto cell : cells) slice.push_back(cell);
  return slice;
}

}  // namespace tradegraph::app
