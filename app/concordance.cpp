#include "app/concordance.hpp"

#include "app/industry.hpp"
#include "io/text_table.hpp"

namespace tradegraph::app {

Concordance read_concordance(const std::string& path) {
  const auto self = comm::Communicator::self();  // a code a row, which every rank needs
  const auto file = io::CsvFile::open(self, path);
  const auto table = io::read_text_table(self, file, {"from", "to"});
  Concordance result;
  io::FaultList faults;
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    const std::string from(table.columns[0][i]);
    const std::string to(table.columns[1][i]);
    const auto fault = [&](const char* column, const std::string& cell, const char* reason) {
      faults.add({table.line[static_cast<std::size_t>(i)], column, cell, "bad_row", reason, false});
    };
    if (from.empty()) fault("from", from, "is empty");
    if (to.empty()) fault("to", to, "is empty");
    if (!result.emplace(from, to).second) fault("from", from, "stands there twice");
  }
  io::refuse_faults(self, file.path(), std::move(faults));
  return result;
}

std::int64_t known_codes(const Concordance& concordance, const CodeColumn& column) {
  std::int64_t known = 0;
  for (std::int64_t i = 0; i < column.dictionary.size(); ++i) {
    known += concordance.contains(column.dictionary[i]) ? 1 : 0;
  }
  return known;
}

CodeColumn renamed(const Concordance& concordance, const CodeColumn& column) {
  const auto recoding = recode(column.dictionary, [&](std::string_view code) {
    const auto at = concordance.find(code);
    return at == concordance.end() ? std::string(code) : at->second;
  });
  return {apply(recoding, column.codes), recoding.names};
}

}  // namespace tradegraph::app
