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

size_t lower_ascii_avx2(const unsigned char* text, size_t n, unsigned char* out) {
  size_t at = 0;
  for (; n - at >= 32; at += 32) {
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
    const __m256i from_a = _mm256_sub_epi8(v, _mm256_set1_epi8('A'));
    const __m256i upper = _mm256_cmpeq_epi8(_mm256_min_epu8(from_a, _mm256_set1_epi8(25)), from_a);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at),
                        _mm256_add_epi8(v, _mm256_and_si256(upper, _mm256_set1_epi8(32))));
    const auto other = static_cast<uint32_t>(_mm256_movemask_epi8(v));
    if (other != 0) return at + static_cast<size_t>(__builtin_ctz(other));
  }
  return lower_ascii_plain(text, at, n, out);
}

}  // namespace wirecopy::kernel
#endif
