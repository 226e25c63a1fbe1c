#pragma once
/// Large arrays of plain values that are not set when they are made: whoever fills them first, by
/// all threads, also touches their memory first.

#include <sys/mman.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <type_traits>

#include "engine/base/error.hpp"

namespace tradegraph {

/// `size` values of T. From 4 MiB on the memory is asked for in huge pages, which saves
/// page faults on first use and misses of the address cache on random reads.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Buffer() = default;
  /// Throws `ErrorKind::memory`.
  explicit Buffer(std::int64_t size) : size_(static_cast<std::size_t>(size)) {
    data_.reset(static_cast<T*>(allocate(size_ * sizeof(T))));
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
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;

  static void* allocate(std::size_t bytes) {
    void* memory = nullptr;
    if (bytes < 2 * kHugePage) {
      memory = std::malloc(std::max<std::size_t>(bytes, 1));
    } else {
      const auto whole = (bytes + kHugePage - 1) / kHugePage * kHugePage;
      memory = std::aligned_alloc(kHugePage, whole);
      if (memory != nullptr) ::madvise(memory, whole, MADV_HUGEPAGE);  // a wish: may be refused
    }
    require(memory != nullptr, ErrorKind::memory, "out of memory");
    return memory;
  }

  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace tradegraph
