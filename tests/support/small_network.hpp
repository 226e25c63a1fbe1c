#pragma once
/// A network for tests of files: every value is a function of the firm's number, so that slices
/// made on any ranks are parts of one network.

#include <cmath>
#include <limits>
#include <string>

#include "engine/base/random.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::io::testing {

inline std::string firm_id(std::int64_t i) {
  return i % 7 == 3 ? "회사-" + std::to_string(i) : "00" + std::to_string(i * 13);
}

inline void add_firm(FirmTable& firms, std::int64_t i) {
  const CounterRandom random(7, 1);
  const auto at = static_cast<std::uint64_t>(i);
  const bool placeless = i % 11 == 5;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  firms.id.push_back(firm_id(i));
  firms.input_row.push_back((i * 17) % firms.total);
  firms.x_m.push_back(placeless ? nan : 1e6 * random.uniform(2 * at));
  firms.y_m.push_back(placeless ? nan : 1e6 * random.uniform(2 * at + 1));
  firms.longitude.push_back(placeless ? nan : 120 + random.uniform(at));
  firms.latitude.push_back(placeless ? nan : 30 + random.uniform(at));
  firms.industry.codes.push_back(static_cast<std::int32_t>(i % 4) - 1);
  firms.region.codes.push_back(static_cast<std::int32_t>(i % 2));
  firms.numbers["employees"].push_back(i % 5 == 0 ? nan : static_cast<double>(i));
  firms.numbers["매출/2010"].push_back(0.1 * static_cast<double>(i));
  firms.numbers["."].push_back(-0.0);
  firms.numbers["x"].push_back(static_cast<double>(-i));
  firms.texts["status"].codes.push_back(static_cast<std::int32_t>(i % 3) - 1);
}

inline void add_trade(TradeTable& trade, std::int64_t supplier, std::int64_t firms) {
  for (std::int64_t buyer = supplier % 5; buyer < firms && supplier % 3 != 0;
       buyer += 1 + firms / 4) {
    if (buyer == supplier) continue;
    trade.columns.push_back(buyer);
    trade.amount.push_back(static_cast<double>(supplier) + 0.25 * static_cast<double>(buyer));
    trade.count.push_back(static_cast<double>(1 + buyer % 3));
  }
  trade.row_pointers.push_back(static_cast<std::int64_t>(trade.columns.size()));
}

inline std::int64_t links_in_all(std::int64_t firms) {
  TradeTable all;
  for (std::int64_t i = 0; i < firms; ++i) add_trade(all, i, firms);
  return static_cast<std::int64_t>(all.columns.size());
}

/// Firms [first, last) of a network of `total`.
inline Network small_network(std::int64_t total, std::int64_t first, std::int64_t last) {
  Network network;
  auto& firms = network.firms;
  firms.total = total;
  firms.first = first;
  for (const char* code : {"C10", "C11", "J62"}) firms.industry.dictionary.push_back(code);
  for (const char* name : {"Busan", "서울"}) firms.region.dictionary.push_back(name);
  for (const char* name : {"", "open"}) firms.texts["status"].dictionary.push_back(name);
  for (const char* name : {"employees", "매출/2010", ".", "x"}) firms.numbers[name];
  network.trade.total = links_in_all(total);
  for (auto i = first; i < last; ++i) {
    add_firm(firms, i);
    add_trade(network.trade, i, total);
  }
  network.metadata.year = 2020;
  network.metadata.input_crs = "EPSG:4326";
  network.metadata.planar_crs = "+proj=laea +lat_0=36.5 +lon_0=127.8";
  network.metadata.scale_distortion = 0.00125;
  network.metadata.inputs = {{"firms 가.csv", 12345, "ab12"}, {"trade.csv", 99, "cd34"}};
  network.metadata.dropped = {{"self_trade", 3}, {"repeated_pair", 0}};
  return network;
}

}  // namespace tradegraph::io::testing
