#pragma once
/// The kernels of `tradegraph measure`, by name.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/betweenness_measure.hpp"
#include "app/context.hpp"
#include "app/trade_network.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

struct MeasureOptions {
  std::string kernel;
  bool directed = true;
  Weight weight = Weight::none;
  std::string mode;  ///< of degree, strength, core_number: "in", "out", "all"; empty = all
  std::optional<double> damping;  ///< of PageRank; 0.85 unless given
  bool normalised = false;
  bool strong = false;    ///< components: strong ones
  std::string distances;  ///< of reach: "none", "inside" or "network" as well; empty = none
  std::string sources;    ///< path; empty = all
  std::string targets;    ///< path; empty = all
  std::string members;    ///< path; empty = the whole network
  BetweennessOptions betweenness{};
  std::string network{};  ///< path of the input
  std::string output{};   ///< path of the result
};

struct MeasureResult {
  io::Table table;
  bool in_slices;         ///< one row a node in slices of input order, else whole on every rank
  std::string summary{};  ///< a line for people; empty = nothing to say
  /// Counted work, the same on every machine: `links`, entries that a pass over the network visits,
  /// and what the kernel counts itself.
  Work work{};
};

[[nodiscard]] std::vector<std::string> measure_kernels();

/// Throws `ErrorKind::usage` for an option that the kernel does not take, or out of range.
void check_options(const MeasureOptions& options);

/// `options` as checked. Collective over all ranks.
[[nodiscard]] MeasureResult compute_measure(const Context& context, const TradeNetwork& network,
                                            const MeasureOptions& options);

}  // namespace tradegraph::app
