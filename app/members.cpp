#include "app/members.hpp"

#include <algorithm>
#include <map>

#include "engine/base/log.hpp"
#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "io/import/code_builder.hpp"
#include "io/import/faults.hpp"
#include "io/import/firm_directory.hpp"
#include "io/import/redistribution.hpp"
#include "io/members.hpp"
#include "io/text_file.hpp"

namespace tradegraph::app {

namespace {

/// A fault for each of `ids`, which stand on `lines` of a file, whose number says that the network
/// lacks it.
io::FaultList unknown_firms(const StringColumn& ids, const std::vector<std::int64_t>& lines,
                            const std::vector<std::int64_t>& numbers, const std::string& column) {
  io::FaultList faults;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] >= 0) continue;
    faults.add({lines[i], column, std::string(ids[static_cast<std::int64_t>(i)]), "unknown_firm",
                "is not in the network", false});
  }
  return faults;
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

/// A way to send one value a row of a file to the ranks that hold the firms.
class ToFirms {
 public:
  /// `numbers` are the firms of the rows, no two alike. Collective.
  ToFirms(const TradeNetwork& network, const std::vector<std::int64_t>& numbers)
      : firms_(network.table()), plan_(network.grid().group(), owners(network, numbers)) {
    for (const auto number : plan_.send(numbers)) {
      place_.push_back(static_cast<std::size_t>(number - firms_.first));
    }
  }

  /// Values of this rank's slice of the firms. Collective.
  template <class T>
  [[nodiscard]] std::vector<T> operator()(const std::vector<T>& values, T otherwise) const {
    const auto received = plan_.send(values);
    std::vector<T> slice(static_cast<std::size_t>(firms_.count()), otherwise);
    for (std::size_t i = 0; i < received.size(); ++i) slice[place_[i]] = received[i];
    return slice;
  }

 private:
  static std::vector<std::int32_t> owners(const TradeNetwork& network,
                                          const std::vector<std::int64_t>& numbers) {
    const Slices slices(network.firms(), network.grid().group().size());
    std::vector<std::int32_t> result;
    for (const auto number : numbers) result.push_back(slices.part_of(number));
    return result;
  }

  const io::FirmTable& firms_;
  io::Redistribution plan_;
  std::vector<std::size_t> place_;
};

/// The groups of the rows, as codes of a dictionary that is the same on all ranks. Collective.
CodeColumn group_codes(const comm::Communicator& group, const io::Members& members) {
  io::CodeBuilder builder;
  const bool has_groups = members.group.size() > 0;
  for (std::int64_t i = 0; i < members.id.size(); ++i) {
    builder.push_back(has_groups ? members.group[i] : std::string_view{});
  }
  return io::merge_codes(group, {&builder});
}

/// Of the rows; without a column `role` all members are cores.
std::vector<std::int32_t> role_codes(const io::Members& members) {
  using kernels::Role;
  std::vector<std::int32_t> roles;
  for (const auto label : members.label) {
    roles.push_back(static_cast<std::int32_t>(label < 0 ? Role::noise : Role::core));
  }
  for (std::int64_t i = 0; i < members.role.size(); ++i) {
    for (const auto role : {Role::noise, Role::border, Role::core, Role::absorbed}) {
      if (members.role[i] != name(role)) continue;
      roles[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(role);
    }
  }
  return roles;
}

/// The lines of a text file that are not blank, without line ends, and their numbers.
struct NamedLines {
  StringColumn text;
  std::vector<std::int64_t> number;
};

NamedLines read_lines(const std::string& path) {
  auto file = io::open_text(path);
  NamedLines lines;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string line;
  for (std::int64_t number = 1; std::getline(file, line); ++number) {
    if (number == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    lines.text.push_back(line);
    lines.number.push_back(number);
  }
  require(!lines.number.empty(), ErrorKind::bad_input, path + ": names no node");
  return lines;
}

}  // namespace

YearClusters read_clusters(const TradeNetwork& network, const std::string& path) {
  const auto& group = network.grid().group();
  const auto members = io::read_members(group, path);
  const auto numbers = io::find_firms(group, network.table(), members.id);
  io::refuse_faults(group, path, unknown_firms(members.id, members.line, numbers, "id"));
  const auto rows = comm::all_reduce(group, members.id.size(), comm::ReduceOp::sum);
  if (rows < network.firms()) {
    log::info(path + ": " + std::to_string(network.firms() - rows) + " of " +
              std::to_string(network.firms()) + " firms are not in it: they have no cluster");
  }
  const ToFirms to_firms(network, numbers);
  YearClusters result;
  result.clusters = count_clusters(group, members.label, path);
  result.labels = to_firms(members.label, kNoCluster);
  result.is_core = to_firms(members.is_core, std::int32_t{0});
  result.role = to_firms(role_codes(members), static_cast<std::int32_t>(kernels::Role::noise));
  const auto groups = group_codes(group, members);
  result.groups.names = groups.dictionary;
  result.groups.codes = to_firms(groups.codes, -1);
  return result;
}

std::vector<std::int64_t> read_nodes(const TradeNetwork& network, const std::string& path) {
  const auto& group = network.grid().group();
  const auto lines = comm::collectively(group, [&] { return read_lines(path); });
  auto numbers = io::find_firms(group, network.table(), lines.text);
  auto faults = unknown_firms(lines.text, lines.number, numbers, "");
  std::map<std::string_view, std::int64_t> first;
  for (std::int64_t i = 0; i < lines.text.size(); ++i) {
    const auto line = lines.number[static_cast<std::size_t>(i)];
    const auto [at, is_new] = first.emplace(lines.text[i], line);
    if (is_new) continue;
    faults.add({line, "", std::string(lines.text[i]), "duplicate_id",
                "is already on line " + std::to_string(at->second), false});
  }
  // Every rank has read all lines: one rank's faults are enough.
  io::refuse_faults(group, path, group.is_root() ? std::move(faults) : io::FaultList());
  return numbers;
}

}  // namespace tradegraph::app
