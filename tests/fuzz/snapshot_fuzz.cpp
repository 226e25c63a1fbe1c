/// Snapshots. Input: a byte that chooses the kind of damage, then the damage.
/// - bytes of a good file are other ones (what a broken disk does): read in order or refused;
/// - datasets are edited and the digest fits (what a broken writer does): what is read can be used.

#include <bit>
#include <fstream>
#include <map>
#include <sstream>
#include <variant>

#include "app/trade_network.hpp"
#include "io/digest.hpp"
#include "io/hdf5_output.hpp"
#include "io/snapshot.hpp"
#include "tests/fuzz/byte_source.hpp"
#include "tests/fuzz/harness.hpp"

namespace {

using namespace tradegraph;
using namespace tradegraph::fuzz;

StringColumn texts(std::initializer_list<std::string_view> list) {
  StringColumn column;
  for (const auto text : list) column.push_back(text);
  return column;
}

io::Network good_network() {
  io::Network network;
  auto& firms = network.firms;
  firms.total = 5;
  firms.id = texts({"a", "bb", "c", "회사", "e"});
  firms.input_row = {1, 0, 4, 2, 3};
  firms.x_m = {1, 2, 3, 4, 5};
  firms.y_m = firms.x_m;
  firms.industry = {{0, 1, -1, 0, 1}, texts({"C10", "C11"})};
  firms.texts["status"] = {{0, 0, 0, -1, 0}, texts({"open"})};
  firms.numbers["employees"] = {1, 2, 3, 4, 5};
  network.trade = {6, {0, 2, 3, 3, 5, 6}, {1, 2, 0, 0, 4, 3}, {1, 2, 3, 4, 5, 6}, {}};
  network.metadata.year = 2020;
  network.metadata.inputs = {{"firms.csv", 7, std::string(64, 'a')}};
  network.metadata.dropped = {{"self_trade", 1}};
  return network;
}

/// Reads the file and uses what it gives as every command does.
void use(const std::string& path) {
  answer_of([&] { (void)io::read_snapshot_summary(path); });
  answer_of([&] {
    static const auto* const grid =
        new comm::ProcessGrid(self(), comm::GridShape{1, 1, 1});  // as `self()` is
    const auto network = app::TradeNetwork::load(*grid, path);
    const auto& firms = network.table();
    std::size_t bytes = 0;
    for (std::int64_t i = 0; i < firms.count(); ++i) {
      bytes += firms.id[i].size();
      if (firms.industry.size() > 0) bytes += firms.industry[i].size();
      if (firms.region.size() > 0) bytes += firms.region[i].size();
      for (const auto& [name, column] : firms.texts) bytes += column[i].size();
    }
    expect(bytes < 1 << 30, "text out of range");
    const auto ids = network.order_of_table().apply(firms.id);
    expect(ids.size() == firms.count(), "firms are lost on the way to input order");
    (void)network.partners();
  });
}

void read_with_other_bytes(ByteSource& input) {
  static const std::string good = [] {
    const auto path = path_of("good.h5");
    (void)io::write_snapshot(self(), path, good_network());
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }();
  auto bytes = good;
  while (!input.empty()) {
    auto at = input.between<std::size_t>(0, bytes.size() - 1);
    for (const char c : input.bytes(input.between<std::size_t>(1, 8))) {
      bytes[at] = c;
      at = std::min(at + 1, bytes.size() - 1);
    }
  }
  use(write_input("damaged.h5", bytes));
}

using Values = std::variant<std::vector<char>, std::vector<std::int32_t>, std::vector<std::int64_t>,
                            std::vector<double>>;

/// The datasets of the good network.
std::map<std::string, Values> good_datasets() {
  const auto network = good_network();
  const auto& [firms, trade, metadata] = network;
  return {{"/firms/id_offsets", firms.id.offsets},
          {"/firms/id_bytes", firms.id.bytes},
          {"/firms/input_row", firms.input_row},
          {"/firms/x", firms.x_m},
          {"/firms/y", firms.y_m},
          {"/firms/industry", firms.industry.codes},
          {"/firms/employees", firms.numbers.at("employees")},
          {"/firms/status", firms.texts.at("status").codes},
          {"/dictionaries/industry/offsets", firms.industry.dictionary.offsets},
          {"/dictionaries/industry/bytes", firms.industry.dictionary.bytes},
          {"/dictionaries/status/offsets", firms.texts.at("status").dictionary.offsets},
          {"/dictionaries/status/bytes", firms.texts.at("status").dictionary.bytes},
          {"/trade/row_pointers", trade.row_pointers},
          {"/trade/columns", trade.columns},
          {"/trade/amount", trade.amount}};
}

/// A value of which few would think.
template <class T>
T odd_value(ByteSource& input) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(input.word());
  } else {
    return static_cast<T>(input.word());
  }
}

template <class T>
void edit(ByteSource& input, std::vector<T>& values) {
  const auto near = [&] { return static_cast<T>(input.between(-2, 9)); };
  const auto choice = input.between(0, 3);
  if (choice == 0) {
    values.resize(input.between<std::size_t>(0, 9));
  } else if (choice == 1) {
    values.push_back(near());
  } else if (!values.empty()) {
    auto& value = values[input.between<std::size_t>(0, values.size() - 1)];
    value = choice == 2 ? near() : odd_value<T>(input);
  }
}

void read_with_other_values(ByteSource& input) {
  auto datasets = good_datasets();
  std::map<std::string, std::int64_t> counts{
      {"tradegraph_schema", 1}, {"firms", 5}, {"links", 6}, {"year", 2020}};
  while (!input.empty() && !datasets.empty()) {
    const auto choice = input.between<std::size_t>(0, datasets.size() + 3);
    if (choice >= datasets.size()) {
      auto count = counts.begin();
      std::advance(count, input.between<std::size_t>(0, counts.size() - 1));
      count->second = input.between(0, 1) == 0 ? input.between<std::int64_t>(-2, 9)
                                               : static_cast<std::int64_t>(input.word());
      continue;
    }
    auto at = datasets.begin();
    std::advance(at, choice);
    if (input.between(0, 15) == 0) {
      datasets.erase(at);
    } else {
      std::visit([&](auto& values) { edit(input, values); }, at->second);
    }
  }
  const auto path = path_of("edited.h5");
  io::Hdf5Output output(self(), path, 1);
  io::DatasetDigest digest(self());
  for (const auto& [name, value] : counts) output.attribute("/", name, value);
  for (const auto* name : {"program_version", "input_crs", "planar_crs"}) {
    output.attribute("/", name, std::string("local"));
  }
  output.attribute("/", "scale_distortion", 0.0);
  output.make_group("/dropped");
  output.make_group("/inputs");
  output.make_group("/firms");
  for (const auto& [name, values] : datasets) {
    std::visit(
        [&, &name = name](const auto& column) {
          const auto slice = io::ColumnSlice::of(column, 0, std::ssize(column));
          output.write(name, slice);
          digest.add(name, slice);
        },
        values);
    const auto column = name.substr(name.rfind('/') + 1);
    if (name == "/firms/employees" || name == "/firms/status") {
      output.attribute(name, "column", column);
    }
  }
  output.attribute("/", "digest", digest.total(self()));
  output.commit();
  use(path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteSource input(data, size);
  if (input.between(0, 1) == 0) {
    read_with_other_bytes(input);
  } else {
    read_with_other_values(input);
  }
  return 0;
}
