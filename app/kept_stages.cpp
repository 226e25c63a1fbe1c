#include "app/kept_stages.hpp"

#include <algorithm>
#include <filesystem>

#include "app/output.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/collectives.hpp"
#include "io/checkpoint_file.hpp"
#include "io/file_digest.hpp"

namespace tradegraph::app {

namespace {

constexpr std::size_t kLargestAttribute = 60000;  // of an HDF5 file; the work is one

std::string with_version(const std::string& work) {
  return "version " TRADEGRAPH_VERSION " " + work;
}

}  // namespace

KeptStages::KeptStages(const Context& context, const std::string& folder)
    : context_(context), folder_(folder.empty() ? folder : folder + "/stages") {}

std::string KeptStages::path_of(const std::string& stage) const {
  auto name = stage;
  std::replace(name.begin(), name.end(), ' ', '_');
  return folder_ + "/" + name + ".h5";
}

std::optional<StageFigures> KeptStages::find(const std::string& stage,
                                             const std::string& work) const {
  if (folder_.empty() || !context_.options().resume) return std::nullopt;
  try {
    auto found = io::read_checkpoint(context_.world(), path_of(stage), with_version(work));
    if (!found) return std::nullopt;
    log::info(stage + " is kept: what it is made from has not changed");
    return std::move(found->sums);
  } catch (const Error& error) {  // on all ranks
    if (error.kind() != ErrorKind::bad_input) throw;
    log::info(stage + " is made anew: its input or its settings have changed");
    return std::nullopt;
  }
}

void KeptStages::keep(const std::string& stage, const std::string& work,
                      const StageFigures& figures) const {
  if (folder_.empty() || with_version(work).size() > kLargestAttribute) return;
  make_folder(folder_, context_);
  io::write_checkpoint(context_.world(), path_of(stage), with_version(work), {1, figures});
}

std::string digests_of(const Context& context, const std::vector<std::string>& paths) {
  auto text = comm::collectively(context.world(), [&] {
    std::string digests;
    if (!context.world().is_root()) return digests;
    for (const auto& path : paths) {
      const bool is_there = std::filesystem::is_regular_file(path);
      digests += (digests.empty() ? "" : ", ") + std::filesystem::path(path).filename().string() +
                 " " + (is_there ? io::sha256_of_file(path) : "absent");
    }
    return digests;
  });
  comm::broadcast(context.world(), text);
  return text;
}

}  // namespace tradegraph::app
