#include "io/hdf5_attributes.hpp"
#include "io/snapshot.hpp"
#include "io/snapshot_schema.hpp"

namespace tradegraph::io {

namespace schema {

namespace {

void read_dropped(const Hdf5Input& file, SnapshotMetadata& metadata) {
  const auto group = file.open("/dropped");
  for (const auto& reason : attribute_names(group.get())) {
    metadata.dropped[reason] = read_integer_attribute(group.get(), reason);
  }
}

void read_inputs(const Hdf5Input& file, SnapshotMetadata& metadata) {
  for (std::size_t i = 0; file.has("/inputs/" + std::to_string(i)); ++i) {
    const auto group = file.open("/inputs/" + std::to_string(i));
    metadata.inputs.push_back({read_text_attribute(group.get(), "path"),
                               read_integer_attribute(group.get(), "bytes"),
                               read_text_attribute(group.get(), "sha256")});
  }
}

void check_schema(const Hdf5Input& file, hid_t root) {
  require(has_attribute(root, kVersionAttribute), ErrorKind::bad_input,
          file.path() + " is an HDF5 file, but no tradegraph snapshot");
  const auto version = read_integer_attribute(root, kVersionAttribute);
  require(version <= SnapshotMetadata::kSchemaVersion, ErrorKind::bad_input,
          file.path() + " has schema version " + std::to_string(version) +
              "; this program reads up to " + std::to_string(SnapshotMetadata::kSchemaVersion));
  require(version >= 1, ErrorKind::bad_input,
          file.path() + " has the invalid schema version " + std::to_string(version));
}

}  // namespace

SnapshotSummary read_attributes(const Hdf5Input& file) {
  const auto root = file.open("/");
  check_schema(file, root.get());
  SnapshotSummary summary;
  summary.schema_version = read_integer_attribute(root.get(), kVersionAttribute);
  summary.program_version = read_text_attribute(root.get(), "program_version");
  summary.firms = read_integer_attribute(root.get(), "firms");
  summary.links = read_integer_attribute(root.get(), "links");
  require(summary.firms >= 0 && summary.links >= 0, ErrorKind::bad_input,
          file.path() + " is damaged: negative counts of firms or links");
  auto& metadata = summary.metadata;
  metadata.year = read_integer_attribute(root.get(), "year");
  metadata.input_crs = read_text_attribute(root.get(), "input_crs");
  metadata.planar_crs = read_text_attribute(root.get(), "planar_crs");
  metadata.scale_distortion = read_number_attribute(root.get(), "scale_distortion");
  metadata.digest = read_text_attribute(root.get(), kDigestAttribute);
  read_dropped(file, metadata);
  read_inputs(file, metadata);
  return summary;
}

}  // namespace schema

namespace {

std::string type_name(hid_t dataset) {
  const Hdf5Type type(H5Dget_type(dataset), "type of a dataset");
  const auto bits = std::to_string(8 * H5Tget_size(type.get()));
  switch (H5Tget_class(type.get())) {
    case H5T_INTEGER: return (H5Tget_sign(type.get()) == H5T_SGN_NONE ? "uint" : "int") + bits;
    case H5T_FLOAT: return "float" + bits;
    default: return "other";
  }
}

void list_datasets(const Hdf5Input& file, const std::string& group,
                   std::vector<SnapshotSummary::Dataset>& datasets) {
  const auto parent = file.open(group.empty() ? "/" : group);
  for (const auto& link : link_names(parent.get())) {
    const auto name = group + "/" + link;
    const auto object = file.open(name);
    if (H5Iget_type(object.get()) == H5I_GROUP) list_datasets(file, name, datasets);
    if (H5Iget_type(object.get()) != H5I_DATASET) continue;
    datasets.push_back({name, type_name(object.get()), file.length(name),
                        static_cast<std::int64_t>(H5Dget_storage_size(object.get()))});
  }
}

}  // namespace

SnapshotSummary read_snapshot_summary(const std::string& path) {
  const Hdf5Input file(path);
  try {
    auto summary = schema::read_attributes(file);
    list_datasets(file, "", summary.datasets);
    return summary;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::hdf5) throw;
    throw Error(ErrorKind::bad_input, path + " is damaged: " + error.what());
  }
}

}  // namespace tradegraph::io
