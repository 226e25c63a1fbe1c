#pragma once
/// Attributes of HDF5 objects: 64-bit integers, doubles and fixed-length UTF-8 text. One process
/// only. All functions throw `ErrorKind::hdf5`, with the name of the attribute.

#include <cstdint>
#include <string>
#include <vector>

#include "io/hdf5_handle.hpp"

namespace tradegraph::io {

void write_attribute(hid_t object, const std::string& name, std::int64_t value);
void write_attribute(hid_t object, const std::string& name, double value);
void write_attribute(hid_t object, const std::string& name, const std::string& value);

[[nodiscard]] bool has_attribute(hid_t object, const std::string& name);
[[nodiscard]] std::int64_t read_integer_attribute(hid_t object, const std::string& name);
[[nodiscard]] double read_number_attribute(hid_t object, const std::string& name);
/// Text of fixed length only, padding removed.
[[nodiscard]] std::string read_text_attribute(hid_t object, const std::string& name);

/// Names in ascending order.
[[nodiscard]] std::vector<std::string> attribute_names(hid_t object);
/// Names of what a group holds, in ascending order.
[[nodiscard]] std::vector<std::string> link_names(hid_t group);

}  // namespace tradegraph::io
