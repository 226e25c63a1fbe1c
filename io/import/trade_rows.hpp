#pragma once
/// The trade file as links between numbered firms.

#include <cstdint>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/csv_file.hpp"
#include "io/import/faults.hpp"
#include "io/import/firm_columns.hpp"
#include "io/import/firm_directory.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::io {

/// Parallel columns; `amount` and `count` are empty when the file lacks them.
struct TradeRows {
  std::vector<std::int64_t> supplier;
  std::vector<std::int64_t> buyer;
  std::vector<double> amount;
  std::vector<double> count;
  std::int64_t self_trade = 0;  ///< rows dropped because supplier and buyer are one
};

/// Reads this rank's share of the file, in its order; rows that are not sound, or name a firm that
/// there is not, go to `faults`. Collective. Each rank gets the ids of all firms, if they are less
/// text than its share of the file; otherwise the file is read twice: once for the ids that occur,
/// which are then asked for, and once for the links.
[[nodiscard]] TradeRows read_trade(const comm::Communicator& comm, const CsvFile& file,
                                   const TradeColumns& columns, const FirmTable& firms,
                                   FaultList& faults);

/// Only what is wrong with rows whichever firms there are goes to `faults`. Collective.
void check_trade(const comm::Communicator& comm, const CsvFile& file, const TradeColumns& columns,
                 FaultList& faults);

/// Sends each link to the rank of its supplier and builds the rows there. Repeats of a pair are
/// summed in the order of the file and counted in `repeated`, over all ranks. Collective. Throws
/// `ErrorKind::bad_input` if a sum is not finite.
[[nodiscard]] TradeTable build_trade_table(const comm::Communicator& comm, TradeRows rows,
                                           const FirmTable& firms, std::int64_t& repeated);

}  // namespace tradegraph::io
