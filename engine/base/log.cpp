#include "engine/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace tradegraph::log {

namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("tradegraph");
    made->set_pattern("tradegraph: %v");
    return made;
  }();
  return *instance;
}

}  // namespace

void configure(int rank, bool quiet) {
  if (rank > 0) {
    logger().set_level(spdlog::level::err);
  } else {
    logger().set_level(quiet ? spdlog::level::warn : spdlog::level::info);
  }
}

void info(const std::string& message) { logger().info(message); }
void warn(const std::string& message) { logger().warn("warning: {}", message); }
void error(const std::string& message) { logger().error("error: {}", message); }

}  // namespace tradegraph::log
