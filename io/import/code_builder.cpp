#include "io/import/code_builder.hpp"

#include <algorithm>
#include <span>

#include "engine/comm/collectives.hpp"
#include "engine/comm/gather_strings.hpp"
#include "io/import/id_table.hpp"

namespace tradegraph::io {

namespace {

std::vector<std::string_view> sorted_distinct(std::vector<std::string_view> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

StringColumn column_of(const std::vector<std::string_view>& texts) {
  StringColumn column;
  for (const auto text : texts) column.push_back(text);
  return column;
}

std::vector<std::string_view> views_of(const StringColumn& column) {
  std::vector<std::string_view> views;
  for (std::int64_t i = 0; i < column.size(); ++i) views.push_back(column[i]);
  return views;
}

std::vector<std::int32_t> codes_in(const std::vector<std::string_view>& dictionary,
                                   const StringColumn& texts) {
  std::vector<std::int32_t> codes;
  for (std::int64_t i = 0; i < texts.size(); ++i) {
    const auto at = std::lower_bound(dictionary.begin(), dictionary.end(), texts[i]);
    codes.push_back(static_cast<std::int32_t>(at - dictionary.begin()));
  }
  return codes;
}

}  // namespace

std::size_t CodeBuilder::Hash::operator()(std::string_view text) const { return hash_text(text); }

void CodeBuilder::push_back(std::string_view cell) {
  if (cell.empty()) {
    codes_.push_back(-1);
    return;
  }
  auto found = known_.find(cell);
  if (found == known_.end()) {
    found = known_.emplace(cell, static_cast<std::int32_t>(dictionary_.size())).first;
    dictionary_.push_back(cell);
  }
  codes_.push_back(found->second);
}

CodeColumn merge_codes(const comm::Communicator& comm,
                       const std::vector<const CodeBuilder*>& pieces) {
  std::vector<std::string_view> mine;
  std::size_t cells = 0;
  for (const auto* piece : pieces) {
    const auto views = views_of(piece->dictionary());
    mine.insert(mine.end(), views.begin(), views.end());
    cells += piece->codes().size();
  }
  const StringColumn all =
      comm::all_gather_strings(comm, column_of(sorted_distinct(std::move(mine))));
  const auto dictionary = sorted_distinct(views_of(all));
  CodeColumn merged;
  merged.dictionary = column_of(dictionary);
  merged.codes.reserve(cells);
  for (const auto* piece : pieces) {
    const auto renamed = codes_in(dictionary, piece->dictionary());
    for (const auto code : piece->codes()) {
      merged.codes.push_back(code < 0 ? -1 : renamed[static_cast<std::size_t>(code)]);
    }
  }
  return merged;
}

CodeColumn without_unused(const comm::Communicator& comm, CodeColumn column) {
  std::vector<std::uint8_t> used(static_cast<std::size_t>(column.dictionary.size()), 0);
  for (const auto code : column.codes) {
    if (code >= 0) used[static_cast<std::size_t>(code)] = 1;
  }
  comm::all_reduce_in_place(comm, std::span<std::uint8_t>(used), comm::ReduceOp::max);
  if (std::find(used.begin(), used.end(), 0) == used.end()) return column;
  CodeColumn kept;
  std::vector<std::int32_t> renamed(used.size(), -1);
  for (std::size_t code = 0; code < used.size(); ++code) {
    if (used[code] == 0) continue;
    renamed[code] = static_cast<std::int32_t>(kept.dictionary.size());
    kept.dictionary.push_back(column.dictionary[static_cast<std::int64_t>(code)]);
  }
  for (const auto code : column.codes) {
    kept.codes.push_back(code < 0 ? -1 : renamed[static_cast<std::size_t>(code)]);
  }
  return kept;
}

}  // namespace tradegraph::io
