#include "wirecopy/text/byte_set_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

inline __m512i broadcast(const uint8_t* rows) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rows)));
}

inline __mmask64 first(size_t n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

}  // namespace

size_t find_byte_avx512(const unsigned char* text, size_t at, size_t n, const ByteRows* set) {
  const __m512i low = broadcast(set->rows[0]);
  const __m512i high = broadcast(set->rows[1]);
  const __m512i bits = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201ull));
  for (; at < n; at += 64) {
    const __mmask64 here = first(n - at);
    const __m512i v = _mm512_maskz_loadu_epi8(here, text + at);
    const __m512i row =
        _mm512_or_si512(_mm512_shuffle_epi8(low, v),
                        _mm512_shuffle_epi8(high, _mm512_xor_si512(v, _mm512_set1_epi8(-128))));
    const __m512i bit =
        _mm512_shuffle_epi8(bits, _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(15)));
    const uint64_t found = _mm512_mask_test_epi8_mask(here, row, bit);
    if (found != 0) return at + static_cast<size_t>(__builtin_ctzll(found));
  }
  return n;
}

size_t lower_ascii_avx512(const unsigned char* text, size_t n, unsigned char* out) {
  for (size_t at = 0; at < n; at += 64) {
    const __mmask64 here = first(n - at);
    const __m512i v = _mm512_maskz_loadu_epi8(here, text + at);
    const __mmask64 upper =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
    _mm512_mask_storeu_epi8(out + at, here,
                            _mm512_mask_add_epi8(v, upper, v, _mm512_set1_epi8(32)));
    const uint64_t other = _mm512_movepi8_mask(v);
    if (other != 0) return at + static_cast<size_t>(__builtin_ctzll(other));
  }
  return n;
}

}  // namespace wirecopy::kernel
#endif
