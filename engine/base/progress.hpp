#pragma once
/// Progress of long work: rate and estimated time to completion, on rank 0's stderr.

#include <cstdint>
#include <string>

#include "engine/base/clock.hpp"

namespace tradegraph {

/// Where a kernel reports what it has done. A kernel takes a `ProgressSink&` and knows no more.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  /// Announces `total` units of work called `what` ("sources", "rows").
  virtual void start(const std::string& what, std::int64_t total) = 0;
  /// `done` units are finished in all.
  virtual void update(std::int64_t done) = 0;
  virtual void finish() = 0;
};

/// Says nothing.
class SilentProgress final : public ProgressSink {
 public:
  void start(const std::string&, std::int64_t) override {}
  void update(std::int64_t) override {}
  void finish() override {}
};

/// Rewrites one line of stderr at most twice a second.
class TerminalProgress final : public ProgressSink {
 public:
  void start(const std::string& what, std::int64_t total) override;
  void update(std::int64_t done) override;
  void finish() override;

 private:
  void show(std::int64_t done);

  std::string what_;
  std::int64_t total_ = 0;
  double shown_at_s_ = 0;
  Stopwatch clock_;
};

/// "sources 1200/5000 (24 %), 300/s, 13 s left"
[[nodiscard]] std::string progress_line(const std::string& what, std::int64_t done,
                                        std::int64_t total, double seconds);

/// The sink for this run: a terminal line on rank 0 when stderr is a terminal and not `quiet`, else
/// the silent one. The sink lives as long as the program.
[[nodiscard]] ProgressSink& default_progress(int rank, bool quiet);

}  // namespace tradegraph
