#include "io/edge_list.hpp"

#include <algorithm>

#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import/id_table.hpp"
#include "io/import/number.hpp"
#include "io/import/redistribution.hpp"
#include "io/parallel.hpp"
#include "io/text_table.hpp"

namespace tradegraph::io {

namespace {

std::vector<double> parse_weights(const TextTable& table, FaultList& faults) {
  std::vector<double> weights;
  const auto& cells = table.columns[2];
  for (std::int64_t i = 0; i < cells.size(); ++i) {
    double weight = 0;
    const auto state = parse_number(cells[i], weight);
    const bool good = state == NumberState::good && weight >= 0;
    if (!good) {
      faults.add({table.line[static_cast<std::size_t>(i)], "weight", std::string(cells[i]),
                  "bad_weight", "is not a finite number >= 0", false});
    }
    weights.push_back(weight);
  }
  return weights;
}

void find_empty_ids(const TextTable& table, FaultList& faults) {
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    for (const std::size_t column : {0U, 1U}) {
      if (!table.columns[column][i].empty()) continue;
      faults.add({table.line[static_cast<std::size_t>(i)], column == 0 ? "source" : "target", "",
                  "empty_id", "is empty", false});
    }
  }
}

/// Both ends of all rows, in the order of appearance: source 0, target 0, source 1, ...
StringColumn interleaved(const StringColumn& sources, const StringColumn& targets) {
  StringColumn ends;
  ends.bytes.reserve(sources.bytes.size() + targets.bytes.size());
  ends.offsets.reserve(static_cast<std::size_t>(2 * sources.size() + 1));
  for (std::int64_t i = 0; i < sources.size(); ++i) {
    ends.push_back(sources[i]);
    ends.push_back(targets[i]);
  }
  return ends;
}

/// The distinct texts of a column, in order, and which of them each cell holds.
struct Distinct {
  StringColumn texts;
  std::vector<std::int64_t> first;  ///< cell where each text appears first
  std::vector<std::int64_t> of_cell;
};

Distinct find_distinct(const StringColumn& cells) {
  Distinct result;
  const IdTable table(cells);
  const auto count = cells.size();
  result.of_cell.resize(static_cast<std::size_t>(count));
  parallel_pieces(count, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      result.of_cell[static_cast<std::size_t>(i)] = table.find(cells[i]);
    }
  });
  // A first cell precedes the cells that refer to it: one pass turns cells into numbers of texts.
  for (std::int64_t i = 0; i < count; ++i) {
    auto& text = result.of_cell[static_cast<std::size_t>(i)];
    if (text == i) {
      text = static_cast<std::int64_t>(result.first.size());
      result.first.push_back(i);
      result.texts.push_back(cells[i]);
    } else {
      text = result.of_cell[static_cast<std::size_t>(text)];
    }
  }
  return result;
}

/// The texts that hash to this rank, as the ranks that read them sent them.
class Owner {
 public:
  Owner(const comm::Communicator& comm, const StringColumn& texts)
      : plan_(comm, destinations(comm, texts)), received_(plan_.send(texts)), table_(received_) {}

  /// For each text that this rank sent: the smallest value that any rank gives to that text.
  /// Collective.
  [[nodiscard]] std::vector<std::int64_t> smallest(const std::vector<std::int64_t>& values) const {
    auto all = plan_.send(values);
    const auto count = static_cast<std::int64_t>(all.size());
    std::vector<std::int64_t> first(all.size());
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      first[at] = table_.find(received_[i]);
      auto& best = all[static_cast<std::size_t>(first[at])];
      best = std::min(best, all[at]);
    }
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = all[static_cast<std::size_t>(first[i])];
    return plan_.reply(std::move(all));
  }

 private:
  static std::vector<std::int32_t> destinations(const comm::Communicator& comm,
                                                const StringColumn& texts) {
    std::vector<std::int32_t> owners;
    for (std::int64_t i = 0; i < texts.size(); ++i) {
      owners.push_back(hash_owner(hash_text(texts[i]), comm.size()));
    }
    return owners;
  }

  Redistribution plan_;
  StringColumn received_;
  IdTable table_;
};

/// Numbers of this rank's distinct texts, and the ids of its slice of all nodes.
struct Numbering {
  std::int64_t nodes = 0;
  std::vector<std::int64_t> number;
  StringColumn ids;
};

StringColumn ids_by_slice(const comm::Communicator& comm, const StringColumn& fresh,
                          std::int64_t first, std::int64_t nodes) {
  const Slices slices(nodes, comm.size());
  std::vector<std::int32_t> destination;
  for (std::int64_t i = 0; i < fresh.size(); ++i) {
    destination.push_back(slices.part_of(first + i));
  }
  return Redistribution(comm, destination).send(fresh);
}

/// A text is numbered by the rank that holds its first appearance; the others learn of it from the
/// rank that the text hashes to.
Numbering number_by_appearance(const comm::Communicator& comm, const Distinct& mine,
                               std::int64_t cells) {
  const Owner owner(comm, mine.texts);
  auto appearance = mine.first;
  const auto before = comm::exclusive_scan(comm, cells);
  for (auto& position : appearance) position += before;
  const auto earliest = owner.smallest(appearance);

  Numbering result;
  StringColumn fresh;
  std::vector<std::size_t> fresh_at;
  for (std::size_t i = 0; i < appearance.size(); ++i) {
    if (earliest[i] != appearance[i]) continue;
    fresh.push_back(mine.texts[static_cast<std::int64_t>(i)]);
    fresh_at.push_back(i);
  }
  const auto first = comm::exclusive_scan(comm, fresh.size());
  result.nodes = comm::all_reduce(comm, fresh.size(), comm::ReduceOp::sum);
  std::vector<std::int64_t> known(appearance.size(), INT64_MAX);
  for (std::size_t i = 0; i < fresh_at.size(); ++i) {
    known[fresh_at[i]] = first + static_cast<std::int64_t>(i);
  }
  result.number = owner.smallest(known);
  result.ids = ids_by_slice(comm, fresh, first, result.nodes);
  return result;
}

}  // namespace

EdgeList read_edge_list(const comm::Communicator& comm, const std::string& path) {
  const auto file = CsvFile::open(comm, path);
  auto table = read_text_table(comm, file, {"source", "target"}, {"weight"});
  EdgeList edges;
  FaultList faults;
  find_empty_ids(table, faults);
  edges.weight = parse_weights(table, faults);
  faults.sort_by_line();
  refuse_faults(comm, path, std::move(faults));

  const auto ends = interleaved(table.columns[0], table.columns[1]);
  table = {};
  const auto mine = comm::collectively(comm, [&] { return find_distinct(ends); });
  auto numbering = number_by_appearance(comm, mine, ends.size());
  edges.nodes = numbering.nodes;
  edges.ids = std::move(numbering.ids);
  for (std::size_t i = 0; i < mine.of_cell.size(); ++i) {
    auto& side = i % 2 == 0 ? edges.source : edges.target;
    side.push_back(numbering.number[static_cast<std::size_t>(mine.of_cell[i])]);
  }
  return edges;
}

}  // namespace tradegraph::io
