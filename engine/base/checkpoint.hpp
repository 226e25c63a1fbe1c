#pragma once
/// Where long work keeps what it has done, so that a later run can go on from there.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tradegraph {

/// Work in a fixed order, done up to some unit, and what has been added up so far. It means the
/// same at any number of ranks.
struct PartialWork {
  std::int64_t done = 0;
  std::map<std::string, std::vector<double>> sums;
};

class Checkpoint {
 public:
  virtual ~Checkpoint() = default;
  /// What an earlier run of the same work has left, the same on every rank. Collective.
  [[nodiscard]] virtual std::optional<PartialWork> load() = 0;
  /// Replaces what is kept; `partial` counts on rank 0 only. Collective.
  virtual void save(const PartialWork& partial) = 0;
  /// The work is complete: nothing need be kept. Collective.
  virtual void discard() = 0;
  /// Whether this process has been asked to stop. Any thread may ask.
  [[nodiscard]] virtual bool stop_asked() const = 0;
  /// Seconds from one save to the next.
  [[nodiscard]] virtual double interval_s() const = 0;
};

}  // namespace tradegraph
