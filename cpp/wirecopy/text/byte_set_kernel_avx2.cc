#include "wirecopy/text/byte_set_kernel.h"
#include "wirecopy/text/byte_set_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

// A shuffle gives 0 where the top bit of its index is set, so each of the two looks up its own half
// of the bytes.
class Matcher {
 public:
  explicit Matcher(const ByteRows* set)
      : low_(load(set->rows[0])),
        high_(load(set->rows[1])),
        bit_(_mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4,
                              8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)) {}

  uint32_t operator()(const unsigned char* text) const {
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i row =
        _mm256_or_si256(_mm256_shuffle_epi8(low_, v),
                        _mm256_shuffle_epi8(high_, _mm256_xor_si256(v, _mm256_set1_epi8(-128))));
    const __m256i bit =
        _mm256_shuffle_epi8(bit_, _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15)));
    return static_cast<uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(row, bit), bit)));
  }

 private:
  static __m256i load(const uint8_t* rows) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rows)));
  }
  __m256i low_, high_, bit_;
};

}  // namespace

size_t find_byte_avx2(const unsigned char* text, size_t at, size_t n, const ByteRows* set) {
  if (n - at >= 32) {
    const Matcher match(set);
    do {
      const uint32_t found = match(text + at);
      if (found != 0) return at + static_cast<size_t>(__builtin_ctz(found));
      at += 32;
    } while (n - at >= 32);
  }
  return find_byte_plain(text, at, n, set);
}

size_t lower_simple_avx2(const unsigned char* text, size_t n, unsigned char* out) {
  const auto load = [](const unsigned char* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  };
  const auto is = [](__m256i v, int byte) {
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(static_cast<char>(byte)));
  };
  const auto within = [](__m256i v, int first, int count) {
    const __m256i from = _mm256_sub_epi8(v, _mm256_set1_epi8(static_cast<char>(first)));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(from, _mm256_set1_epi8(static_cast<char>(count - 1))),
                             from);
  };
  const auto add = [](__m256i v, __m256i where, int what) {
    return _mm256_add_epi8(v, _mm256_and_si256(where, _mm256_set1_epi8(static_cast<char>(what))));
  };
  size_t at = 0;
  // One more byte is read, to see what the last leads.
  for (; n - at > 32; at += 32) {
    const __m256i v = load(text + at);
    __m256i lower = add(v, within(v, 'A', 26), 32);
    const auto high = static_cast<uint32_t>(_mm256_movemask_epi8(v));
    if (high != 0) {
      const __m256i next = load(text + at + 1);
      const __m256i last = at > 0
                               ? load(text + at - 1)
                               : _mm256_alignr_epi8(v, _mm256_permute2x128_si256(v, v, 0x08), 15);
      const __m256i after_d0 = is(last, 0xD0);
      const __m256i upper = _mm256_and_si256(after_d0, within(v, 0x80, 0x30));
      // U+0400 to U+040F, U+0410 to U+041F and U+0420 to U+042F.
      lower = add(lower, _mm256_and_si256(upper, within(v, 0x80, 0x10)), 0x10);
      lower = add(lower, _mm256_and_si256(upper, within(v, 0x90, 0x10)), 0x20);
      lower = add(lower, _mm256_and_si256(upper, within(v, 0xA0, 0x10)), -0x20);
      const __m256i d0 = is(v, 0xD0);
      const __m256i moves = _mm256_or_si256(within(next, 0x80, 0x10), within(next, 0xA0, 0x10));
      lower = add(lower, _mm256_and_si256(d0, moves), 1);
      const __m256i d1_letter = _mm256_and_si256(is(last, 0xD1), within(v, 0x80, 0x20));
      const __m256i d1 = _mm256_and_si256(is(v, 0xD1), within(next, 0x80, 0x20));
      const __m256i known =
          _mm256_or_si256(_mm256_or_si256(d0, d1), _mm256_or_si256(after_d0, d1_letter));
      const uint32_t other = high & ~static_cast<uint32_t>(_mm256_movemask_epi8(known));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), lower);
      if (other != 0) return at + static_cast<size_t>(__builtin_ctz(other));
      continue;
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), lower);
  }
  return lower_simple_plain(text, at, n, out);
}

}  // namespace wirecopy::kernel
#endif
