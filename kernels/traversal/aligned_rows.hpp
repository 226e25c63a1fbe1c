#pragma once
/// Memory for rows of lanes: aligned to cache lines, on large pages where the system gives them,
/// zero at first.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "engine/base/large_memory.hpp"

namespace tradegraph::kernels {

template <class T>
class AlignedRows {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  AlignedRows() = default;
  explicit AlignedRows(std::size_t size) { grow(size); }
  AlignedRows(const AlignedRows&) = delete;
  AlignedRows& operator=(const AlignedRows&) = delete;
  ~AlignedRows() { std::free(data_); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) { return data_[i]; }
  void clear() { std::memset(static_cast<void*>(data_), 0, size_ * sizeof(T)); }

  /// Room for `size` elements at least; what is there stays, what is new is 0. Throws
  /// std::bad_alloc.
  void grow(std::size_t size) {
    const auto before = size_;
    extend(size);
    std::memset(static_cast<void*>(data_ + before), 0, (size_ - before) * sizeof(T));
  }
  /// The same, but what is new is not set: memory that is never used is never taken.
  void extend(std::size_t size) {
    if (size <= size_ && data_ != nullptr) return;
    auto* fresh = static_cast<T*>(allocate_array(size * sizeof(T) + kBeyond));
    if (fresh == nullptr) throw std::bad_alloc();
    if (data_ != nullptr) std::memcpy(static_cast<void*>(fresh), data_, size_ * sizeof(T));
    std::free(std::exchange(data_, fresh));
    size_ = size;
  }

 private:
  static constexpr std::size_t kBeyond = 64;  ///< bytes, for lanes that read a whole line

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tradegraph::kernels
