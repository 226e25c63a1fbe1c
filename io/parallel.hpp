#pragma once
/// Loops over OpenMP threads whose bodies may throw, under the name that readers and writers use.

#include "engine/base/parallel.hpp"

namespace tradegraph::io {

using tradegraph::parallel_for;
using tradegraph::parallel_pieces;

}  // namespace tradegraph::io
