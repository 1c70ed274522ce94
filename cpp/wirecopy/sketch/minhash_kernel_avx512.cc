#include "wirecopy/sketch/minhash_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

template <size_t kVectors>
inline void min_hash_part(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                          const uint32_t* increments, uint32_t* minima) {
  __m512i a[kVectors];
  __m512i b[kVectors];
  __m512i low[kVectors];
  for (size_t v = 0; v < kVectors; ++v) {
    a[v] = _mm512_loadu_si512(multipliers + 16 * v);
    b[v] = _mm512_loadu_si512(increments + 16 * v);
    low[v] = _mm512_set1_epi32(-1);
  }
  for (size_t i = 0; i < count; ++i) {
    const __m512i x = _mm512_set1_epi32(static_cast<int>(shingles[i] >> 32));
    for (size_t v = 0; v < kVectors; ++v) {
      low[v] = _mm512_min_epu32(low[v], _mm512_add_epi32(_mm512_mullo_epi32(x, a[v]), b[v]));
    }
  }
  for (size_t v = 0; v < kVectors; ++v) _mm512_storeu_si512(minima + 16 * v, low[v]);
}

}  // namespace

void min_hash_avx512(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                     const uint32_t* increments, size_t blocks, uint32_t* minima) {
  // 128 permutations at a time fill 24 of the 32 registers.
  size_t block = 0;
  for (; block + 2 <= blocks; block += 2) {
    const size_t from = block * kMinHashBlock;
    min_hash_part<8>(shingles, count, multipliers + from, increments + from, minima + from);
  }
  if (block < blocks) {
    const size_t from = block * kMinHashBlock;
    min_hash_part<4>(shingles, count, multipliers + from, increments + from, minima + from);
  }
}

}  // namespace wirecopy::kernel
#endif
