#include "app/file_checkpoint.hpp"

#include <cstdio>
#include <utility>

#include "app/interruption.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/checkpoint_file.hpp"
#include "io/file_digest.hpp"

namespace tradegraph::app {

std::string work_on(const Context& context, const std::string& input, const std::string& what) {
  std::string digest = comm::collectively(context.world(), [&] {
    return context.world().is_root() ? io::sha256_of_file(input) : std::string();
  });
  comm::broadcast(context.world(), digest);
  return what + " version " + TRADEGRAPH_VERSION + " input " + digest;
}

FileCheckpoint::FileCheckpoint(const Context& context, std::string path, std::string work,
                               double interval_s, OtherWork other)
    : context_(context),
      path_(std::move(path)),
      work_(std::move(work)),
      interval_s_(interval_s),
      other_(other) {
  watch_for_interruption();
}

std::optional<PartialWork> FileCheckpoint::read() {
  try {
    return io::read_checkpoint(context_.world(), path_, work_);
  } catch (const Error& error) {  // on all ranks
    if (other_ == OtherWork::refuse || error.kind() != ErrorKind::bad_input) throw;
    return std::nullopt;
  }
}

std::optional<PartialWork> FileCheckpoint::load() {
  if (!context_.options().resume) return std::nullopt;
  auto found = read();
  if (context_.world().is_root()) {
    log::info(found ? path_ + ": goes on after " + std::to_string(found->done) + " batches"
                    : path_ + ": no checkpoint of this; begins anew");
  }
  return found;
}

void FileCheckpoint::save(const PartialWork& partial) {
  io::write_checkpoint(context_.world(), path_, work_, partial);
}

void FileCheckpoint::discard() {
  if (context_.world().is_root()) std::remove(path_.c_str());
}

bool FileCheckpoint::stop_asked() const { return asked_to_stop(); }

}  // namespace tradegraph::app
