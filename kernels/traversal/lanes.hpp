#pragma once
/// The four row operations that a batch of searches spends its time in, for several sets of vector
/// instructions. Each is a struct of the same static functions:
///
///   scan      notes the neighbours that lanes of `mask` have not visited. Room for 16 notes more
///             than the degree is needed. Returns how many count.
///   count     for each note: adds `from` to the vertex's row of path counts in the noted lanes, up
///             to 65535, joins the lanes to `next`, and lists the vertex when `next` was empty.
///             Returns how many it lists.
///   add_rows  sum += the rows of the noted vertices, in the noted lanes.
///   settle    in lanes of `mask`: dependency = sum * count, row = (target + dependency) / count.
///             Returns the dependencies weighted by the lanes' `sources`.
///
/// Functions carry their instruction set as an attribute, so that one binary serves all processors;
/// none of them calls a template that another file could share.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace tradegraph::kernels {

inline constexpr std::size_t kRow = 32;  ///< lanes of a row
inline constexpr std::uint32_t kSaturated = 0xffff;
inline constexpr std::size_t kLookAhead = 16;  ///< notes between prefetching a row and its use

inline constexpr auto kLaneBits = [] {
  struct Bits {
    std::uint32_t bit[kRow];
    constexpr std::uint32_t operator[](std::size_t l) const { return bit[l]; }
  } bits{};
  for (std::size_t l = 0; l < kRow; ++l) bits.bit[l] = std::uint32_t{1} << l;
  return bits;
}();

/// Pairs (vertex, lanes), in two arrays. Valid, though meaningless, for `kLookAhead` beyond the
/// end.
struct Notes {
  std::uint32_t* vertex;
  std::uint32_t* lanes;

  [[nodiscard]] Notes from(std::size_t begin) const { return {vertex + begin, lanes + begin}; }
};

#define LANES_NAME PlainLanes
#define LANES_TARGET
#include "kernels/traversal/plain_lanes.inc"
#undef LANES_NAME
#undef LANES_TARGET

#ifdef __x86_64__

#define LANES_NAME Avx2Lanes
#define LANES_TARGET __attribute__((target("avx2")))
#include "kernels/traversal/plain_lanes.inc"
#undef LANES_NAME
#undef LANES_TARGET

#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

/// By hand: its masks are registers, and it gathers, compresses and saturates.
struct Avx512Lanes {
  TARGET_AVX512 static std::size_t scan(const std::uint32_t* neighbours, std::size_t degree,
                                        const std::uint32_t* visited, std::uint32_t mask,
                                        const Notes& to) {
    const auto frontier = _mm512_set1_epi32(static_cast<int>(mask));
    const auto all = _mm512_set1_epi32(-1);
    std::size_t noted = 0;
    for (std::size_t i = 0; i < degree; i += 16) {
      const auto valid =
          static_cast<__mmask16>(degree - i >= 16 ? 0xffffu : (1u << (degree - i)) - 1);
      const auto ends = _mm512_maskz_loadu_epi32(valid, neighbours + i);
      const auto seen = _mm512_mask_i32gather_epi32(all, valid, ends, visited, 4);
      const auto fresh = _mm512_andnot_si512(seen, frontier);
      const auto some = _mm512_test_epi32_mask(fresh, fresh);
      _mm512_storeu_si512(to.vertex + noted, _mm512_maskz_compress_epi32(some, ends));
      _mm512_storeu_si512(to.lanes + noted, _mm512_maskz_compress_epi32(some, fresh));
      noted += static_cast<std::size_t>(__builtin_popcount(some));
    }
    return noted;
  }

  TARGET_AVX512 static std::size_t count(const Notes& notes, std::size_t size,
                                         const std::uint16_t* from, std::uint16_t* counts,
                                         std::uint32_t* next, std::uint32_t* touched) {
    const auto more = _mm512_load_si512(from);
    std::size_t fresh = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const auto ahead = notes.vertex[k + kLookAhead];
      __builtin_prefetch(counts + ahead * kRow, 1);
      __builtin_prefetch(next + ahead, 1);
      const auto v = notes.vertex[k];
      auto* row = counts + v * kRow;
      const auto before = _mm512_load_si512(row);
      _mm512_store_si512(row, _mm512_mask_adds_epu16(before, notes.lanes[k], before, more));
      touched[fresh] = v;
      fresh += next[v] == 0 ? 1 : 0;
      next[v] |= notes.lanes[k];
    }
    return fresh;
  }

  TARGET_AVX512 static void add_rows(const double* rows, const Notes& notes, std::size_t size,
                                     double* sum) {
    __m512d part[4];
    for (std::ptrdiff_t q = 0; q < 4; ++q) part[q] = _mm512_load_pd(sum + 8 * q);
    for (std::size_t k = 0; k < size; ++k) {
      const double* ahead = rows + notes.vertex[k + kLookAhead] * kRow;
      const double* row = rows + notes.vertex[k] * kRow;
      for (std::ptrdiff_t q = 0; q < 4; ++q) {
        __builtin_prefetch(ahead + 8 * q);
        part[q] = _mm512_mask_add_pd(part[q], static_cast<__mmask8>(notes.lanes[k] >> (8 * q)),
                                     part[q], _mm512_load_pd(row + 8 * q));
      }
    }
    for (std::ptrdiff_t q = 0; q < 4; ++q) _mm512_store_pd(sum + 8 * q, part[q]);
  }

  TARGET_AVX512 static double settle(const std::uint16_t* counts, const double* sum,
                                     const double* sources, std::uint32_t mask, double target,
                                     double* row) {
    auto weighted = _mm512_setzero_pd();
    for (std::ptrdiff_t q = 0; q < 4; ++q) {
      const auto some = static_cast<__mmask8>(mask >> (8 * q));
      if (some == 0) continue;
      const auto narrow = _mm_load_si128(reinterpret_cast<const __m128i*>(counts + 8 * q));
      const auto count = _mm512_cvtepi32_pd(_mm256_cvtepu16_epi32(narrow));
      const auto dependency = _mm512_mul_pd(_mm512_load_pd(sum + 8 * q), count);
      const auto mass = _mm512_add_pd(_mm512_set1_pd(target), dependency);
      _mm512_mask_store_pd(row + 8 * q, some, _mm512_maskz_div_pd(some, mass, count));
      weighted = _mm512_mask3_fmadd_pd(dependency, _mm512_load_pd(sources + 8 * q), weighted, some);
    }
    return _mm512_reduce_add_pd(weighted);
  }
};

#undef TARGET_AVX512
#endif

}  // namespace tradegraph::kernels
