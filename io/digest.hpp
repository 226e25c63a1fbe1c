#pragma once
/// Digest of a set of datasets, the same at any number of ranks and any compression.
///
/// A 128-bit sum, modulo 2^128, over all elements of all datasets of a keyed mix of (dataset name,
/// element index, element bits), plus a term a dataset for its name, type and length. The mix is
/// SplitMix64's finaliser (engine/base/random.hpp), twice with two keys, each giving 64 of the
/// bits. It finds damage and mix-ups; it is no protection against someone who forges a file.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/comm/communicator.hpp"
#include "io/column_slice.hpp"

namespace tradegraph::io {

class DatasetDigest {
 public:
  explicit DatasetDigest(const comm::Communicator& comm) : is_root_(comm.is_root()) {}

  /// Adds this rank's slice of dataset `name`. Not collective; uses all threads of the rank. Every
  /// element must be added on exactly one rank, and every rank must name every dataset.
  void add(std::string_view name, const ColumnSlice& slice);

  /// 32 hexadecimal digits over all that any rank added. Collective.
  [[nodiscard]] std::string total(const comm::Communicator& comm) const;

 private:
  bool is_root_;
  __extension__ unsigned __int128 sum_ = 0;
};

}  // namespace tradegraph::io
