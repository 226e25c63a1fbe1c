#include "app/members.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "app/output.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "io/import/firm_directory.hpp"
#include "io/members.hpp"

namespace tradegraph::app {

namespace {

/// Every wanted id must be one of the network's. Collective.
std::vector<std::int64_t> numbers_of(const TradeNetwork& network, const StringColumn& wanted,
                                     const std::string& path) {
  const auto& group = network.grid().group();
  auto numbers = io::find_firms(group, network.table(), wanted);
  comm::collectively(group, [&] {
    const auto missing = std::find(numbers.begin(), numbers.end(), -1);
    if (missing == numbers.end()) return;
    throw Error(ErrorKind::bad_input, path + ": id '" +
                                          std::string(wanted[missing - numbers.begin()]) +
                                          "' is not in the network");
  });
  return numbers;
}

/// Labels 0 .. K - 1 must all occur; returns K. Collective.
std::int64_t count_clusters(const comm::Communicator& group, const std::vector<Label>& labels,
                            const std::string& path) {
  const auto mine = labels.empty() ? kNoCluster : *std::max_element(labels.begin(), labels.end());
  const auto clusters = comm::all_reduce(group, mine, comm::ReduceOp::max) + 1;
  const auto rows =
      comm::all_reduce(group, static_cast<std::int64_t>(labels.size()), comm::ReduceOp::sum);
  require(clusters <= rows, ErrorKind::bad_input,
          path + ": label " + std::to_string(clusters - 1) + " in a file of " +
              std::to_string(rows) + " rows: labels are 0, 1, 2, ... without gaps");
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(clusters), 0);
  for (const auto label : labels) {
    if (label != kNoCluster) ++sizes[static_cast<std::size_t>(label)];
  }
  comm::all_reduce_in_place(group, std::span(sizes), comm::ReduceOp::sum);
  const auto gap = std::find(sizes.begin(), sizes.end(), 0);
  require(gap == sizes.end(), ErrorKind::bad_input,
          path + ": no firm has label " + std::to_string(gap - sizes.begin()) +
              ": labels are 0, 1, 2, ... without gaps");
  return clusters;
}

/// A dictionary that is the same on all ranks, for text of which there are few kinds. Collective.
Recoding shared_dictionary(const comm::Communicator& group, const StringColumn& cells) {
  auto mine = strings(cells);
  std::sort(mine.begin(), mine.end());
  mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
  std::string text;
  for (const auto& name : mine) text += name + '\n';
  const auto all = comm::all_gather_v(group, std::span<const char>(text)).values;
  StringColumn names;
  for (auto begin = all.begin(); begin != all.end();) {
    const auto end = std::find(begin, all.end(), '\n');
    names.push_back({&*begin, static_cast<std::size_t>(end - begin)});
    begin = end + 1;
  }
  return recode(names, [](std::string_view name) { return std::string(name); });
}

/// Sends (number, value) pairs to the ranks that hold the firms, as a column of the table slice.
/// Throws if a firm is named twice. Collective.
template <class T>
std::vector<T> deliver(const TradeNetwork& network, const std::string& path,
                       const std::vector<std::int64_t>& numbers, const std::vector<T>& values,
                       T otherwise) {
  const auto& group = network.grid().group();
  const Slices slices(network.firms(), group.size());
  std::vector<std::size_t> order(numbers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  std::vector<std::int64_t> counts(static_cast<std::size_t>(group.size()), 0);
  std::vector<std::int64_t> sent_numbers;
  std::vector<T> sent;
  for (const auto i : order) {
    ++counts[static_cast<std::size_t>(slices.part_of(numbers[i]))];
    sent_numbers.push_back(numbers[i]);
    sent.push_back(values[i]);
  }
  const auto got_numbers =
      comm::all_to_all_v(group, std::span<const std::int64_t>(sent_numbers), counts).values;
  const auto got = comm::all_to_all_v(group, std::span<const T>(sent), counts).values;
  comm::collectively(group, [&] {
    auto sorted = got_numbers;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return;
    throw Error(ErrorKind::bad_input,
                path + ": id '" + std::string(network.table().id[*twice - network.table().first]) +
                    "' stands there twice");
  });
  std::vector<T> slice(static_cast<std::size_t>(network.table().count()), otherwise);
  for (std::size_t i = 0; i < got.size(); ++i) {
    slice[static_cast<std::size_t>(got_numbers[i] - network.table().first)] = got[i];
  }
  return slice;
}

std::vector<std::int32_t> codes_of(const Recoding& dictionary, const StringColumn& cells) {
  std::map<std::string, std::int32_t, std::less<>> code{{"", -1}};
  for (std::int64_t i = 0; i < dictionary.names.size(); ++i) {
    code[std::string(dictionary.names[i])] = static_cast<std::int32_t>(i);
  }
  std::vector<std::int32_t> codes;
  for (std::int64_t i = 0; i < cells.size(); ++i) codes.push_back(code.find(cells[i])->second);
  return codes;
}

}  // namespace

YearClusters read_clusters(const TradeNetwork& network, const std::string& path) {
  const auto& group = network.grid().group();
  const auto members = io::read_members(group, path);
  const auto numbers = numbers_of(network, members.id, path);
  const auto rows = comm::all_reduce(group, members.id.size(), comm::ReduceOp::sum);
  if (rows < network.firms()) {
    log::info(path + ": " + std::to_string(network.firms() - rows) + " of " +
              std::to_string(network.firms()) + " firms are not in it: they have no cluster");
  }
  YearClusters result;
  result.clusters = count_clusters(group, members.label, path);
  result.labels = deliver(network, path, numbers, members.label, kNoCluster);
  std::vector<std::int32_t> is_core;
  for (std::int64_t i = 0; i < members.role.size(); ++i) {
    is_core.push_back(members.role[i] == "core" ? 1 : 0);
  }
  result.is_core = deliver(network, path, numbers, is_core, 0);
  const auto dictionary = shared_dictionary(group, members.group);
  result.groups.names = dictionary.names;
  result.groups.codes = deliver(network, path, numbers, codes_of(dictionary, members.group), -1);
  return result;
}

std::vector<std::int64_t> read_nodes(const TradeNetwork& network, const std::string& path) {
  const auto& group = network.grid().group();
  StringColumn wanted;
  comm::collectively(group, [&] {
    std::ifstream file(path);
    require(file.good(), ErrorKind::bad_input, path + ": cannot be read");
    for (std::string line; std::getline(file, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) wanted.push_back(line);
    }
  });
  return numbers_of(network, wanted, path);
}

}  // namespace tradegraph::app
