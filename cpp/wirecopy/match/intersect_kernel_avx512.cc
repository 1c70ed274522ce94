#include "wirecopy/match/intersect_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {

size_t count_common_avx512(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                           size_t needed) {
  const auto count = [](const uint64_t* x, const uint64_t* y) {
    const __m512i block = _mm512_loadu_si512(x);
    // Two chains of "differs from this one too".
    __mmask8 even = 0xFF;
    __mmask8 odd = 0xFF;
    for (size_t k = 0; k < 8; k += 2) {
      even = _mm512_mask_cmpneq_epi64_mask(even, block,
                                           _mm512_set1_epi64(static_cast<long long>(y[k])));
      odd = _mm512_mask_cmpneq_epi64_mask(odd, block,
                                          _mm512_set1_epi64(static_cast<long long>(y[k + 1])));
    }
    return static_cast<size_t>(8 - __builtin_popcount(static_cast<unsigned>(even & odd)));
  };
  return merge_blocks<8>(a, size_a, b, size_b, needed, count);
}

}  // namespace wirecopy::kernel
#endif
