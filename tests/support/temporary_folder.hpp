#pragma once
/// Files that all ranks of a test read, and lose at its end.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "engine/comm/collectives.hpp"

namespace tradegraph::test {

class TemporaryFolder {
 public:
  /// Collective.
  explicit TemporaryFolder(const comm::Communicator& comm) : comm_(comm) {
    static int made = 0;
    std::string name =
        "tradegraph_test_" + std::to_string(::getpid()) + "_" + std::to_string(made++);
    comm::broadcast(comm, name);
    folder_ = std::filesystem::temp_directory_path() / name;
    if (comm.is_root()) std::filesystem::create_directories(folder_);
    comm.barrier();
  }
  ~TemporaryFolder() {
    comm_.barrier();
    std::error_code ignored;
    if (comm_.is_root()) std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

  /// Writes a file, once no rank reads an earlier one, and returns its path. Collective.
  std::string write(const std::string& name, std::string_view text) const {
    comm_.barrier();
    if (comm_.is_root()) std::ofstream(path(name), std::ios::binary) << text;
    comm_.barrier();
    return path(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(path(name));
  }

 private:
  const comm::Communicator& comm_;
  std::filesystem::path folder_;
};

}  // namespace tradegraph::test
