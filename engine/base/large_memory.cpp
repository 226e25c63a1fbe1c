#include "engine/base/large_memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace tradegraph {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kLarge = 2 * kHugePage;

constexpr std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

/// Large arrays are mappings of their own, which go back to the system when they are freed. Left to
/// itself the C library soon keeps them in its heap, where their alignment leaves gaps: twice the
/// memory at the peak.
bool map_large_arrays() noexcept {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, kLarge);
  ::mallopt(M_TRIM_THRESHOLD, 16 * kLarge);  // what is smaller may stay
#endif
  return true;
}

void* allocate_large(std::size_t bytes) noexcept {
  static const bool is_ready = map_large_arrays();
  static_cast<void>(is_ready);
  const auto whole = round_up(bytes, kHugePage);
  if (whole < bytes) return nullptr;  // more than there are addresses
  void* memory = std::aligned_alloc(kHugePage, whole);
  if (memory != nullptr) ::madvise(memory, whole, MADV_HUGEPAGE);
  return memory;
}

}  // namespace

void* allocate_array(std::size_t bytes) noexcept {
  constexpr std::size_t kCacheLine = 64;
  if (bytes >= kLarge) return allocate_large(bytes);
  return std::aligned_alloc(kCacheLine, round_up(bytes == 0 ? 1 : bytes, kCacheLine));
}

}  // namespace tradegraph

// The sanitizers have their own.
#if defined(__has_feature)
#define TRADEGRAPH_CLANG_SANITIZES \
  (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define TRADEGRAPH_CLANG_SANITIZES 0
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !TRADEGRAPH_CLANG_SANITIZES

void* operator new(std::size_t bytes) {
  for (;;) {
    void* memory = bytes >= tradegraph::kLarge ? tradegraph::allocate_large(bytes)
                                               : std::malloc(bytes == 0 ? 1 : bytes);
    if (memory != nullptr) return memory;
    const auto make_room = std::get_new_handler();
    if (make_room == nullptr) throw std::bad_alloc();
    make_room();
  }
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
