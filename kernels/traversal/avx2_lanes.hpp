#pragma once
/// The loops of lanes.hpp by AVX2, whose masks are vectors: bits are spread by comparison (16-bit
/// lanes) or looked up (doubles).

#ifdef __x86_64__
#include <immintrin.h>

#include "kernels/traversal/lanes.hpp"

#define TRADEGRAPH_AVX2 __attribute__((target("avx2")))

namespace tradegraph::kernels {

/// For each of the 16 sets of four lanes, which of them are in it.
struct FourLaneMasks {
  alignas(32) std::int64_t of[16][4];
};

inline constexpr FourLaneMasks kFourLanes = [] {
  FourLaneMasks masks{};
  for (std::size_t set = 0; set < 16; ++set) {
    for (std::size_t l = 0; l < 4; ++l) masks.of[set][l] = (set >> l & 1) != 0 ? -1 : 0;
  }
  return masks;
}();

struct Avx2Lanes {
  TRADEGRAPH_AVX2 static std::size_t scan(const ArcsView& arcs, const std::uint32_t* visited,
                                          const Level& level, const Notes& notes) {
    auto noted = level.notes_begin;
    for (std::size_t e = 0; e < level.entries.size(); ++e) {
      auto& entry = level.entries[e];
      __builtin_prefetch(arcs.neighbours + arcs.offsets[(&entry)[kEntriesAhead].vertex]);
      const auto lanes = entry.lanes;
      const auto end = arcs.offsets[entry.vertex + 1];
      for (auto i = arcs.offsets[entry.vertex]; i < end; ++i) {
        const auto v = arcs.neighbours[i];
        const auto fresh = lanes & ~visited[v];
        notes.vertex[noted] = v;
        notes.lanes[noted] = fresh;
        noted += fresh != 0 ? 1 : 0;
      }
      entry.notes_end = noted;
    }
    return noted;
  }

  TRADEGRAPH_AVX2 static Counted count(const Level& level, const Notes& notes,
                                       const CountRows& to) {
    auto largest = _mm256_setzero_si256();
    std::size_t touched = 0;
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const auto* from = reinterpret_cast<const __m256i*>(to.counts + entry.vertex * kRow);
      const auto low = _mm256_load_si256(from);
      const auto high = _mm256_load_si256(from + 1);
      largest = _mm256_max_epu16(largest, _mm256_max_epu16(low, high));
      for (; k < entry.notes_end; ++k) {
        const auto ahead = notes.vertex[k + kLookAhead];
        __builtin_prefetch(to.counts + ahead * kRow, 1);
        __builtin_prefetch(to.next + ahead, 1);
        const auto v = notes.vertex[k];
        const auto lanes = notes.lanes[k];
        auto* row = reinterpret_cast<__m256i*>(to.counts + v * kRow);
        add(row, low, lanes);
        add(row + 1, high, lanes >> 16);
        const auto next = to.next[v];
        to.touched[touched] = v;
        touched += next == 0 ? 1 : 0;
        to.next[v] = next | lanes;
      }
    }
    const auto limit = _mm256_set1_epi16(static_cast<short>(kSaturated));
    return {touched, _mm256_movemask_epi8(_mm256_cmpeq_epi16(largest, limit)) != 0};
  }

  TRADEGRAPH_AVX2 static double recount(const Level& level, const Notes& notes, double* counts) {
    return recount_by_rows<Avx2Lanes>(level, notes, counts);
  }

