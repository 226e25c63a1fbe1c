#include "io/results_file.hpp"

#include <algorithm>
#include <iterator>

#include "engine/base/string_column.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/global_offsets.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_input.hpp"
#include "io/hdf5_output.hpp"
#include "io/link_name.hpp"

namespace tradegraph::io {

namespace {

constexpr const char* kVersionAttribute = "tradegraph_results";
constexpr const char* kProgramAttribute = "program_version";
constexpr const char* kColumnAttribute = "column";
constexpr const char* kPositionAttribute = "position";

void check_lengths(const std::string& name, const Table& table) {
  for (const auto& column : table.columns) {
    const auto length =
        std::visit([](const auto& cells) { return std::ssize(cells); }, column.cells);
    require(length == table.rows(), ErrorKind::internal,
            "column " + column.name + " of table " + name + " differs in length");
  }
}

/// One column at `path`, of which this rank holds rows [first, ...) of `total`.
class ColumnWriter {
 public:
  ColumnWriter(const comm::Communicator& comm, Hdf5Output& output, std::string path,
               std::int64_t first, std::int64_t total)
      : comm_(comm), output_(output), path_(std::move(path)), first_(first), total_(total) {}

  template <class T>
  void operator()(const std::vector<T>& cells) const {
    output_.write(path_, ColumnSlice::of(cells, first_, total_));
  }
  void operator()(const std::vector<std::string>& cells) const {
    StringColumn text;
    for (const auto& cell : cells) text.push_back(cell);
    const auto offsets = global_offsets(comm_, text.offsets);
    output_.write(path_ + "/offsets", ColumnSlice::of(offsets.values, first_, total_ + 1));
    output_.write(path_ + "/bytes", ColumnSlice::of(text.bytes, offsets.before, offsets.total));
  }

 private:
  const comm::Communicator& comm_;
  Hdf5Output& output_;
  std::string path_;
  std::int64_t first_;
  std::int64_t total_;
};

void write_table(const comm::Communicator& comm, Hdf5Output& output, const std::string& name,
                 const Table& table) {
  const auto group = "/" + link_name(name);
  output.make_group(group);
  const auto first = comm::exclusive_scan(comm, table.rows());
  const auto total = comm::all_reduce(comm, table.rows(), comm::ReduceOp::sum);
  output.attribute(group, "table", name);
  output.attribute(group, "rows", total);
  std::int64_t position = 0;
  for (const auto& column : table.columns) {
    const auto path = group + "/" + link_name(column.name);
    std::visit(ColumnWriter(comm, output, path, first, total), column.cells);
    output.attribute(path, kColumnAttribute, column.name);
    output.attribute(path, kPositionAttribute, position++);
  }
}

Column read_column(const Hdf5Input& file, const std::string& path) {
  const auto object = file.open(path);
  Column column{read_text_attribute(object.get(), kColumnAttribute), {}};
  if (H5Iget_type(object.get()) == H5I_GROUP) {
    StringColumn text;
    text.offsets = file.read_all<std::int64_t>(path + "/offsets");
    text.bytes = file.read_all<char>(path + "/bytes");
    require(!text.offsets.empty() && text.offsets.front() == 0 &&
                std::ranges::is_sorted(text.offsets) &&
                text.offsets.back() == std::ssize(text.bytes),
            ErrorKind::bad_input, file.path() + " is damaged: offsets of " + path);
    std::vector<std::string> cells;
    for (std::int64_t i = 0; i < text.size(); ++i) cells.emplace_back(text[i]);
    column.cells = std::move(cells);
    return column;
  }
  const Hdf5Type type(H5Dget_type(object.get()), path);
  if (H5Tget_class(type.get()) == H5T_FLOAT) {
    column.cells = file.read_all<double>(path);
  } else {
    column.cells = file.read_all<std::int64_t>(path);
  }
  return column;
}

Hdf5Input open_results(const std::string& path) {
  Hdf5Input file(path);
  const auto root = file.open("/");
  require(has_attribute(root.get(), kVersionAttribute), ErrorKind::bad_input,
          path + " is an HDF5 file, but no tradegraph results file");
  const auto version = read_integer_attribute(root.get(), kVersionAttribute);
  require(version == kResultsSchemaVersion, ErrorKind::bad_input,
          path + " has results schema version " + std::to_string(version) +
              "; this program reads version " + std::to_string(kResultsSchemaVersion));
  return file;
}

}  // namespace

void write_results(const comm::Communicator& comm, const std::string& path,
                   const std::vector<std::pair<std::string, Table>>& tables,
                   const std::map<std::string, std::string>& attributes) {
  comm::collectively(comm, [&] {
    for (const auto& [name, table] : tables) check_lengths(name, table);
  });
  Hdf5Output output(comm, path, 1);
  output.attribute("/", kVersionAttribute, kResultsSchemaVersion);
  output.attribute("/", kProgramAttribute, std::string(TRADEGRAPH_VERSION));
  for (const auto& [name, value] : attributes) output.attribute("/", name, value);
  for (const auto& [name, table] : tables) write_table(comm, output, name, table);
  output.commit();
}

namespace {

/// Paths of a table's columns in their order.
std::vector<std::string> column_paths(const Hdf5Input& file, const std::string& group_path) {
  std::vector<std::pair<std::int64_t, std::string>> columns;
  for (const auto& link : link_names(file.open(group_path).get())) {
    auto path = group_path + "/" + link;
    const auto position = read_integer_attribute(file.open(path).get(), kPositionAttribute);
    columns.emplace_back(position, std::move(path));
  }
  std::ranges::sort(columns);
  std::vector<std::string> paths;
  for (auto& [position, path] : columns) paths.push_back(std::move(path));
  return paths;
}

ResultsSummary::TableSummary summarise_table(const Hdf5Input& file, const std::string& group_path) {
  const auto group = file.open(group_path);
  ResultsSummary::TableSummary table{
      read_text_attribute(group.get(), "table"), read_integer_attribute(group.get(), "rows"), {}};
  for (const auto& path : column_paths(file, group_path)) {
    table.columns.push_back(read_text_attribute(file.open(path).get(), kColumnAttribute));
  }
  return table;
}

}  // namespace

Table read_results_table(const std::string& path, const std::string& name) {
  const auto file = open_results(path);
  Table table;
  for (const auto& column : column_paths(file, "/" + link_name(name))) {
    table.columns.push_back(read_column(file, column));
  }
  return table;
}

namespace {

ResultsSummary summarise(const Hdf5Input& file) {
  const auto root = file.open("/");
  ResultsSummary summary;
  summary.program_version = read_text_attribute(root.get(), kProgramAttribute);
  for (const auto& name : attribute_names(root.get())) {
    if (name == kVersionAttribute || name == kProgramAttribute) continue;
    summary.attributes[name] = read_text_attribute(root.get(), name);
  }
  for (const auto& link : link_names(root.get())) {
    summary.tables.push_back(summarise_table(file, "/" + link));
  }
  std::ranges::sort(summary.tables, {}, &ResultsSummary::TableSummary::name);
  return summary;
}

}  // namespace

ResultsSummary read_results_summary(const std::string& path) {
  const auto file = open_results(path);
  try {
    return summarise(file);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::hdf5) throw;
    throw Error(ErrorKind::bad_input, path + " is damaged: " + error.what());
  }
}

std::vector<std::string> results_tables(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& table : read_results_summary(path).tables) names.push_back(table.name);
  return names;
}

bool is_results_file(const std::string& path) {
  try {
    return has_attribute(Hdf5Input(path).open("/").get(), kVersionAttribute);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace tradegraph::io
