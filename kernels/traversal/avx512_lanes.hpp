#pragma once
/// The loops of lanes.hpp by AVX-512, whose masks are registers, and which gathers and compresses.

#ifdef __x86_64__
#include <immintrin.h>

#include "kernels/traversal/lanes.hpp"

#define TRADEGRAPH_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

namespace tradegraph::kernels {

struct Avx512Lanes {
  TRADEGRAPH_AVX512 static std::size_t scan(const ArcsView& arcs, const std::uint32_t* visited,
                                            const Level& level, const Notes& notes) {
    const auto all = _mm512_set1_epi32(-1);
    auto noted = level.notes_begin;
    for (std::size_t e = 0; e < level.entries.size(); ++e) {
      auto& entry = level.entries[e];
      __builtin_prefetch(arcs.neighbours + arcs.offsets[(&entry)[kEntriesAhead].vertex]);
      const auto frontier = _mm512_set1_epi32(static_cast<int>(entry.lanes));
      const auto* neighbours = arcs.neighbours + arcs.offsets[entry.vertex];
      const auto degree = arcs.offsets[entry.vertex + 1] - arcs.offsets[entry.vertex];
      for (std::size_t i = 0; i < degree; i += 16) {
        const auto valid =
            static_cast<__mmask16>(degree - i >= 16 ? 0xffffu : (1u << (degree - i)) - 1);
        const auto ends = _mm512_maskz_loadu_epi32(valid, neighbours + i);
        const auto seen = _mm512_mask_i32gather_epi32(all, valid, ends, visited, 4);
        const auto fresh = _mm512_andnot_si512(seen, frontier);
        const auto some = _mm512_test_epi32_mask(fresh, fresh);
        _mm512_storeu_si512(notes.vertex + noted, _mm512_maskz_compress_epi32(some, ends));
        _mm512_storeu_si512(notes.lanes + noted, _mm512_maskz_compress_epi32(some, fresh));
        noted += static_cast<std::size_t>(__builtin_popcount(some));
      }
      entry.notes_end = noted;
    }
    return noted;
  }

  TRADEGRAPH_AVX512 static Counted count(const Level& level, const Notes& notes,
                                         const CountRows& to) {
    auto largest = _mm512_setzero_si512();
    std::size_t touched = 0;
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const auto from = _mm512_load_si512(to.counts + entry.vertex * kRow);
      largest = _mm512_max_epu16(largest, from);
      for (; k < entry.notes_end; ++k) {
        const auto ahead = notes.vertex[k + kLookAhead];
        __builtin_prefetch(to.counts + ahead * kRow, 1);
        __builtin_prefetch(to.next + ahead, 1);
        const auto v = notes.vertex[k];
        const auto lanes = notes.lanes[k];
        auto* row = to.counts + v * kRow;
        const auto before = _mm512_load_si512(row);
        _mm512_store_si512(row, _mm512_mask_adds_epu16(before, lanes, before, from));
        const auto next = to.next[v];
        to.touched[touched] = v;
        touched += next == 0 ? 1 : 0;
        to.next[v] = next | lanes;
      }
    }
    const auto limit = _mm512_set1_epi16(static_cast<short>(kSaturated));
    return {touched, _mm512_cmpeq_epi16_mask(largest, limit) != 0};
  }

  TRADEGRAPH_AVX512 static double recount(const Level& level, const Notes& notes, double* counts) {
    return recount_by_rows<Avx512Lanes>(level, notes, counts);
  }

