#include "app/firm_ids.hpp"

#include <span>

#include "engine/comm/collectives.hpp"

namespace tradegraph::app {

StringColumn all_ids(const TradeNetwork& network) {
  const auto& group = network.grid().group();
  const auto& mine = network.table().id;
  std::vector<std::int64_t> lengths;
  for (std::int64_t i = 0; i < mine.size(); ++i) {
    lengths.push_back(static_cast<std::int64_t>(mine[i].size()));
  }
  StringColumn all;
  const auto gathered = comm::all_gather_v(group, std::span<const std::int64_t>(lengths)).values;
  for (const auto length : gathered) all.offsets.push_back(all.offsets.back() + length);
  all.bytes = comm::all_gather_v(group, std::span<const char>(mine.bytes)).values;
  return all;
}

}  // namespace tradegraph::app
