#include "app/sweep_options.hpp"

#include <algorithm>
#include <charconv>

#include "app/value_list.hpp"
#include "engine/base/error.hpp"
#include "kernels/absorb.hpp"

namespace tradegraph::app {

void SweepOptions::validate() const {
  identify.validate();
  select.validate();
  config().validate();
  for (const auto& setting : settings()) setting.validate();
}

kernels::SweepConfig SweepOptions::config() const {
  return {.baseline = baseline,
          .absorb = identify.absorb_rule(),
          .absorb_radius_m = identify.absorb_radius_m,
          .ami = ami,
          .indicators = indicators,
          .screen = {select.top, select.min_nodes, select.min_links}};
}

std::vector<kernels::DbscanConfig> SweepOptions::settings() const {
  std::vector<kernels::DbscanConfig> result;
  for (const auto l : stretch) {
    for (const auto k : min_firms) {
      for (const auto eps : eps_m) result.push_back({eps, k, l});
    }
  }
  return result;
}

bool SweepOptions::uses_trade() const {
  const bool stretches = baseline.stretch > 1 ||
                         std::any_of(stretch.begin(), stretch.end(), [](auto l) { return l > 1; });
  const auto least_eps = std::min(*std::min_element(eps_m.begin(), eps_m.end()), baseline.eps_m);
  return stretches || indicators ||
         kernels::can_absorb(identify.absorb_rule(), identify.groups == "none",
                             identify.absorb_radius_m, least_eps);
}

Shard Shard::parse(const std::string& text) {
  std::size_t number = 0;
  std::size_t count = 0;
  const auto* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, number);
  const bool has_slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = has_slash ? std::from_chars(first.ptr + 1, end, count) : first;
  require(has_slash && second.ec == std::errc() && second.ptr == end && count >= 1 && number >= 1 &&
              number <= count,
          ErrorKind::usage, "--shard: '" + text + "' is not i/n with i = 1..n");
  return {number - 1, count};
}

kernels::DbscanConfig parse_setting(const std::string& text) {
  const auto wrong = [&] {
    return Error(ErrorKind::usage, "--baseline: '" + text + "' is not EPS,MIN_FIRMS,STRETCH");
  };
  const auto first = text.find(',');
  const auto second = text.find(',', first + 1);
  if (first == std::string::npos || second == std::string::npos) throw wrong();
  const auto eps = parse_reals(text.substr(0, first), "--baseline");
  const auto k = parse_integers(text.substr(first + 1, second - first - 1), "--baseline");
  const auto stretch = parse_reals(text.substr(second + 1), "--baseline");
  if (eps.size() != 1 || k.size() != 1 || stretch.size() != 1) throw wrong();
  return {eps[0], k[0], stretch[0]};
}

}  // namespace tradegraph::app
