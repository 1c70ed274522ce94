#include "wirecopy/base/utf8_kernel.h"
#include "wirecopy/base/utf8_valid_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "wirecopy/base/utf8_bits_kernel.h"

namespace wirecopy::kernel {
namespace {

struct Block1 {
  static constexpr size_t kSize = 64;
  static size_t pack(const uint8_t* text, unsigned char* out) {
    const __m512i v = _mm512_loadu_si512(text);
    _mm512_storeu_si512(out, v);
    const uint64_t other = _mm512_movepi8_mask(v);
    return other == 0 ? 64 : static_cast<size_t>(__builtin_ctzll(other));
  }
};

struct Block2 {
  static constexpr size_t kSize = 32;
  static const uint16_t* encode_short(const uint16_t* text, const uint16_t* end,
                                      unsigned char*& out) {
    return kernel::encode_short(text, end, out);
  }
  static size_t pack(const uint16_t* text, unsigned char* out) {
    const __m512i v = _mm512_loadu_si512(text);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_cvtepi16_epi8(v));
    const uint32_t other = _mm512_cmpge_epu16_mask(v, _mm512_set1_epi16(0x80));
    return other == 0 ? 32 : static_cast<size_t>(__builtin_ctz(other));
  }
};

struct Block4 {
  static constexpr size_t kSize = 32;
  static size_t pack(const uint32_t* text, unsigned char* out) {
    const __m512i low = _mm512_loadu_si512(text);
    const __m512i high = _mm512_loadu_si512(text + 16);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm512_cvtepi32_epi8(low));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), _mm512_cvtepi32_epi8(high));
    const __m512i first_other = _mm512_set1_epi32(0x80);
    const uint32_t other = static_cast<uint32_t>(_mm512_cmpge_epu32_mask(low, first_other)) |
                           static_cast<uint32_t>(_mm512_cmpge_epu32_mask(high, first_other)) << 16;
    return other == 0 ? 32 : static_cast<size_t>(__builtin_ctz(other));
  }
};

struct Steps {
  static size_t widen(const unsigned char* text, size_t n, uint16_t* out) {
    size_t at = 0;
    while (n - at >= 32) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
      if (_mm256_movemask_epi8(bytes) != 0) break;
      _mm512_storeu_si512(out + at, _mm512_cvtepu8_epi16(bytes));
      at += 32;
    }
    return at;
  }
  static size_t decode_short(const unsigned char* text, size_t n, uint16_t*& out) {
    return kernel::decode_short(text, n, out);
  }
};

struct Vector {
  using Register = __m512i;
  static constexpr size_t kSize = 64;
  static Register load(const unsigned char* from) { return _mm512_loadu_si512(from); }
  static Register fill(int byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }
  static Register either(Register a, Register b) { return _mm512_or_si512(a, b); }
  static Register both(Register a, Register b) { return _mm512_and_si512(a, b); }
  static Register differ(Register a, Register b) { return _mm512_xor_si512(a, b); }
  static Register minus(Register a, Register b) { return _mm512_subs_epu8(a, b); }
  static Register high_half(Register v) { return both(_mm512_srli_epi16(v, 4), fill(15)); }
  static Register look_up(const uint8_t* table, Register index) {
    const __m128i entries = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(entries), index);
  }
  template <int n>
  static Register shifted(Register now, Register last) {
    return _mm512_alignr_epi8(now, _mm512_alignr_epi32(now, last, 12), 16 - n);
  }
  static bool any(Register v) { return _mm512_test_epi8_mask(v, v) != 0; }
  static bool any_high(Register v) { return _mm512_movepi8_mask(v) != 0; }
};

}  // namespace

unsigned char* encode_utf8_avx512(const void* text, size_t n, unsigned width, unsigned char* out,
                                  bool* surrogate) {
  return encode_width<Block1, Block2, Block4>(text, n, width, out, surrogate);
}

void decode_utf8_avx512(const unsigned char* text, size_t n, uint16_t* out) {
  decode_blocks<Steps>(text, n, out);
}

bool valid_utf8_avx512(const unsigned char* text, size_t n) {
  return valid_blocks<Vector>(text, n);
}

}  // namespace wirecopy::kernel
#endif
