#pragma once
/// A fresh folder that all ranks of a test share.

#include <unistd.h>

#include <filesystem>
#include <string>

#include "engine/comm/collectives.hpp"

namespace tradegraph::testing {

/// Made by rank 0, removed when the object dies. Both are collective.
class MpiFolder {
 public:
  explicit MpiFolder(const comm::Communicator& comm) : comm_(comm) {
    if (comm.is_root()) {
      auto name = (std::filesystem::temp_directory_path() / "tradegraph-XXXXXX").string();
      if (::mkdtemp(name.data()) != nullptr) path_ = name + "/";
    }
    comm::broadcast(comm_, path_);
  }
  ~MpiFolder() {
    comm_.barrier();
    std::error_code ignored;
    if (comm_.is_root()) std::filesystem::remove_all(path_, ignored);
  }
  MpiFolder(const MpiFolder&) = delete;
  MpiFolder& operator=(const MpiFolder&) = delete;

  /// Ends in a slash.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const comm::Communicator& comm_;
  std::string path_;
};

}  // namespace tradegraph::testing
