#pragma once
/// Names of columns as names of HDF5 objects.

#include <string>
#include <string_view>

namespace tradegraph::io {

/// `name` as it can stand in an HDF5 path: slash, percent, control bytes and a leading dot become
/// %XX; the empty name becomes "%". Different names give different results.
[[nodiscard]] std::string link_name(std::string_view name);

/// Like `link_name`, with the first byte as %XX too: for columns whose plain name is taken.
[[nodiscard]] std::string escaped_link_name(std::string_view name);

}  // namespace tradegraph::io
