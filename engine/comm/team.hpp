#pragma once
/// Ranks that work on something together, beside other teams that work on something else.

#include "engine/comm/communicator.hpp"
#include "engine/comm/shared_counter.hpp"

namespace tradegraph::comm {

class Team {
 public:
  /// Ranks that give the same number, in the order of `world`. Collective over `world`, and so is
  /// its end.
  Team(const Communicator& world, int number)
      : ranks_(world.split(number, world.rank())), tickets_(world, ranks_) {}
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] const Communicator& ranks() const { return ranks_; }
  /// What is dealt while the team works.
  [[nodiscard]] SharedCounter& tickets() { return tickets_; }

 private:
  Communicator ranks_;
  SharedCounter tickets_;
};

}  // namespace tradegraph::comm
