#include "io/checkpoint_file.hpp"

#include <filesystem>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_input.hpp"
#include "io/hdf5_output.hpp"

namespace tradegraph::io {

namespace {

PartialWork read_file(const std::string& path, const std::string& work) {
  const Hdf5Input file(path);
  const auto root = file.open("/");
  require(has_attribute(root.get(), "work") && has_attribute(root.get(), "done"),
          ErrorKind::bad_input, path + ": not a checkpoint of tradegraph");
  const auto found = read_text_attribute(root.get(), "work");
  require(found == work, ErrorKind::bad_input,
          path + ": a checkpoint of other work; this is '" + work + "', that was '" + found +
              "'. Remove the file to begin anew");
  PartialWork partial;
  partial.done = read_integer_attribute(root.get(), "done");
  for (const auto& name : link_names(file.open("/sums").get())) {
    partial.sums[name] = file.read_all<double>("/sums/" + name);
  }
  return partial;
}

}  // namespace

void write_checkpoint(const comm::Communicator& comm, const std::string& path,
                      const std::string& work, const PartialWork& partial) {
  comm::collectively(comm, [&] {
    if (!comm.is_root()) return;
    const auto self = comm::Communicator::self();
    Hdf5Output file(self, path, 1);
    file.attribute("/", "work", work);
    file.attribute("/", "done", partial.done);
    file.make_group("/sums");
    for (const auto& [name, values] : partial.sums) {
      const auto size = static_cast<std::int64_t>(values.size());
      file.write("/sums/" + name, ColumnSlice::of(values, 0, size));
    }
    file.commit();
  });
}

std::optional<PartialWork> read_checkpoint(const comm::Communicator& comm, const std::string& path,
                                           const std::string& work) {
  auto found = comm::collectively(comm, [&]() -> std::optional<PartialWork> {
    if (!comm.is_root() || !std::filesystem::exists(path)) return std::nullopt;
    return read_file(path, work);
  });
  if (!comm::any_rank(comm, found.has_value())) return std::nullopt;
  if (!found) found.emplace();
  found->done = comm::broadcast_value(comm, found->done);
  std::string names;
  for (const auto& [name, values] : found->sums) names += name + '\n';
  comm::broadcast(comm, names);
  for (std::size_t begin = 0; begin < names.size();) {
    const auto end = names.find('\n', begin);
    comm::broadcast(comm, found->sums[names.substr(begin, end - begin)]);
    begin = end + 1;
  }
  return found;
}

}  // namespace tradegraph::io
