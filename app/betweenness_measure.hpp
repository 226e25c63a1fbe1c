#pragma once
/// `measure --kernel betweenness`: exact or approximate, by links or by lengths, with a checkpoint.

#include <cstdint>
#include <string>
#include <vector>

#include "app/context.hpp"
#include "app/trade_network.hpp"

namespace tradegraph::app {

struct BetweennessOptions {
  bool endpoints = false;
  std::string method;     ///< "batches", "products"; empty = by the memory
  std::string weight_is;  ///< "strength" or "length"; empty = strength
  double scale = 0;       ///< S of lengths; 0 = as fine as paths allow
  bool approximate = false;
  double epsilon = 0;  ///< 0 = not given: 0.01
  double delta = 0;    ///< 0 = not given: 0.1
  double checkpoint_minutes = 10;

  [[nodiscard]] bool any_given() const {
    return endpoints || !method.empty() || !weight_is.empty() || scale != 0 || approximate ||
           epsilon != 0 || delta != 0;
  }
};

struct BetweennessScores {
  matrix::DistributedVector<double> score;
  std::string summary;  ///< what was done, for people
};

struct BetweennessTask {
  bool directed = true;
  bool normalised = false;
  Weight weight = Weight::none;
  std::vector<std::int64_t> sources{};  ///< global indices; empty = all
  std::string checkpoint{};             ///< path; empty = none
  std::string input{};                  ///< the network's file, for the checkpoint's identity
};

/// Collective over all ranks. Throws `ErrorKind::usage` for options that exclude each other.
[[nodiscard]] BetweennessScores measure_betweenness(const Context& context,
                                                    const TradeNetwork& network,
                                                    const BetweennessTask& task,
                                                    const BetweennessOptions& options);

/// Throws `ErrorKind::usage`.
void check_betweenness_options(const BetweennessOptions& options, bool weighted, bool sources);

}  // namespace tradegraph::app
