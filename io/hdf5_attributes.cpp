#include "io/hdf5_attributes.hpp"

#include <algorithm>

namespace tradegraph::io {

namespace {

void write_scalar(hid_t object, const std::string& name, hid_t file_type, hid_t memory_type,
                  const void* value) {
  const auto what = "cannot write attribute " + name;
  const Hdf5Space space(H5Screate(H5S_SCALAR), what);
  const Hdf5Properties creation(H5Pcreate(H5P_ATTRIBUTE_CREATE), what);
  check_hdf5(H5Pset_char_encoding(creation.get(), H5T_CSET_UTF8), what);
  const Hdf5Attribute attribute(
      H5Acreate2(object, name.c_str(), file_type, space.get(), creation.get(), H5P_DEFAULT), what);
  check_hdf5(H5Awrite(attribute.get(), memory_type, value), what);
}

/// Opens an attribute that must hold one value of the class wanted.
Hdf5Attribute open_scalar(hid_t object, const std::string& name, H5T_class_t wanted) {
  const auto what = "cannot read attribute " + name;
  Hdf5Attribute attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), what);
  const Hdf5Space space(H5Aget_space(attribute.get()), what);
  const Hdf5Type type(H5Aget_type(attribute.get()), what);
  require(H5Sget_simple_extent_npoints(space.get()) == 1 && H5Tget_class(type.get()) == wanted,
          ErrorKind::hdf5, "attribute " + name + " has another type than expected");
  return attribute;
}

Hdf5Type text_type(std::size_t length) {
  Hdf5Type type(H5Tcopy(H5T_C_S1), "cannot make a text type");
  check_hdf5(H5Tset_size(type.get(), std::max<std::size_t>(length, 1)), "cannot size a text type");
  check_hdf5(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "cannot pad a text type");
  check_hdf5(H5Tset_cset(type.get(), H5T_CSET_UTF8), "cannot set UTF-8");
  return type;
}

}  // namespace

void write_attribute(hid_t object, const std::string& name, std::int64_t value) {
  write_scalar(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void write_attribute(hid_t object, const std::string& name, double value) {
  write_scalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

void write_attribute(hid_t object, const std::string& name, const std::string& value) {
  const auto type = text_type(value.size());
  write_scalar(object, name, type.get(), type.get(), value.c_str());
}

bool has_attribute(hid_t object, const std::string& name) {
  return check_hdf5(H5Aexists(object, name.c_str()), "cannot look for attribute " + name) > 0;
}

std::int64_t read_integer_attribute(hid_t object, const std::string& name) {
  const auto attribute = open_scalar(object, name, H5T_INTEGER);
  std::int64_t value = 0;
  check_hdf5(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), "cannot read attribute " + name);
  return value;
}

double read_number_attribute(hid_t object, const std::string& name) {
  const auto attribute = open_scalar(object, name, H5T_FLOAT);
  double value = 0;
  check_hdf5(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value), "cannot read attribute " + name);
  return value;
}

std::string read_text_attribute(hid_t object, const std::string& name) {
  const auto attribute = open_scalar(object, name, H5T_STRING);
  const Hdf5Type type(H5Aget_type(attribute.get()), "cannot read attribute " + name);
  require(H5Tis_variable_str(type.get()) == 0, ErrorKind::hdf5,
          "attribute " + name + " is text of variable length");
  std::string text(H5Tget_size(type.get()), '\0');
  check_hdf5(H5Aread(attribute.get(), type.get(), text.data()), "cannot read attribute " + name);
  text.erase(text.find_last_not_of('\0') + 1);
  return text;
}

std::vector<std::string> attribute_names(hid_t object) {
  std::vector<std::string> names;
  const auto keep = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  check_hdf5(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &position, keep, &names),
             "cannot list attributes");
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> link_names(hid_t group) {
  std::vector<std::string> names;
  const auto keep = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  check_hdf5(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, keep, &names),
             "cannot list a group");
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tradegraph::io
