#include "kernels/firm_directory.hpp"

#include <algorithm>
#include <numeric>

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

}  // namespace

FirmDirectory::FirmDirectory(const comm::Communicator& comm, const FirmPlaces& firms)
    : comm_(comm),
      delivery_(send_firms(comm, firms)),
      by_number_(delivery_.received().size()),
      states_(delivery_.received().size()) {
  const auto& kept = delivery_.received();
  std::iota(by_number_.begin(), by_number_.end(), std::size_t{0});
  std::sort(by_number_.begin(), by_number_.end(),
            [&](auto a, auto b) { return kept[a].firm < kept[b].firm; });
  const auto twin = std::adjacent_find(by_number_.begin(), by_number_.end(), [&](auto a, auto b) {
    return kept[a].firm == kept[b].firm;
  });
  comm::collectively(comm, [&] {
    require(twin == by_number_.end(), ErrorKind::bad_input,
            "firm " + std::to_string(twin == by_number_.end() ? 0 : kept[*twin].firm) +
                " appears twice");
  });
}

std::int32_t FirmDirectory::rank_of(std::int64_t firm) const { return keeper(firm, comm_.size()); }

std::optional<std::size_t> FirmDirectory::find(std::int64_t firm) const {
  const auto found =
      std::lower_bound(by_number_.begin(), by_number_.end(), firm,
                       [&](auto i, std::int64_t number) { return firms()[i].firm < number; });
  if (found == by_number_.end() || firms()[*found].firm != firm) return std::nullopt;
  return *found;
}

std::vector<FirmState> FirmDirectory::states_at_origin() const {
  return delivery_.answer(std::span<const FirmState>(states_));
}

}  // namespace tradegraph::kernels
