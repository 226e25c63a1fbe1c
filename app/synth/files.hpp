#pragma once
/// The files of a synthetic nation.

#include <string>
#include <vector>

#include "app/synth/year.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::app::synth {

struct YearCounts {
  std::int64_t firms = 0;
  std::int64_t links = 0;  ///< rows of the trade file
};

/// Writes firms_YEAR.csv, trade_YEAR.csv and truth_firms_YEAR.csv into `folder`: each rank its
/// slice of the seats, by all its threads. The bytes do not depend on ranks and threads.
/// Collective. Memory a rank: the text of its slice, about 170 bytes a firm and 35 a link.
YearCounts write_year(const comm::Communicator& comm, const std::string& folder, const Year& year);

/// Writes truth_clusters.csv, truth_flows.csv, groups.csv and study.toml. Collective; rank 0
/// writes.
void write_truth(const comm::Communicator& comm, const std::string& folder,
                 const std::vector<const Year*>& years);

}  // namespace tradegraph::app::synth
