#include "wirecopy/sketch/hash_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Words are sorted by formula eight at a time. The multiplications are scalar: AVX2 has none of 64
// bits, and would need three or four of 32 bits and their sums for each.
namespace wirecopy::kernel {
namespace {

// For each set of eight words, as bits: their indices, a byte each, those of the set first.
struct Members {
  uint64_t of[256] = {};
  constexpr Members() {
    for (uint64_t set = 0; set < 256; ++set) {
      int at = 0;
      for (uint64_t i = 0; i < 8; ++i) {
        if ((set >> i & 1) != 0) of[set] |= i << (8 * at++);
      }
    }
  }
};
constexpr Members kMembers;

inline void append(uint8_t* list, size_t& count, unsigned set, uint64_t base) {
  const uint64_t indices = kMembers.of[set] + base;
  __builtin_memcpy(list + count, &indices, sizeof indices);
  count += static_cast<size_t>(__builtin_popcount(set));
}

inline ByFormula sort_eight_at_a_time(const WordSpan* words, size_t count) {
  ByFormula lists;
  const __m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
  for (size_t i = 0; i < count; i += 8) {
    const size_t left = count - i;
    const unsigned valid = left >= 8 ? 0xFFu : (1u << left) - 1;
    __m256i length;
    if (left >= 8) {
      const __m256 low = _mm256_loadu_ps(reinterpret_cast<const float*>(words + i));
      const __m256 high = _mm256_loadu_ps(reinterpret_cast<const float*>(words + i + 4));
      const __m256i begin = _mm256_castps_si256(_mm256_shuffle_ps(low, high, 0x88));
      const __m256i end = _mm256_castps_si256(_mm256_shuffle_ps(low, high, 0xDD));
      // The shuffles leave words 0, 1, 4, 5, 2, 3, 6, 7.
      length = _mm256_permutevar8x32_epi32(_mm256_sub_epi32(end, begin), order);
    } else {
      alignas(32) uint32_t lengths[8] = {};
      for (size_t k = 0; k < left; ++k) lengths[k] = words[i + k].end - words[i + k].begin;
      length = _mm256_load_si256(reinterpret_cast<const __m256i*>(lengths));
    }
    const auto longer_than = [&](int bytes) {
      const __m256i longer = _mm256_cmpgt_epi32(length, _mm256_set1_epi32(bytes));
      return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(longer)));
    };
    const unsigned over_3 = longer_than(3);
    const unsigned over_8 = longer_than(8);
    const uint64_t base = 0x0101010101010101u * i;
    append(lists.tiny, lists.tiny_count, ~over_3 & valid, base);
    append(lists.small, lists.small_count, over_3 & ~over_8, base);
    append(lists.rest, lists.rest_count, over_8, base);
  }
  return lists;
}

}  // namespace

size_t hash_words_avx2(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                       uint32_t* longer) {
  return hash_words(bytes, words, count, hashes, longer, sort_eight_at_a_time);
}

void hash_windows_avx2(const uint64_t* values, size_t count, uint64_t* out) {
  hash_windows(values, count, out);
}

}  // namespace wirecopy::kernel
#endif
