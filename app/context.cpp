#include "app/context.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/base/memory.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::app {

Context::Context(comm::Communicator world, std::vector<std::string> command_line)
    : world_(std::move(world)),
      command_line_(std::move(command_line)),
      program_bytes_(peak_resident_bytes()) {}

ProgressSink& Context::progress() const { return default_progress(world_.rank(), options_.quiet); }

comm::GridShape Context::grid_shape() const {
  return options_.grid.empty() ? comm::GridShape::nearest_square(world_.size())
                               : comm::GridShape::parse(options_.grid, world_.size());
}

comm::ProcessGrid Context::make_grid() const { return comm::ProcessGrid(world_, grid_shape()); }

void Context::require_memory(std::int64_t needed_bytes, const std::string& what) const {
  const auto host = world_.split_by_host();
  const std::int64_t physical = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE);
  const auto allowed = options_.memory_bytes.value_or(physical / host.size());
  const auto wanted = program_bytes_ + needed_bytes;
  if (!comm::any_rank(world_, wanted > allowed)) return;
  throw Error(
      ErrorKind::memory,
      fmt::format("memory too small: {} needs about {} a rank ({} of them for the program itself), "
                  "and a rank may use {}: run on more ranks, or raise --memory",
                  what, memory_text(comm::all_reduce(world_, wanted, comm::ReduceOp::max)),
                  memory_text(comm::all_reduce(world_, program_bytes_, comm::ReduceOp::max)),
                  memory_text(comm::all_reduce(world_, allowed, comm::ReduceOp::min))));
}

void Context::require_memory(const std::function<std::int64_t()>& needed_bytes,
                             const std::string& what) const {
  require_memory(
      comm::broadcast_value(
          world_, comm::collectively(
                      world_, [&] { return world_.is_root() ? needed_bytes() : std::int64_t{0}; })),
      what);
}

void Context::print(const std::string& text) const {
  if (!world_.is_root()) return;
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace tradegraph::app
