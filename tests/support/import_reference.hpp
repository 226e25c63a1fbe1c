#pragma once
/// A slow, obvious reader of firms and trade, and networks as text, to compare with.

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "engine/comm/collectives.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::test {

using Rows = std::vector<std::vector<std::string>>;

/// RFC 4180, one character after the other; well-formed input only.
inline Rows parse_slowly(const std::string& text) {
  Rows rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  const auto end_row = [&] {
    row.push_back(cell);
    cell.clear();
    if (row.size() > 1 || !row[0].empty()) rows.push_back(row);
    row.clear();
  };
  for (std::size_t i = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else if (c == '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      row.push_back(cell);
      cell.clear();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      cell += c;
    }
  }
  if (!cell.empty() || !row.empty()) end_row();
  return rows;
}

inline std::string exact(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", value);
  return value != value ? "none" : text;
}

inline std::string describe_firms(const io::FirmTable& firms) {
  std::string text;
  for (std::int64_t i = 0; i < firms.count(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    text += std::to_string(firms.first + i) + "|" + std::string(firms.id[i]) + "|" +
            std::to_string(firms.input_row[row]) + "|" + exact(firms.x_m[row]) + "|" +
            exact(firms.y_m[row]);
    if (!firms.longitude.empty()) {
      text += "|" + exact(firms.longitude[row]) + "|" + exact(firms.latitude[row]);
    }
    for (const auto* column : {&firms.industry, &firms.region}) {
      if (column->size() > 0) {
        text += "|" + std::to_string(column->codes[row]) + ":" + std::string((*column)[i]);
      }
    }
    for (const auto& [name, column] : firms.texts)
      text += "|" + name + "=" + std::string(column[i]);
    for (const auto& [name, column] : firms.numbers) text += "|" + name + "=" + exact(column[row]);
    text += "\n";
  }
  return text;
}

inline std::string describe_trade(const io::Network& network) {
  std::string text;
  const auto& trade = network.trade;
  for (std::size_t i = 0; i + 1 < trade.row_pointers.size(); ++i) {
    for (auto at = trade.row_pointers[i]; at < trade.row_pointers[i + 1]; ++at) {
      const auto link = static_cast<std::size_t>(at);
      text += std::to_string(network.firms.first + static_cast<std::int64_t>(i)) + ">" +
              std::to_string(trade.columns[link]);
      if (!trade.amount.empty()) text += " amount " + exact(trade.amount[link]);
      if (!trade.count.empty()) text += " count " + exact(trade.count[link]);
      text += "\n";
    }
  }
  return text;
}

inline std::string gathered_text(const comm::Communicator& comm, const std::string& mine) {
  const auto all = comm::all_gather_v(comm, std::span<const char>(mine.data(), mine.size())).values;
  return {all.begin(), all.end()};
}

/// Everything in the network, over all ranks, as text. Collective.
inline std::string describe(const comm::Communicator& comm, const io::Network& network) {
  const auto& metadata = network.metadata;
  std::string text = std::to_string(metadata.year) + " " + metadata.input_crs + " " +
                     metadata.planar_crs + " " + exact(metadata.scale_distortion) + " firms " +
                     std::to_string(network.firms.total) + " links " +
                     std::to_string(network.trade.total) + "\n";
  for (const auto& input : metadata.inputs) {
    text += input.path + " " + std::to_string(input.bytes) + " " + input.sha256 + "\n";
  }
  for (const auto& [reason, count] : metadata.dropped) {
    text += reason + " " + std::to_string(count) + "\n";
  }
  text += gathered_text(comm, describe_firms(network.firms));
  return text + gathered_text(comm, describe_trade(network));
}

}  // namespace tradegraph::test
