#include "io/link_name.hpp"

namespace tradegraph::io {

namespace {

void append_escaped(std::string& text, char byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  text += '%';
  text += kDigits[value >> 4];
  text += kDigits[value & 15];
}

std::string encode(std::string_view name, bool escape_first) {
  if (name.empty()) return "%";
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool odd = c == '/' || c == '%' || static_cast<unsigned char>(c) < 0x20;
    if (odd || (i == 0 && (escape_first || c == '.'))) {
      append_escaped(text, c);
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string link_name(std::string_view name) { return encode(name, false); }

std::string escaped_link_name(std::string_view name) { return encode(name, true); }

}  // namespace tradegraph::io
