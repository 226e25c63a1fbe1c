#pragma once
/// Memory for large arrays in huge pages, which saves most page faults on first use and misses of
/// the address cache on random reads. The program's `operator new` takes it too, so that every
/// large `std::vector` lies in such pages: half of the time of a DBSCAN over a nation were faults
/// of 4 KiB pages. A wish: where the system has no huge pages to give, the memory is plain.

#include <cstddef>

namespace tradegraph {

/// Alignment 64 and, from 4 MiB on, in huge pages; null where there is no memory. To be freed by
/// `std::free`.
[[nodiscard]] void* allocate_array(std::size_t bytes) noexcept;

}  // namespace tradegraph
