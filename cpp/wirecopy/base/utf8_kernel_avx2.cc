#include "wirecopy/base/utf8_kernel.h"
#include "wirecopy/base/utf8_valid_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "wirecopy/base/utf8_bits_kernel.h"

namespace wirecopy::kernel {
namespace {

inline __m256i load(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

// Stores 32 bytes; returns how many stand before the first >= 0x80.
inline size_t store(__m256i bytes, unsigned char* out) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);
  const auto other = static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
  return other == 0 ? 32 : static_cast<size_t>(__builtin_ctz(other));
}

struct Block1 {
  static constexpr size_t kSize = 32;
  static size_t pack(const uint8_t* text, unsigned char* out) { return store(load(text), out); }
};

struct Block2 {
  static constexpr size_t kSize = 32;
  static const uint16_t* encode_short(const uint16_t* text, const uint16_t* end,
                                      unsigned char*& out) {
    return kernel::encode_short(text, end, out);
  }
  static size_t pack(const uint16_t* text, unsigned char* out) {
    // Packing takes its input as signed, so greater values are cut to 255 first.
    const __m256i most = _mm256_set1_epi16(255);
    const __m256i low = _mm256_min_epu16(load(text), most);
    const __m256i high = _mm256_min_epu16(load(text + 16), most);
    return store(_mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0b11011000), out);
  }
};

struct Block4 {
  static constexpr size_t kSize = 32;
  static size_t pack(const uint32_t* text, unsigned char* out) {
    const __m256i most = _mm256_set1_epi32(255);
    const auto cut = [&](size_t at) { return _mm256_min_epu32(load(text + at), most); };
    const __m256i low = _mm256_packus_epi32(cut(0), cut(8));
    const __m256i high = _mm256_packus_epi32(cut(16), cut(24));
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    return store(_mm256_permutevar8x32_epi32(_mm256_packus_epi16(low, high), order), out);
  }
};

struct Steps {
  static size_t widen(const unsigned char* text, size_t n, uint16_t* out) {
    size_t at = 0;
    while (n - at >= 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
      if (_mm_movemask_epi8(bytes) != 0) break;
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), _mm256_cvtepu8_epi16(bytes));
      at += 16;
    }
    return at;
  }
  static size_t decode_short(const unsigned char* text, size_t n, uint16_t*& out) {
    return kernel::decode_short(text, n, out);
  }
};

struct Vector {
  using Register = __m256i;
  static constexpr size_t kSize = 32;
  static Register load(const unsigned char* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static Register fill(int byte) { return _mm256_set1_epi8(static_cast<char>(byte)); }
  static Register either(Register a, Register b) { return _mm256_or_si256(a, b); }
  static Register both(Register a, Register b) { return _mm256_and_si256(a, b); }
  static Register differ(Register a, Register b) { return _mm256_xor_si256(a, b); }
  static Register minus(Register a, Register b) { return _mm256_subs_epu8(a, b); }
  static Register high_half(Register v) { return both(_mm256_srli_epi16(v, 4), fill(15)); }
  static Register look_up(const uint8_t* table, Register index) {
    const __m128i entries = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(entries), index);
  }
  template <int n>
  static Register shifted(Register now, Register last) {
    return _mm256_alignr_epi8(now, _mm256_permute2x128_si256(last, now, 0x21), 16 - n);
  }
  static bool any(Register v) { return _mm256_testz_si256(v, v) == 0; }
  static bool any_high(Register v) { return _mm256_movemask_epi8(v) != 0; }
};

}  // namespace

unsigned char* encode_utf8_avx2(const void* text, size_t n, unsigned width, unsigned char* out,
                                bool* surrogate) {
  return encode_width<Block1, Block2, Block4>(text, n, width, out, surrogate);
}

void decode_utf8_avx2(const unsigned char* text, size_t n, uint16_t* out) {
  decode_blocks<Steps>(text, n, out);
}

bool valid_utf8_avx2(const unsigned char* text, size_t n) { return valid_blocks<Vector>(text, n); }

}  // namespace wirecopy::kernel
#endif