  template <class Count>
  TRADEGRAPH_AVX512 static void accumulate(const Level& level, const Notes& notes,
                                           const DependencyRows<Count>& at) {
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      if (__builtin_popcount(entry.lanes) <= kFewLanes) {
        accumulate_by_lane(entry, notes, k, at);
        k = entry.notes_end;
        continue;
      }
      prefetch_rows((&entry)[kEntriesAhead].vertex, at);
      __m512d sum[4];
      for (auto& part : sum) part = _mm512_setzero_pd();
      for (; k < entry.notes_end; ++k) {
        const double* ahead = at.rows + notes.vertex[k + kLookAhead] * kRow;
        const auto lanes_ahead = notes.lanes[k + kLookAhead];
        const double* row = at.rows + notes.vertex[k] * kRow;
        const auto lanes = notes.lanes[k];
        for (int q = 0; q < 4; ++q) {
          __builtin_prefetch(noted_line(ahead, lanes_ahead, q));
          sum[q] = _mm512_mask_add_pd(sum[q], static_cast<__mmask8>(lanes >> (8 * q)), sum[q],
                                      _mm512_load_pd(noted_line(row, lanes, q)));
        }
      }
      settle(entry, sum, at);
    }
  }

  template <class Count>
  TRADEGRAPH_AVX512 static void links(const ArcsView& arcs, const Level& level, const Notes& notes,
                                      const DependencyRows<Count>& at, double* crossing) {
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const auto* counts = at.counts + entry.vertex * kRow;
      __m512d from[4];
      for (int q = 0; q < 4; ++q) {
        from[q] = _mm512_mul_pd(eight(counts + 8 * q), _mm512_load_pd(at.lane_sources + 8 * q));
      }
      for (auto arc = arcs.offsets[entry.vertex]; k < entry.notes_end; ++k, ++arc) {
        const double* ahead = at.rows + notes.vertex[k + kLookAhead] * kRow;
        const auto lanes_ahead = notes.lanes[k + kLookAhead];
        while (arcs.neighbours[arc] != notes.vertex[k]) ++arc;
        const double* row = at.rows + notes.vertex[k] * kRow;
        const auto lanes = notes.lanes[k];
        auto sum = _mm512_setzero_pd();
        for (int q = 0; q < 4; ++q) {
          __builtin_prefetch(noted_line(ahead, lanes_ahead, q));
          const auto shares = _mm512_load_pd(noted_line(row, lanes, q));
          sum =
              _mm512_mask3_fmadd_pd(from[q], shares, sum, static_cast<__mmask8>(lanes >> (8 * q)));
        }
        crossing[arc] += _mm512_reduce_add_pd(sum);
      }
    }
  }

  TRADEGRAPH_AVX512 static void reach(std::span<const LevelEntry> entries, const ReachRows& at) {
    __m512d sources[4], reaches[4];
    for (int q = 0; q < 4; ++q) {
      sources[q] = _mm512_load_pd(at.lane_sources + 8 * q);
      reaches[q] = _mm512_load_pd(at.reaches + 8 * q);
    }
    for (const auto& entry : entries) {
      const auto target = _mm512_set1_pd(at.targets[entry.vertex]);
      auto by = _mm512_setzero_pd();
      for (int q = 0; q < 4; ++q) {
        const auto lanes = static_cast<__mmask8>(entry.lanes >> (8 * q));
        by = _mm512_mask_add_pd(by, lanes, by, sources[q]);
        reaches[q] = _mm512_mask_add_pd(reaches[q], lanes, reaches[q], target);
      }
      at.reached_by[entry.vertex] += _mm512_reduce_add_pd(by);
    }
    for (int q = 0; q < 4; ++q) _mm512_store_pd(at.reaches + 8 * q, reaches[q]);
  }

  /// Adds the lanes of a row that are set.
  TRADEGRAPH_AVX512 static void add_row(double* row, const double* from, std::uint32_t lanes) {
    for (int q = 0; q < 4; ++q) {
      const auto some = static_cast<__mmask8>(lanes >> (8 * q));
      const auto before = _mm512_load_pd(row + 8 * q);
      const auto sum = _mm512_add_pd(before, _mm512_load_pd(from + 8 * q));
      _mm512_mask_store_pd(row + 8 * q, some, sum);
    }
  }

 private:
  TRADEGRAPH_AVX512 static __m512d eight(const double* counts) { return _mm512_load_pd(counts); }
  TRADEGRAPH_AVX512 static __m512d eight(const std::uint16_t* counts) {
    const auto narrow = _mm_load_si128(reinterpret_cast<const __m128i*>(counts));
    return _mm512_cvtepi32_pd(_mm256_cvtepu16_epi32(narrow));
  }

  template <class Count>
  TRADEGRAPH_AVX512 static void settle(const LevelEntry& entry, const __m512d* sum,
                                       const DependencyRows<Count>& at) {
    const auto* counts = at.counts + entry.vertex * kRow;
    double* row = at.rows + entry.vertex * kRow;
    const auto target = _mm512_set1_pd(at.targets[entry.vertex]);
    const auto aimed = at.lanes_aimed_at(entry.vertex);
    auto weighted = _mm512_setzero_pd();
    for (int q = 0; q < 4; ++q) {
      const auto some = static_cast<__mmask8>(entry.lanes >> (8 * q));
      if (some == 0) continue;
      const auto count = eight(counts + 8 * q);
      const auto dependency = _mm512_mul_pd(sum[q], count);
      const auto targets = static_cast<__mmask8>(aimed >> (8 * q));
      const auto mass = _mm512_mask_add_pd(dependency, targets, target, dependency);
      _mm512_mask_store_pd(row + 8 * q, some, _mm512_maskz_div_pd(some, mass, count));
      const auto sources = _mm512_load_pd(at.lane_sources + 8 * q);
      weighted = _mm512_mask3_fmadd_pd(dependency, sources, weighted, some);
    }
    at.dependency[entry.vertex] += _mm512_reduce_add_pd(weighted);
  }
};

}  // namespace tradegraph::kernels

#undef TRADEGRAPH_AVX512
#endif
