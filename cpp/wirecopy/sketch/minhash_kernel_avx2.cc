#include "wirecopy/sketch/minhash_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {

void min_hash_avx2(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                   const uint32_t* increments, size_t blocks, uint32_t* minima) {
  // 32 permutations at a time: four minima and four multipliers stay in registers.
  constexpr size_t kVectors = 4;
  for (size_t from = 0; from < blocks * kMinHashBlock; from += 8 * kVectors) {
    __m256i a[kVectors];
    __m256i b[kVectors];
    __m256i low[kVectors];
    for (size_t v = 0; v < kVectors; ++v) {
      a[v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(multipliers + from + 8 * v));
      b[v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(increments + from + 8 * v));
      low[v] = _mm256_set1_epi32(-1);
    }
    for (size_t i = 0; i < count; ++i) {
      const __m256i x = _mm256_set1_epi32(static_cast<int>(shingles[i] >> 32));
      for (size_t v = 0; v < kVectors; ++v) {
        low[v] = _mm256_min_epu32(low[v], _mm256_add_epi32(_mm256_mullo_epi32(x, a[v]), b[v]));
      }
    }
    for (size_t v = 0; v < kVectors; ++v) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(minima + from + 8 * v), low[v]);
    }
  }
}

}  // namespace wirecopy::kernel
#endif
