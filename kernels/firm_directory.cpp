#include "kernels/firm_directory.hpp"

#include <algorithm>

#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"

namespace tradegraph::kernels {

namespace {

std::int32_t keeper(std::int64_t firm, int ranks) {
  return static_cast<std::int32_t>(mix64(static_cast<std::uint64_t>(firm)) %
                                   static_cast<std::uint64_t>(ranks));
}

comm::Delivery<PlacedFirm> send_firms(const comm::Communicator& comm, const FirmPlaces& firms) {
  std::vector<PlacedFirm> items(firms.firm.size());
  std::vector<std::int32_t> destination(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i] = {firms.firm[i], firms.row[i],   firms.x_m[i],
                firms.y_m[i],  firms.group[i], firms.region[i]};
    destination[i] = keeper(firms.firm[i], comm.size());
  }
  return {comm, items, destination};
}

std::vector<std::int64_t> numbers(const std::vector<PlacedFirm>& firms) {
  std::vector<std::int64_t> result(firms.size());
  std::transform(firms.begin(), firms.end(), result.begin(), [](const auto& f) { return f.firm; });
  return result;
}

}  // namespace

FirmDirectory::FirmDirectory(const comm::Communicator& comm, const FirmPlaces& firms)
    : comm_(comm),
      delivery_(send_firms(comm, firms)),
      by_number_(numbers(delivery_.received())),
      states_(delivery_.received().size()) {
  comm::collectively(comm, [&] {
    const auto twice = by_number_.repeat();
    require(!twice, ErrorKind::bad_input,
            "firm " + std::to_string(twice.value_or(0)) + " appears twice");
  });
}

std::int32_t FirmDirectory::rank_of(std::int64_t firm) const { return keeper(firm, comm_.size()); }

std::optional<std::size_t> FirmDirectory::find(std::int64_t firm) const {
  const auto place = by_number_.find(firm);
  if (place < 0) return std::nullopt;
  return static_cast<std::size_t>(place);
}

std::vector<FirmState> FirmDirectory::states_at_origin() const {
  return delivery_.answer(std::span<const FirmState>(states_));
}

}  // namespace tradegraph::kernels
