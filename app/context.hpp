#pragma once
/// What every command gets: the ranks, the options that all commands share, the command line.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/progress.hpp"
#include "engine/comm/process_grid.hpp"

namespace tradegraph::app {

/// Options that every command takes.
struct CommonOptions {
  int threads = 0;                           ///< a rank; 0 = cores of the host divided by its ranks
  std::optional<std::int64_t> memory_bytes;  ///< a rank; none = what the host has
  std::string grid;                          ///< "S,R,C"; empty = one replica, nearest square
  std::int64_t seed = 1;                     ///< 0 or more
  bool quiet = false;
  bool resume = false;
};

class Context {
 public:
  Context(comm::Communicator world, std::vector<std::string> command_line);

  [[nodiscard]] const comm::Communicator& world() const { return world_; }
  [[nodiscard]] const std::vector<std::string>& command_line() const { return command_line_; }
  [[nodiscard]] const CommonOptions& options() const { return options_; }
  [[nodiscard]] CommonOptions& options() { return options_; }
  [[nodiscard]] ProgressSink& progress() const;

  /// What `--grid` asks for, or the default. Throws `ErrorKind::usage`.
  [[nodiscard]] comm::GridShape grid_shape() const;
  /// The grid of that shape. Collective over all ranks.
  [[nodiscard]] comm::ProcessGrid make_grid() const;
  /// Throws `ErrorKind::memory` when `needed_bytes` a rank for `what`, on top of what the program
  /// took at its start, exceed `--memory`, or, where that is not given, this rank's share of its
  /// host's memory. Collective over all ranks.
  void require_memory(std::int64_t needed_bytes, const std::string& what) const;
  /// The same for what only rank 0 need find out. Collective over all ranks.
  void require_memory(const std::function<std::int64_t()>& needed_bytes,
                      const std::string& what) const;
  /// Prints to stdout on rank 0.
  void print(const std::string& text) const;

 private:
  comm::Communicator world_;
  std::vector<std::string> command_line_;
  std::int64_t program_bytes_;  ///< with nothing loaded
  CommonOptions options_;
};

}  // namespace tradegraph::app
