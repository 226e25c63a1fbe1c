#pragma once
/// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.

#include <string>
#include <string_view>

namespace tradegraph::io {

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// `text` as it can be shown in a message: control bytes and invalid bytes as `\xNN`, and no more
/// than `limit` characters, with "..." where it was cut.
[[nodiscard]] std::string shown(std::string_view text, std::size_t limit = 60);

}  // namespace tradegraph::io
