#pragma once
/// What a call throws, as values to compare.

#include <string>

#include "engine/base/error.hpp"

namespace tradegraph::testing {

/// Kind and message of what `work` throws; kind `internal` and "nothing" if it does not.
struct Thrown {
  ErrorKind kind = ErrorKind::internal;
  std::string message = "nothing was thrown";
};

template <class Work>
Thrown thrown_by(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return {error.kind(), error.what()};
  }
  return {};
}

}  // namespace tradegraph::testing
