#include "app/cluster_names.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace tradegraph::app {

namespace {

std::string base_name(const std::string& region, const std::string& group) {
  if (region.empty() && group.empty()) return "cluster";
  return region + (region.empty() || group.empty() ? "" : " ") + group;
}

}  // namespace

std::vector<std::string> cluster_names(const std::vector<std::string>& regions,
                                       const std::vector<std::string>& groups) {
  std::vector<std::string> names;
  std::set<std::string> taken;               // a region may itself be called "Seoul #2"
  std::map<std::string, std::int64_t> last;  // number given to a base name
  for (std::size_t c = 0; c < regions.size(); ++c) {
    const auto base = base_name(regions[c], groups[c]);
    auto& number = last[base];
    auto name = ++number == 1 ? base : base + " #" + std::to_string(number);
    while (!taken.insert(name).second) name = base + " #" + std::to_string(++number);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace tradegraph::app
