#include "wirecopy/base/utf8_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

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

}  // namespace

unsigned char* encode_utf8_avx2(const void* text, size_t n, unsigned width, unsigned char* out,
                                bool* surrogate) {
  return encode_width<Block1, Block2, Block4>(text, n, width, out, surrogate);
}

}  // namespace wirecopy::kernel
#endif
