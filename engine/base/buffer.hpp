#pragma once
/// Large arrays of plain values that are not set when they are made: whoever fills them first, by
/// all threads, also touches their memory first.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <type_traits>

#include "engine/base/error.hpp"
#include "engine/base/large_memory.hpp"

namespace tradegraph {

/// `size` values of T, large ones in huge pages.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Buffer() = default;
  /// Throws `ErrorKind::memory`.
  explicit Buffer(std::int64_t size) : size_(static_cast<std::size_t>(size)) {
    data_.reset(static_cast<T*>(allocate_array(size_ * sizeof(T))));
    require(data_ != nullptr, ErrorKind::memory, "out of memory");
  }
  Buffer(std::int64_t size, T value) : Buffer(size) {
#pragma omp parallel for schedule(static) if (size >= kWorthThreads)
    for (std::int64_t i = 0; i < size; ++i) data_.get()[i] = value;
  }
  Buffer(const Buffer& other) : Buffer(copy_of(other)) {}
  Buffer& operator=(const Buffer& other) { return *this = copy_of(other); }
  Buffer(Buffer&& other) noexcept = default;
  Buffer& operator=(Buffer&& other) noexcept = default;
  ~Buffer() = default;
  /// A copy of `values`, made by all threads.
  [[nodiscard]] static Buffer copy_of(std::span<const T> values) {
    Buffer copy(static_cast<std::int64_t>(values.size()));
#pragma omp parallel for schedule(static) if (copy.ssize() >= kWorthThreads)
    for (std::int64_t i = 0; i < copy.ssize(); ++i) copy[i] = values[static_cast<std::size_t>(i)];
    return copy;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::int64_t ssize() const { return static_cast<std::int64_t>(size_); }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return data_.get(); }
  [[nodiscard]] const T* data() const { return data_.get(); }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  template <std::integral I>
  [[nodiscard]] T& operator[](I i) {
    return data_.get()[i];
  }
  template <std::integral I>
  [[nodiscard]] const T& operator[](I i) const {
    return data_.get()[i];
  }

 private:
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };
  static constexpr std::int64_t kWorthThreads = 1 << 15;

  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace tradegraph