  template <class Count>
  TRADEGRAPH_AVX2 static void accumulate(const Level& level, const Notes& notes,
                                         const DependencyRows<Count>& at) {
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      if (__builtin_popcount(entry.lanes) <= kFewLanes) {
        accumulate_by_lane(entry, notes, k, at);
        k = entry.notes_end;
        continue;
      }
      prefetch_rows((&entry)[kEntriesAhead].vertex, at);
      __m256d sum[8];
      for (auto& part : sum) part = _mm256_setzero_pd();
      for (; k < entry.notes_end; ++k) {
        const double* ahead = at.rows + notes.vertex[k + kLookAhead] * kRow;
        const auto lanes_ahead = notes.lanes[k + kLookAhead];
        const double* row = at.rows + notes.vertex[k] * kRow;
        const auto lanes = notes.lanes[k];
        for (std::size_t q = 0; q < 4; ++q) {
          __builtin_prefetch(noted_line(ahead, lanes_ahead, q));
          const double* of = noted_line(row, lanes, q);
          sum[2 * q] = _mm256_add_pd(sum[2 * q], some_of(of, lanes >> (8 * q)));
          sum[2 * q + 1] = _mm256_add_pd(sum[2 * q + 1], some_of(of + 4, lanes >> (8 * q + 4)));
        }
      }
      settle(entry, sum, at);
    }
  }

  template <class Count>
  TRADEGRAPH_AVX2 static void links(const ArcsView& arcs, const Level& level, const Notes& notes,
                                    const DependencyRows<Count>& at, double* crossing) {
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const auto* counts = at.counts + entry.vertex * kRow;
      __m256d from[8];
      for (std::size_t q = 0; q < 8; ++q) {
        from[q] = _mm256_mul_pd(four(counts + 4 * q), _mm256_load_pd(at.lane_sources + 4 * q));
      }
      for (auto arc = arcs.offsets[entry.vertex]; k < entry.notes_end; ++k, ++arc) {
        const double* ahead = at.rows + notes.vertex[k + kLookAhead] * kRow;
        const auto lanes_ahead = notes.lanes[k + kLookAhead];
        while (arcs.neighbours[arc] != notes.vertex[k]) ++arc;
        const double* row = at.rows + notes.vertex[k] * kRow;
        const auto lanes = notes.lanes[k];
        auto sum = _mm256_setzero_pd();
        for (std::size_t q = 0; q < 4; ++q) {
          __builtin_prefetch(noted_line(ahead, lanes_ahead, q));
          const double* of = noted_line(row, lanes, q);
          sum = _mm256_add_pd(sum, _mm256_mul_pd(from[2 * q], some_of(of, lanes >> (8 * q))));
          sum = _mm256_add_pd(
              sum, _mm256_mul_pd(from[2 * q + 1], some_of(of + 4, lanes >> (8 * q + 4))));
        }
        crossing[arc] += sum_of(sum);
      }
    }
  }

  TRADEGRAPH_AVX2 static void reach(std::span<const LevelEntry> entries, const ReachRows& at) {
    for (const auto& entry : entries) {
      const auto target = _mm256_set1_pd(at.targets[entry.vertex]);
      auto by = _mm256_setzero_pd();
      for (std::size_t q = 0; q < 8; ++q) {
        const auto chosen = mask(entry.lanes >> (4 * q));
        by = _mm256_add_pd(by, _mm256_and_pd(chosen, _mm256_load_pd(at.lane_sources + 4 * q)));
        double* reaches = at.reaches + 4 * q;
        const auto more = _mm256_and_pd(chosen, target);
        _mm256_store_pd(reaches, _mm256_add_pd(_mm256_load_pd(reaches), more));
      }
      at.reached_by[entry.vertex] += sum_of(by);
    }
  }

  /// Adds the lanes of a row that are set.
  TRADEGRAPH_AVX2 static void add_row(double* row, const double* from, std::uint32_t lanes) {
    for (std::size_t q = 0; q < 8; ++q) {
      double* to = row + 4 * q;
      const auto more = some_of(from + 4 * q, lanes >> (4 * q));
      _mm256_store_pd(to, _mm256_add_pd(_mm256_load_pd(to), more));
    }
  }

 private:
  TRADEGRAPH_AVX2 static double sum_of(__m256d four) {
    const auto halves = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(halves, _mm_unpackhi_pd(halves, halves)));
  }

  /// Adds 16 counts in the lanes that are set among the lowest 16.
  TRADEGRAPH_AVX2 static void add(__m256i* row, __m256i counts, std::uint32_t lanes) {
    const auto bits = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                        8192, 16384, static_cast<short>(0x8000));
    const auto spread = _mm256_and_si256(_mm256_set1_epi16(static_cast<short>(lanes)), bits);
    const auto chosen = _mm256_and_si256(_mm256_cmpeq_epi16(spread, bits), counts);
    _mm256_store_si256(row, _mm256_adds_epu16(_mm256_load_si256(row), chosen));
  }

  TRADEGRAPH_AVX2 static __m256d mask(std::uint32_t lanes) {
    return _mm256_load_pd(reinterpret_cast<const double*>(kFourLanes.of[lanes & 15]));
  }

  /// Four lanes of a row, 0 where they are not set among the lowest four.
  TRADEGRAPH_AVX2 static __m256d some_of(const double* row, std::uint32_t lanes) {
    return _mm256_and_pd(mask(lanes), _mm256_load_pd(row));
  }

  TRADEGRAPH_AVX2 static __m256d four(const double* counts) { return _mm256_load_pd(counts); }
  TRADEGRAPH_AVX2 static __m256d four(const std::uint16_t* counts) {
    const auto narrow = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(counts));
    return _mm256_cvtepi32_pd(_mm_cvtepu16_epi32(narrow));
  }

  template <class Count>
  TRADEGRAPH_AVX2 static void settle(const LevelEntry& entry, const __m256d* sum,
                                     const DependencyRows<Count>& at) {
    const auto* counts = at.counts + entry.vertex * kRow;
    double* row = at.rows + entry.vertex * kRow;
    const auto target = _mm256_set1_pd(at.targets[entry.vertex]);
    const auto aimed = at.lanes_aimed_at(entry.vertex);
    auto weighted = _mm256_setzero_pd();
    for (std::size_t q = 0; q < 8; ++q) {
      const auto lanes = entry.lanes >> (4 * q) & 15;
      if (lanes == 0) continue;
      const auto count = four(counts + 4 * q);
      const auto dependency = _mm256_mul_pd(sum[q], count);
      const auto mass = _mm256_add_pd(_mm256_and_pd(mask(aimed >> (4 * q)), target), dependency);
      const auto chosen = mask(lanes);
      _mm256_maskstore_pd(row + 4 * q, _mm256_castpd_si256(chosen), _mm256_div_pd(mass, count));
      const auto sources = _mm256_load_pd(at.lane_sources + 4 * q);
      weighted = _mm256_add_pd(weighted, _mm256_and_pd(chosen, _mm256_mul_pd(dependency, sources)));
    }
    at.dependency[entry.vertex] += sum_of(weighted);
  }
};

}  // namespace tradegraph::kernels

#undef TRADEGRAPH_AVX2
#endif
