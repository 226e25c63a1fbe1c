#include "app/industry.hpp"

#include <cctype>

namespace tradegraph::app {

namespace {

std::size_t letters(std::string_view code) {
  std::size_t n = 0;
  while (n < code.size() && std::isalpha(static_cast<unsigned char>(code[n])) != 0) ++n;
  return n;
}

std::string with_digits(std::string_view code, std::int64_t digits) {
  return std::string(code.substr(0, letters(code) + static_cast<std::size_t>(digits)));
}

}  // namespace

std::string section_of(std::string_view code) {
  const auto n = letters(code);
  return std::string(n > 0 ? code.substr(0, n) : code.substr(0, 1));
}

std::string division_of(std::string_view code, const IndustryLevels& levels) {
  return with_digits(code, levels.division_digits);
}

std::string class_of(std::string_view code, const IndustryLevels& levels) {
  return with_digits(code, levels.class_digits);
}

std::vector<std::int32_t> apply(const Recoding& recoding, const std::vector<std::int32_t>& cells) {
  std::vector<std::int32_t> result(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    result[i] = cells[i] < 0 ? -1 : recoding.codes[static_cast<std::size_t>(cells[i])];
  }
  return result;
}

}  // namespace tradegraph::app
