#include "wirecopy/text/edge_kernel_portable.h"
#include "wirecopy/text/fold_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {

bool fold_ascii_avx512(const unsigned char* text, size_t n, unsigned char* folded,
                       uint64_t* word_bits, uint64_t* other_bits) {
  uint64_t any = 0;
  for (size_t at = 0; at < n; at += 64) {
    const size_t left = n - at;
    const __mmask64 valid = left >= 64 ? ~0ull : (1ull << left) - 1;
    const __m512i v = _mm512_maskz_loadu_epi8(valid, text + at);
    const __mmask64 upper =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
    const __m512i lower = _mm512_mask_add_epi8(v, upper, v, _mm512_set1_epi8(32));
    const __mmask64 letter =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')), _mm512_set1_epi8(26));
    const __mmask64 digit =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
    const uint64_t other = _mm512_movepi8_mask(v);
    _mm512_storeu_si512(folded + at, lower);
    word_bits[at / 64] = letter | digit;
    other_bits[at / 64] = other;
    any |= other;
  }
  return any != 0;
}

size_t count_edges_avx512(const uint64_t* bits, size_t blocks) { return count_edges(bits, blocks); }

void list_edges_avx512(const uint64_t* bits, size_t blocks, uint32_t* edges) {
  const __m512i numbers = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  uint64_t last = 0;
  for (size_t block = 0; block < blocks; ++block) {
    const uint64_t word = bits[block];
    const uint64_t left = word ^ (word << 1 | last);
    last = word >> 63;
    for (uint32_t part = 0; part < 64; part += 16) {
      const auto here = static_cast<__mmask16>(left >> part);
      const auto base = static_cast<uint32_t>(block * 64) + part;
      const __m512i at = _mm512_add_epi32(numbers, _mm512_set1_epi32(static_cast<int>(base)));
      _mm512_storeu_si512(edges, _mm512_maskz_compress_epi32(here, at));
      edges += __builtin_popcount(here);
    }
  }
}

}  // namespace wirecopy::kernel
#endif
