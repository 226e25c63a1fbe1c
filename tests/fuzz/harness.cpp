#include "tests/fuzz/harness.hpp"

#include <mpi.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/base/log.hpp"
#include "engine/matrix/environment.hpp"

namespace tradegraph::fuzz {

namespace {

/// A folder for the files of this process, removed at its end.
class Folder {
 public:
  Folder() {
    const std::filesystem::path memory("/dev/shm");
    const auto base =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = base / ("tradegraph_fuzz_" + std::to_string(::getpid()));
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

const comm::Communicator& self() {
  // Never freed: MPI may end before static objects do.
  static const auto* const communicator = new comm::Communicator(comm::Communicator::self());
  return *communicator;
}

std::string path_of(const std::string& name) {
  static const Folder folder;
  return (folder.path() / name).string();
}

std::string write_input(const std::string& name, std::string_view content) {
  const auto path = path_of(name);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  expect(file.good(), "the input cannot be written");
  return path;
}

std::string answer_of(const std::function<void()>& read) {
  try {
    read();
    return {};
  } catch (const Error& error) {
    const bool explained = exit_code(error.kind()) == 2;
    if (!explained) std::fprintf(stderr, "%s error: %s\n", name(error.kind()), error.what());
    expect(explained, "an error that is no answer to the input");
    expect(*error.what() != '\0', "an error without a message");
    return error.what();
  } catch (const std::bad_alloc&) {
    return "out of memory";
  } catch (const std::exception& error) {
    std::fprintf(stderr, "foreign exception: %s\n", error.what());
    expect(false, "an exception that is none of ours");
  }
  return {};
}

void expect(bool condition, const char* message) {
  if (condition) return;
  std::fprintf(stderr, "finding: %s\n", message);
  std::abort();
}

}  // namespace tradegraph::fuzz

/// libFuzzer calls this once, before the first input.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  // Crashes are for libFuzzer to catch, and no other process is needed.
  ::setenv("OMPI_MCA_opal_signal", "10", 0);
  ::setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
  ::setenv("OMPI_MCA_btl", "self", 0);
  int level = 0;
  MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level);
  // One thread a process: libFuzzer tells inputs apart by what they reach, which must not vary.
  static const tradegraph::matrix::Environment environment(1);
  tradegraph::log::configure(0, true);
  return 0;
}
