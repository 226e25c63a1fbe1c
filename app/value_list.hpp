#pragma once
/// Lists of numbers on the command line: "250,500,1000", "250:5000:250", or both mixed.

#include <cstdint>
#include <string>
#include <vector>

namespace tradegraph::app {

/// Ascending and distinct. "A:B:STEP" stands for A, A + STEP, A + 2 STEP, ... up to B (included but
/// for rounding). At most 65,000 values. Throws `ErrorKind::usage`, naming `option`.
[[nodiscard]] std::vector<double> parse_reals(const std::string& text, const std::string& option);
/// Whole numbers likewise.
[[nodiscard]] std::vector<std::int64_t> parse_integers(const std::string& text,
                                                       const std::string& option);

}  // namespace tradegraph::app
