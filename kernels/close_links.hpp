#pragma once
/// Trading pairs within stretch * eps of each other, found where the firms are kept, and sent to
/// where they are clustered.

#include <cstdint>
#include <vector>

#include "kernels/group_pieces.hpp"

namespace tradegraph::kernels {

/// What goes to one rank each.
template <class T>
struct Outgoing {
  std::vector<T> items;
  std::vector<std::int32_t> destination;

  void reserve(std::size_t count) {
    items.reserve(count);
    destination.reserve(count);
  }
  void add(const T& item, std::int32_t rank) {
    items.push_back(item);
    destination.push_back(rank);
  }
  void append(const Outgoing& other) {
    items.insert(items.end(), other.items.begin(), other.items.end());
    destination.insert(destination.end(), other.destination.begin(), other.destination.end());
  }
  /// Collective.
  [[nodiscard]] comm::Delivery<T> send(const comm::Communicator& comm) const {
    return {comm, items, destination};
  }
};

/// The pairs go to the homes of both firms; where these differ, each firm goes to that of the
/// other.
struct CloseLinks {
  Outgoing<Link> pairs;
  Outgoing<PlacedFirm> guests;
};

/// Looks at every link once; geometry does not bound them. Those that `sieve_links` leaves, or all
/// where it is not worth it, are looked at where one of their firms is kept. That firm's place, 24
/// bytes, goes to the keeper of the other if that is another rank, and the whole firm where the two
/// are close. Collective: a sieving, three exchanges and an answer; the sieving alone on one rank.
/// Uses OpenMP threads. Memory: 16 bytes a firm of the rank, 8 a firm of all while it sieves, about
/// 100 a link between two ranks.
[[nodiscard]] CloseLinks find_close_links(const comm::Communicator& comm,
                                          const FirmDirectory& directory, const TradePairs& trade,
                                          const IdentifyConfig& config, const GroupPieces& pieces);

}  // namespace tradegraph::kernels
