#pragma once
/// The closed list of types that messages may hold.

#include <mpi.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "engine/base/exact_sum.hpp"

namespace tradegraph::comm {

/// Opt-in for plain structs without padding that travel as bytes (all ranks run the same binary).
/// Specialise to `std::true_type` beside the struct.
template <class T>
struct IsRecord : std::false_type {};

template <class T>
concept Arithmetic =
    std::same_as<T, char> || std::same_as<T, std::int8_t> || std::same_as<T, std::uint8_t> ||
    std::same_as<T, std::int32_t> || std::same_as<T, std::uint32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::uint64_t> || std::same_as<T, double>;

template <class T>
concept Record = std::is_trivially_copyable_v<T> && IsRecord<T>::value;

/// May be sent.
template <class T>
concept Transferable =
    Arithmetic<T> || std::same_as<T, Int128> || std::same_as<T, std::byte> || Record<T>;

/// May be reduced (`Int128` by sum only).
template <class T>
concept Reducible = Arithmetic<T> || std::same_as<T, Int128>;

/// MPI's handle for an arithmetic type.
template <Arithmetic T>
[[nodiscard]] MPI_Datatype datatype() {
  if constexpr (std::same_as<T, char>) return MPI_CHAR;
  if constexpr (std::same_as<T, std::int8_t>) return MPI_INT8_T;
  if constexpr (std::same_as<T, std::uint8_t>) return MPI_UINT8_T;
  if constexpr (std::same_as<T, std::int32_t>) return MPI_INT32_T;
  if constexpr (std::same_as<T, std::uint32_t>) return MPI_UINT32_T;
  if constexpr (std::same_as<T, std::int64_t>) return MPI_INT64_T;
  if constexpr (std::same_as<T, std::uint64_t>) return MPI_UINT64_T;
  if constexpr (std::same_as<T, double>) return MPI_DOUBLE;
}

enum class ReduceOp { sum, min, max, bit_or };

}  // namespace tradegraph::comm
