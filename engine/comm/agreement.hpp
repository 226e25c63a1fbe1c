#pragma once
/// What can fail on one rank is agreed on by all before anyone throws, so that no rank hangs in the
/// next collective.

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::comm {

/// Throws on every rank the error of the lowest rank that has one; returns if none has.
/// Collective; costs one 4-byte all-reduce when all is well.
void agree(const Communicator& comm, const std::optional<Error>& mine);

/// `std::current_exception()` as an `Error`; what is none of ours becomes `internal` or `memory`.
[[nodiscard]] Error current_error();

/// Runs `work`, which must not communicate, and returns its result; if it throws on any rank, all
/// ranks throw the same error. Collective.
template <class Work>
auto collectively(const Communicator& comm, Work&& work) {
  using Result = std::invoke_result_t<Work>;
  std::optional<Error> failure;
  if constexpr (std::is_void_v<Result>) {
    try {
      std::forward<Work>(work)();
    } catch (...) {
      failure.emplace(current_error());
    }
    agree(comm, failure);
  } else {
    std::optional<Result> result;
    try {
      result.emplace(std::forward<Work>(work)());
    } catch (...) {
      failure.emplace(current_error());
    }
    agree(comm, failure);
    return std::move(*result);
  }
}

}  // namespace tradegraph::comm
