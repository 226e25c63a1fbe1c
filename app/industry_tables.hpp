#pragma once
/// Region x industry tables and trade between industries, summed over snapshots.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/industry.hpp"
#include "app/trade_network.hpp"
#include "kernels/industry_grouping.hpp"

namespace tradegraph::app {

/// The same on all ranks. Industries are named by the beginning of their code.
class IndustryTables {
 public:
  /// Letters of the code and this many digits name an industry.
  explicit IndustryTables(std::int64_t digits) : levels_{digits, digits} {}

  /// Adds a year; errors name `path`. Firms without industry or region count only where these do
  /// not matter. Collective over the replica group. Throws `ErrorKind::bad_input` if the snapshot
  /// has no column 'industry' or 'region'.
  void add(const TradeNetwork& network, const std::string& path);
  /// Trade between industries from a table of its own, `supplier,buyer,amount`, in place of the
  /// snapshots'. Collective over `group`. Throws `ErrorKind::bad_input`.
  void read_flows(const comm::Communicator& group, const std::string& path);

  /// Industries that any firm has, in ascending order.
  [[nodiscard]] std::vector<std::string> industries() const;
  /// LC-Est and COI; LC-Emp with a column 'employees'; IO with trade; and the averages LC, LC-IO,
  /// LC-COI-IO of those that there are.
  [[nodiscard]] std::vector<kernels::NamedRelatedness> relatedness() const;

 private:
  using Cells = std::map<std::pair<std::string, std::string>, double>;

  void add_regions(const TradeNetwork& network, const Recoding& industry,
                   const matrix::DistributedVector<std::int32_t>& codes, const std::string& weight,
                   Cells& cells) const;
  /// Industries x regions, or industries x industries.
  [[nodiscard]] std::vector<double> dense(const Cells& cells, const std::vector<std::string>& rows,
                                          const std::vector<std::string>& columns) const;

  IndustryLevels levels_;
  std::set<std::string> industries_;
  Cells establishments_;  ///< industry, region
  Cells employees_;
  Cells flows_;  ///< supplier, buyer
  bool own_flows_ = false;
};

}  // namespace tradegraph::app
