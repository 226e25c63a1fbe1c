#include "engine/base/memory.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "engine/base/error.hpp"
#include "engine/base/text.hpp"

namespace tradegraph {

std::int64_t peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

void return_freed_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

namespace {

/// Power of 1024 that a unit such as "", "K", "MB" or "GiB" stands for; -1 when unknown.
int unit_power(std::string unit) {
  for (auto& c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (unit.empty() || unit == "B") return 0;
  const auto power = std::string("KMGT").find(unit[0]);
  if (power == std::string::npos) return -1;
  const auto tail = unit.substr(1);
  return tail.empty() || tail == "B" || tail == "IB" ? static_cast<int>(power) + 1 : -1;
}

}  // namespace

std::int64_t parse_memory_size(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const int power = end == text.c_str() ? -1 : unit_power(end);
  const double bytes = number * std::pow(1024.0, std::max(power, 0));
  constexpr double kMostBytes = 1e18;
  require(power >= 0 && number > 0 && bytes <= kMostBytes, ErrorKind::usage,
          "not a memory size: '" + text + "' (write 800M, 4G, 1.5GiB, ...)");
  return std::llround(bytes);
}

std::string memory_text(std::int64_t bytes) {
  constexpr std::array kUnits{" bytes", " KiB", " MiB", " GiB", " TiB"};
  auto number = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; number >= 1024 && unit + 1 < kUnits.size(); ++unit) number /= 1024;
  return to_text(std::round(number * 10) / 10) + kUnits[unit];
}

}  // namespace tradegraph
