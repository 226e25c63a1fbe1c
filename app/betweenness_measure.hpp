#pragma once
/// `measure --kernel betweenness`: exact or approximate, by links or by lengths, with a checkpoint.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/context.hpp"
#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::app {

struct BetweennessOptions {
  bool endpoints = false;
  bool edges = false;     ///< of links, not of firms
  std::string method;     ///< "batches", "products"; empty = by the memory
  std::string weight_is;  ///< "strength" or "length"; empty = strength
  double scale = 0;       ///< S of lengths; 0 = as fine as paths allow
  bool approximate = false;
  double epsilon = 0;               ///< 0 = not given: 0.01
  double delta = 0;                 ///< 0 = not given: 0.1
  std::optional<std::int64_t> top;  ///< the K largest only
  double checkpoint_minutes = 10;

  /// Of those that only betweenness takes.
  [[nodiscard]] bool any_given() const {
    return endpoints || edges || !method.empty() || !weight_is.empty() || scale != 0 ||
           delta != 0 || top;
  }
};

/// Named counts of what was done.
using Work = std::vector<std::pair<std::string, std::int64_t>>;

struct BetweennessScores {
  matrix::DistributedVector<double> score;
  std::string summary;             ///< what was done, for people
  Work work;                       ///< the same in figures
  std::optional<io::Table> top{};  ///< the K largest, in full on every rank, where asked for
};

struct LinkScores {
  kernels::WholeGraph links;
  std::vector<double> score;  ///< one an arc of `links`
  std::string summary;
  Work work;
};

struct BetweennessTask {
  bool directed = true;
  bool normalised = false;
  Weight weight = Weight::none;
  std::vector<std::int64_t> sources{};  ///< global indices; empty = all
  std::vector<std::int64_t> targets{};  ///< likewise
  std::vector<Label> clusters{};        ///< of all firms: only pairs between them; empty = all
  std::string checkpoint{};             ///< path; empty = none
  std::string input{};                  ///< the network's file, for the checkpoint's identity
};

/// Collective over all ranks. Throws `ErrorKind::usage` for options that exclude each other.
[[nodiscard]] BetweennessScores measure_betweenness(const Context& context,
                                                    const TradeNetwork& network,
                                                    const BetweennessTask& task,
                                                    const BetweennessOptions& options);

/// The same of every link. Collective over all ranks.
[[nodiscard]] LinkScores measure_link_betweenness(const Context& context,
                                                  const TradeNetwork& network,
                                                  const BetweennessTask& task,
                                                  const BetweennessOptions& options);

/// Beside the options: which others are given.
struct BesideBetweenness {
  bool weight = false;
  bool sources = false;
  bool targets = false;
  bool members = false;
};

/// Throws `ErrorKind::usage`.
void check_betweenness_options(const BetweennessOptions& options, const BesideBetweenness& beside);

}  // namespace tradegraph::app
