#include "io/members.hpp"

#include <charconv>
#include <optional>
#include <span>

#include "engine/comm/collectives.hpp"
#include "engine/comm/gather_strings.hpp"
#include "io/import/repeats.hpp"
#include "io/text_table.hpp"

namespace tradegraph::io {

namespace {

std::optional<Label> parse_label(std::string_view cell) {
  Label label = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), label);
  if (code != std::errc() || end != cell.data() + cell.size() || label < kNoCluster) return {};
  return label;
}

bool is_role(std::string_view role) {
  return role == "core" || role == "border" || role == "absorbed" || role == "noise";
}

/// Adds what is wrong with row `i` of id, label and, where the file has it, role.
void check_row(const TextTable& table, std::int64_t i, std::optional<Label> label,
               FaultList& faults) {
  const auto line = table.line[static_cast<std::size_t>(i)];
  const auto fault = [&](const char* column, std::string_view value, const char* reason) {
    faults.add({line, column, std::string(value), "bad_row", reason, false});
  };
  const bool has_role = table.columns[2].size() > 0;
  const auto role = has_role ? table.columns[2][i] : std::string_view{};
  if (table.columns[0][i].empty()) {
    fault("id", "", "is empty");
  } else if (!label) {
    fault("label", table.columns[1][i], "is not an integer >= -1");
  } else if (!has_role) {
    return;
  } else if (!is_role(role)) {
    fault("role", role, "is none of core, border, absorbed, noise");
  } else if ((role == "noise") != (*label == kNoCluster)) {
    fault("role", role, "does not fit the label: noise, and only noise, has label -1");
  }
}

}  // namespace

Members read_members(const comm::Communicator& comm, const std::string& path) {
  const auto file = CsvFile::open(comm, path);
  auto table = read_text_table(comm, file, {"id", "label"}, {"role", "group"});
  const bool has_roles = table.columns[2].size() > 0;
  Members members;
  FaultList faults;
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    const auto label = parse_label(table.columns[1][i]);
    check_row(table, i, label, faults);
    members.label.push_back(label.value_or(kNoCluster));
    const bool is_core = has_roles ? table.columns[2][i] == "core" : members.label.back() >= 0;
    members.is_core.push_back(is_core ? 1 : 0);
  }
  (void)find_distinct(comm, table.columns[0], table.line, "id", faults);
  refuse_faults(comm, path, std::move(faults));
  members.id = std::move(table.columns[0]);
  members.line = std::move(table.line);
  members.role = std::move(table.columns[2]);
  members.group = std::move(table.columns[3]);
  return members;
}

GroupRows read_groups(const comm::Communicator& comm, const std::string& path) {
  const auto file = CsvFile::open(comm, path);
  const auto table = read_text_table(comm, file, {"industry", "group"});
  FaultList faults;
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    for (const std::size_t column : {0U, 1U}) {
      if (!table.columns[column][i].empty()) continue;
      faults.add({table.line[static_cast<std::size_t>(i)], column == 0 ? "industry" : "group", "",
                  "bad_row", "is empty", false});
    }
  }
  refuse_faults(comm, path, std::move(faults));
  return {comm::all_gather_strings(comm, table.columns[0]),
          comm::all_gather_strings(comm, table.columns[1]),
          comm::all_gather_v(comm, std::span<const std::int64_t>(table.line)).values};
}

}  // namespace tradegraph::io
