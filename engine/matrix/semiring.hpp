#pragma once
/// The built-in semirings that the engine's products use (user-defined ones are five times slower).

#include <limits>

#include "engine/comm/transferable.hpp"
#include "engine/matrix/graphblas.hpp"

namespace tradegraph::matrix {

enum class Add { plus, min, max };
/// `other`: the value of the vector, whatever the link's; `times`: link's times vector's; `pair`: 1
/// whatever the values, so that `plus` counts.
enum class Multiply { other, times, pair };

/// What a product over `add` needs from GraphBLAS and from MPI. T is std::int64_t or double.
template <class T>
struct Semiring {
  GrB_Semiring products;  ///< first argument the link's value, second the vector's (or matrix's)
  GrB_Monoid monoid;
  GrB_BinaryOp add;
  T identity;
  comm::ReduceOp reduce;
};

template <class T>
[[nodiscard]] Semiring<T> semiring(Add add, Multiply multiply = Multiply::other);

}  // namespace tradegraph::matrix
