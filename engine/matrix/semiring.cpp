#include "engine/matrix/semiring.hpp"

#include "engine/base/error.hpp"

namespace tradegraph::matrix {

namespace {

GrB_Semiring pick(Multiply multiply, GrB_Semiring other, GrB_Semiring times, GrB_Semiring pair) {
  switch (multiply) {
    case Multiply::other: return other;
    case Multiply::times: return times;
    case Multiply::pair: return pair;
  }
  throw Error(ErrorKind::internal, "unknown multiplication");
}

}  // namespace

template <>
Semiring<std::int64_t> semiring(Add add, Multiply multiply) {
  using Limits = std::numeric_limits<std::int64_t>;
  switch (add) {
    case Add::plus:
      return {
          pick(multiply, GxB_PLUS_SECOND_INT64, GrB_PLUS_TIMES_SEMIRING_INT64, GxB_PLUS_PAIR_INT64),
          GrB_PLUS_MONOID_INT64, GrB_PLUS_INT64, 0, comm::ReduceOp::sum};
    case Add::min:
      return {pick(multiply, GrB_MIN_SECOND_SEMIRING_INT64, GrB_MIN_TIMES_SEMIRING_INT64,
                   GxB_MIN_PAIR_INT64),
              GrB_MIN_MONOID_INT64, GrB_MIN_INT64, Limits::max(), comm::ReduceOp::min};
    case Add::max:
      return {pick(multiply, GrB_MAX_SECOND_SEMIRING_INT64, GrB_MAX_TIMES_SEMIRING_INT64,
                   GxB_MAX_PAIR_INT64),
              GrB_MAX_MONOID_INT64, GrB_MAX_INT64, Limits::min(), comm::ReduceOp::max};
  }
  throw Error(ErrorKind::internal, "unknown semiring");
}

template <>
Semiring<double> semiring(Add add, Multiply multiply) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (add) {
    case Add::plus:
      return {
          pick(multiply, GxB_PLUS_SECOND_FP64, GrB_PLUS_TIMES_SEMIRING_FP64, GxB_PLUS_PAIR_FP64),
          GrB_PLUS_MONOID_FP64, GrB_PLUS_FP64, 0, comm::ReduceOp::sum};
    case Add::min:
      return {pick(multiply, GrB_MIN_SECOND_SEMIRING_FP64, GrB_MIN_TIMES_SEMIRING_FP64,
                   GxB_MIN_PAIR_FP64),
              GrB_MIN_MONOID_FP64, GrB_MIN_FP64, kInfinity, comm::ReduceOp::min};
    case Add::max:
      return {pick(multiply, GrB_MAX_SECOND_SEMIRING_FP64, GrB_MAX_TIMES_SEMIRING_FP64,
                   GxB_MAX_PAIR_FP64),
              GrB_MAX_MONOID_FP64, GrB_MAX_FP64, -kInfinity, comm::ReduceOp::max};
  }
  throw Error(ErrorKind::internal, "unknown semiring");
}

}  // namespace tradegraph::matrix
