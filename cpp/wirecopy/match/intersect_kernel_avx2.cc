#include "wirecopy/match/intersect_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {

size_t count_common_avx2(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                         size_t needed) {
  // Eight by eight although a register holds four: the step from one block to the next takes about
  // as long as these comparisons.
  const auto count = [](const uint64_t* x, const uint64_t* y) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + 4));
    __m256i low_equal = _mm256_setzero_si256();
    __m256i high_equal = _mm256_setzero_si256();
    for (size_t k = 0; k < 8; ++k) {
      const __m256i value = _mm256_set1_epi64x(static_cast<long long>(y[k]));
      low_equal = _mm256_or_si256(low_equal, _mm256_cmpeq_epi64(low, value));
      high_equal = _mm256_or_si256(high_equal, _mm256_cmpeq_epi64(high, value));
    }
    // Packed to four bytes, so four bits of the mask, a value.
    const __m256i equal = _mm256_packs_epi32(low_equal, high_equal);
    return static_cast<size_t>(
               __builtin_popcount(static_cast<unsigned>(_mm256_movemask_epi8(equal)))) /
           4;
  };
  return merge_blocks<8>(a, size_a, b, size_b, needed, count);
}

}  // namespace wirecopy::kernel
#endif
