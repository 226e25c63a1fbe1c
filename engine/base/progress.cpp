#include "engine/base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace tradegraph {

void TerminalProgress::start(const std::string& what, std::int64_t total) {
  what_ = what;
  total_ = total;
  shown_at_s_ = 0;
  clock_.restart();
}

void TerminalProgress::update(std::int64_t done) {
  if (clock_.seconds() - shown_at_s_ < 0.5) return;
  shown_at_s_ = clock_.seconds();
  show(done);
}

void TerminalProgress::finish() {
  if (shown_at_s_ == 0) return;  // short work leaves no trace
  show(total_);
  std::fputc('\n', stderr);
}

void TerminalProgress::show(std::int64_t done) {
  fmt::print(stderr, "\r\033[K{}", progress_line(what_, done, total_, clock_.seconds()));
  std::fflush(stderr);
}

std::string progress_line(const std::string& what, std::int64_t done, std::int64_t total,
                          double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const double percent =
      total > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(total) : 100.0;
  auto line = fmt::format("{} {}/{} ({:.0f} %), {:.0f}/s", what, done, total, percent, rate);
  if (rate > 0) line += fmt::format(", {:.0f} s left", static_cast<double>(total - done) / rate);
  return line;
}

ProgressSink& default_progress(int rank, bool quiet) {
  static SilentProgress silent;
  static TerminalProgress terminal;
  if (rank == 0 && !quiet && isatty(STDERR_FILENO) != 0) return terminal;
  return silent;
}

}  // namespace tradegraph
