#pragma once
/// Names of the objects of a snapshot, schema version 1 (docs/formats.md).

#include <array>
#include <string>
#include <string_view>

#include "io/hdf5_input.hpp"
#include "io/link_name.hpp"
#include "io/snapshot.hpp"

namespace tradegraph::io::schema {

inline constexpr const char* kVersionAttribute = "tradegraph_schema";
inline constexpr const char* kDigestAttribute = "digest";
/// On a further column: its own name, from which the name of the dataset may differ.
inline constexpr const char* kColumnAttribute = "column";

inline constexpr const char* kIdOffsets = "/firms/id_offsets";
inline constexpr const char* kIdBytes = "/firms/id_bytes";
inline constexpr const char* kInputRow = "/firms/input_row";
inline constexpr const char* kX = "/firms/x";
inline constexpr const char* kY = "/firms/y";
inline constexpr const char* kLongitude = "/firms/lon";
inline constexpr const char* kLatitude = "/firms/lat";
inline constexpr const char* kIndustry = "/firms/industry";
inline constexpr const char* kRegion = "/firms/region";
inline constexpr const char* kRowPointers = "/trade/row_pointers";
inline constexpr const char* kColumns = "/trade/columns";
inline constexpr const char* kAmount = "/trade/amount";
inline constexpr const char* kCount = "/trade/count";

/// Dataset of a further column.
[[nodiscard]] inline std::string further_column(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kTaken = {
      "id_offsets", "id_bytes", "input_row", "x", "y", "lon", "lat", "industry", "region"};
  for (const auto taken : kTaken) {
    if (name == taken) return "/firms/" + escaped_link_name(name);
  }
  return "/firms/" + link_name(name);
}

/// Where the dictionary of a column of codes lies.
struct DictionaryNames {
  std::string offsets;
  std::string bytes;

  /// `column` is the path of the codes: "/firms/industry" -> "/dictionaries/industry/...".
  [[nodiscard]] static DictionaryNames of(const std::string& column) {
    const auto group = "/dictionaries" + column.substr(column.rfind('/'));
    return {group + "/offsets", group + "/bytes"};
  }
};

/// Reads the attributes; checks that the file is a snapshot of a schema this program knows.
[[nodiscard]] SnapshotSummary read_attributes(const Hdf5Input& file);

}  // namespace tradegraph::io::schema
