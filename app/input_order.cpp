#include "app/input_order.hpp"

#include <algorithm>
#include <numeric>

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

namespace {

/// cells[i] goes to place[i].
StringColumn placed(const StringColumn& cells, std::span<const std::int64_t> place) {
  StringColumn result;
  result.offsets.assign(place.size() + 1, 0);
  result.bytes.resize(cells.bytes.size());
  const auto count = static_cast<std::int64_t>(place.size());
  const auto place_of = [&](std::int64_t i) {
    return static_cast<std::size_t>(place[static_cast<std::size_t>(i)]);
  };
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    result.offsets[place_of(i) + 1] = static_cast<std::int64_t>(cells[i].size());
  }
  std::partial_sum(result.offsets.begin(), result.offsets.end(), result.offsets.begin());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    const auto cell = cells[i];
    std::copy(cell.begin(), cell.end(), result.bytes.begin() + result.offsets[place_of(i)]);
  }
  return result;
}

}  // namespace

StringColumn InputOrder::apply(const StringColumn& text) const {
  if (group_->size() == 1) {
    std::vector<std::int64_t> place(send_order_.size());
    for (std::size_t k = 0; k < place.size(); ++k) {
      place[static_cast<std::size_t>(send_order_[k])] = receive_place_[k];
    }
    return placed(text, place);
  }
  StringColumn sent;
  sent.bytes.reserve(text.bytes.size());
  sent.offsets.reserve(send_order_.size() + 1);
  for (const auto i : send_order_) sent.push_back(text[i]);
  std::vector<std::int64_t> lengths(send_order_.size());
  for (std::size_t k = 0; k < lengths.size(); ++k) {
    lengths[k] = sent.offsets[k + 1] - sent.offsets[k];
  }
  std::vector<std::int64_t> byte_counts;
  std::int64_t rows = 0;
  for (const auto count : send_counts_) {
    const auto begin = sent.offsets[static_cast<std::size_t>(rows)];
    rows += count;
    byte_counts.push_back(sent.offsets[static_cast<std::size_t>(rows)] - begin);
  }
  const auto got_lengths =
      comm::all_to_all_v(*group_, std::span<const std::int64_t>(lengths), send_counts_).values;
  StringColumn got;
  got.bytes = comm::all_to_all_v(*group_, std::span<const char>(sent.bytes), byte_counts).values;
  got.offsets.resize(got_lengths.size() + 1);
  std::partial_sum(got_lengths.begin(), got_lengths.end(), got.offsets.begin() + 1);
  return placed(got, receive_place_);
}

}  // namespace tradegraph::app
