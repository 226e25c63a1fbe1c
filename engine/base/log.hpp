#pragma once
/// Messages to stderr (results go to files and stdout). A thin front so that only one source file
/// includes spdlog.

#include <string>

namespace tradegraph::log {

/// Called once by `main`: ranks above 0 and `--quiet` runs show warnings from rank 0 only.
void configure(int rank, bool quiet);

void info(const std::string& message);
/// Rank 0 only: a warning that all ranks raise appears once.
void warn(const std::string& message);
/// Any rank.
void error(const std::string& message);

}  // namespace tradegraph::log
