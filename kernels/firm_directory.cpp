#include "kernels/firm_directory.hpp"

#include <algorithm>

#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"

namespace tradegraph::kernels {

namespace {

/// The numbers of a rank: `count` of them from `first` on, if `is_run`.
struct Run {
  std::int64_t first;
  std::int64_t count;
  std::int64_t is_run;
};

}  // namespace

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Run> : std::true_type {};

namespace tradegraph::kernels {

Keepers::Keepers(const comm::Communicator& comm, std::span<const std::int64_t> firms)
    : ranks_(comm.size()) {
  Run mine{firms.empty() ? 0 : firms.front(), static_cast<std::int64_t>(firms.size()), 1};
  for (std::size_t i = 0; i < firms.size() && mine.is_run != 0; ++i) {
    mine.is_run = firms[i] == mine.first + static_cast<std::int64_t>(i) ? 1 : 0;
  }
  const auto runs = comm::all_gather(comm, mine);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto& run = runs[r];
    const bool follows = first_.empty() || run.first == end_;
    if (run.is_run == 0 || (run.count > 0 && !follows)) {
      first_.clear();
      return;
    }
    if (run.count == 0) continue;
    first_.push_back(run.first);
    rank_.push_back(static_cast<std::int32_t>(r));
    end_ = run.first + run.count;
  }
}

std::int32_t Keepers::hashed(std::int64_t firm) const {
  return static_cast<std::int32_t>(mix64(static_cast<std::uint64_t>(firm)) %
                                   static_cast<std::uint64_t>(ranks_));
}

namespace {

std::vector<PlacedFirm> placed_firms(const FirmPlaces& firms) {
  std::vector<PlacedFirm> items(firms.firm.size());
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i] = {firms.firm[i], firms.row[i],   firms.x_m[i],
                firms.y_m[i],  firms.group[i], firms.region[i]};
  }
  return items;
}

comm::Delivery<PlacedFirm> send_to_keepers(const comm::Communicator& comm, const Keepers& keepers,
                                           const std::vector<PlacedFirm>& firms) {
  std::vector<std::int32_t> destination(firms.size());
  std::transform(firms.begin(), firms.end(), destination.begin(),
                 [&](const auto& firm) { return keepers.of(firm.firm); });
  return {comm, firms, destination};
}

std::vector<std::int64_t> numbers(const std::vector<PlacedFirm>& firms) {
  std::vector<std::int64_t> result(firms.size());
  std::transform(firms.begin(), firms.end(), result.begin(), [](const auto& f) { return f.firm; });
  return result;
}

}  // namespace

FirmDirectory::FirmDirectory(const comm::Communicator& comm, const FirmPlaces& firms)
    : keepers_(comm, firms.firm),
      firms_in_turn_(placed_firms(firms)),
      delivery_(keepers_.is_in_turn()
                    ? std::nullopt
                    : std::optional(send_to_keepers(comm, keepers_, firms_in_turn_))),
      by_number_(numbers(this->firms())),
      states_(this->firms().size()) {
  if (delivery_) firms_in_turn_ = {};
  comm::collectively(comm, [&] {
    const auto twice = by_number_.repeat();
    require(!twice, ErrorKind::bad_input,
            "firm " + std::to_string(twice.value_or(0)) + " appears twice");
  });
}

std::optional<std::size_t> FirmDirectory::find(std::int64_t firm) const {
  const auto place = by_number_.find(firm);
  if (place < 0) return std::nullopt;
  return static_cast<std::size_t>(place);
}

std::vector<FirmState> FirmDirectory::states_at_origin() const {
  return delivery_ ? delivery_->answer(std::span<const FirmState>(states_)) : states_;
}

}  // namespace tradegraph::kernels
