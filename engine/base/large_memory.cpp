#include "engine/base/large_memory.hpp"

#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>

#include "engine/base/sanitizers.hpp"

namespace tradegraph {

namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kLarge = 2 * kHugePage;

#ifdef __GLIBC__
/// Freed arrays stay in the heap for those that come after them. As mappings of their own they
/// would go back to the system, which clears every page that it gives: a command allocates several
/// times what it holds at its peak. `return_freed_memory` gives them back where that is worth it.
[[maybe_unused]] const bool keeps_freed_arrays =
    ::mallopt(M_MMAP_MAX, 0) != 0 &&
    ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max()) != 0;
#endif

/// Asks for huge pages where `memory` holds whole ones.
void* in_huge_pages(void* memory, std::size_t bytes) noexcept {
  if (memory == nullptr || bytes < kLarge) return memory;
  const auto past = reinterpret_cast<std::uintptr_t>(memory) % kHugePage;
  const auto skipped = past == 0 ? 0 : kHugePage - past;
  const auto whole = (bytes - skipped) / kHugePage * kHugePage;
  ::madvise(static_cast<std::byte*>(memory) + skipped, whole, MADV_HUGEPAGE);
  return memory;
}

}  // namespace

void* allocate_array(std::size_t bytes) noexcept {
  const auto whole = (bytes / kCacheLine + 1) * kCacheLine;
  return whole < bytes ? nullptr : in_huge_pages(std::aligned_alloc(kCacheLine, whole), bytes);
}

}  // namespace tradegraph

#if !TRADEGRAPH_SANITIZES

void* operator new(std::size_t bytes) {
  for (;;) {
    void* memory = tradegraph::in_huge_pages(std::malloc(bytes == 0 ? 1 : bytes), bytes);
    if (memory != nullptr) return memory;
    const auto make_room = std::get_new_handler();
    if (make_room == nullptr) throw std::bad_alloc();
    make_room();
  }
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
