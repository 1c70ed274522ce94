#include "wirecopy/text/byte_set_kernel.h"
#include "wirecopy/text/byte_set_kernel_portable.h"

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

size_t lower_simple_avx512(const unsigned char* text, size_t n, unsigned char* out) {
  const auto within = [](__m512i v, int from, int count) -> uint64_t {
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(static_cast<char>(from))),
                                  _mm512_set1_epi8(static_cast<char>(count)));
  };
  const auto add = [](__m512i v, uint64_t where, int what) {
    return _mm512_mask_add_epi8(v, where, v, _mm512_set1_epi8(static_cast<char>(what)));
  };
  const auto is = [](__m512i v, int byte) -> uint64_t {
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(static_cast<char>(byte)));
  };
  uint64_t last_d0 = 0;  // whether the block before ended with these
  uint64_t last_d1 = 0;
  size_t at = 0;
  // One more byte is read, to see what the last leads.
  for (; n - at > 64; at += 64) {
    const __m512i v = _mm512_loadu_si512(text + at);
    __m512i lower = add(v, within(v, 'A', 26), 32);
    const uint64_t high = _mm512_movepi8_mask(v);
    if (high == 0) {
      last_d0 = last_d1 = 0;
      _mm512_storeu_si512(out + at, lower);
      continue;
    }
    const __m512i next = _mm512_loadu_si512(text + at + 1);
    const uint64_t d0 = is(v, 0xD0);
    const uint64_t d1 = is(v, 0xD1);
    const uint64_t after_d0 = d0 << 1 | last_d0;
    const uint64_t after_d1 = d1 << 1 | last_d1;
    // U+0400 to U+040F, U+0410 to U+041F and U+0420 to U+042F.
    lower = add(lower, after_d0 & within(v, 0x80, 0x10), 0x10);
    lower = add(lower, after_d0 & within(v, 0x90, 0x10), 0x20);
    lower = add(lower, after_d0 & within(v, 0xA0, 0x10), -0x20);
    lower = add(lower, d0 & (within(next, 0x80, 0x10) | within(next, 0xA0, 0x10)), 1);
    const uint64_t known =
        d0 | (d1 & within(next, 0x80, 0x20)) | after_d0 | (after_d1 & within(v, 0x80, 0x20));
    const uint64_t other = high & ~known;
    _mm512_storeu_si512(out + at, lower);
    if (other != 0) return at + static_cast<size_t>(__builtin_ctzll(other));
    last_d0 = d0 >> 63;
    last_d1 = d1 >> 63;
  }
  return lower_simple_plain(text, at, n, out);
}

}  // namespace wirecopy::kernel
#endif
