// Between UTF-8 and characters below U+10000 with the compressing moves of AVX-512 VBMI2: a block
// is taken apart into the bytes of each character, or put together with gaps that are then closed,
// and no character is looked at alone, whichever alphabets a text mixes.
#include "wirecopy/base/utf8_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

// 32 characters from two bytes that 16-bit lanes hold; `kept` are those that count.
inline unsigned char* encode_two(__m512i text, uint32_t two_bytes, uint32_t kept,
                                 unsigned char* out) {
  const __m512i first = _mm512_or_si512(_mm512_srli_epi16(text, 6), _mm512_set1_epi16(0xC0));
  const __m512i second =
      _mm512_or_si512(_mm512_and_si512(text, _mm512_set1_epi16(0x3F)), _mm512_set1_epi16(0x80));
  const __m512i lanes =
      _mm512_mask_mov_epi16(text, two_bytes, _mm512_or_si512(first, _mm512_slli_epi16(second, 8)));
  const uint64_t bytes =
      _pdep_u64(kept, 0x5555555555555555u) | _pdep_u64(two_bytes & kept, 0xAAAAAAAAAAAAAAAAu);
  _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(bytes, lanes));
  return out + _mm_popcnt_u64(bytes);
}

// 16 characters of up to three bytes; `kept` are those that count.
inline unsigned char* encode_three(__m256i text, uint16_t kept, unsigned char* out) {
  const __m512i c = _mm512_cvtepu16_epi32(text);
  const __mmask16 two = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x80));
  const __mmask16 three = _mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(0x800));
  const __m512i six_bits = _mm512_set1_epi32(0x3F);
  const __m512i continues = _mm512_set1_epi32(0x80);
  const __m512i last = _mm512_or_si512(_mm512_and_si512(c, six_bits), continues);
  const __m512i middle =
      _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi32(c, 6), six_bits), continues);
  const __m512i of_two =
      _mm512_or_si512(_mm512_or_si512(_mm512_srli_epi32(c, 6), _mm512_set1_epi32(0xC0)),
                      _mm512_slli_epi32(last, 8));
  const __m512i of_three =
      _mm512_or_si512(_mm512_or_si512(_mm512_srli_epi32(c, 12), _mm512_set1_epi32(0xE0)),
                      _mm512_or_si512(_mm512_slli_epi32(middle, 8), _mm512_slli_epi32(last, 16)));
  __m512i lanes = _mm512_mask_mov_epi32(c, two, of_two);
  lanes = _mm512_mask_mov_epi32(lanes, three, of_three);
  const uint64_t bytes = _pdep_u64(kept, 0x1111111111111111u) |
                         _pdep_u64(two & kept, 0x2222222222222222u) |
                         _pdep_u64(three & kept, 0x4444444444444444u);
  _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(bytes, lanes));
  return out + _mm_popcnt_u64(bytes);
}

// A block of up to 32 characters.
inline unsigned char* encode_block(__m512i text, uint32_t kept, unsigned char* out,
                                   bool* surrogate) {
  const uint32_t two = _mm512_cmpge_epu16_mask(text, _mm512_set1_epi16(0x80));
  if (two == 0) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_cvtepi16_epi8(text));
    return out + _mm_popcnt_u32(kept);
  }
  const uint32_t three = _mm512_cmpge_epu16_mask(text, _mm512_set1_epi16(0x800));
  if (three == 0) return encode_two(text, two, kept, out);
  const __m512i top = _mm512_and_si512(text, _mm512_set1_epi16(static_cast<short>(0xF800)));
  *surrogate |= _mm512_cmpeq_epi16_mask(top, _mm512_set1_epi16(static_cast<short>(0xD800))) != 0;
  out = encode_three(_mm512_castsi512_si256(text), static_cast<uint16_t>(kept), out);
  return encode_three(_mm512_extracti64x4_epi64(text, 1), static_cast<uint16_t>(kept >> 16), out);
}

inline __m512i load(const uint16_t* text, uint32_t kept) {
  return _mm512_maskz_loadu_epi16(kept, text);
}
inline __m512i load(const uint8_t* text, uint32_t kept) {
  return _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(kept, text));
}

template <typename Character>
unsigned char* encode_all(const Character* text, size_t n, unsigned char* out, bool* surrogate) {
  for (; n >= 32; text += 32, n -= 32) {
    out = encode_block(load(text, 0xFFFFFFFFu), 0xFFFFFFFFu, out, surrogate);
  }
  const uint32_t rest = (1u << n) - 1;
  return n == 0 ? out : encode_block(load(text, rest), rest, out, surrogate);
}

// 32 characters from their first, second and third bytes, where they have them.
inline __m512i join(__m256i first, __m256i second, __m256i third) {
  const __m512i a = _mm512_cvtepu8_epi16(first);
  const __m512i six_bits = _mm512_set1_epi16(0x3F);
  const __m512i b = _mm512_and_si512(_mm512_cvtepu8_epi16(second), six_bits);
  const __m512i c = _mm512_and_si512(_mm512_cvtepu8_epi16(third), six_bits);
  const __m512i of_two =
      _mm512_or_si512(_mm512_slli_epi16(_mm512_and_si512(a, _mm512_set1_epi16(0x1F)), 6), b);
  const __m512i of_three =
      _mm512_or_si512(_mm512_slli_epi16(a, 12), _mm512_or_si512(_mm512_slli_epi16(b, 6), c));
  const __m512i joined =
      _mm512_mask_mov_epi16(a, _mm512_cmpge_epu16_mask(a, _mm512_set1_epi16(0xC0)), of_two);
  return _mm512_mask_mov_epi16(joined, _mm512_cmpge_epu16_mask(a, _mm512_set1_epi16(0xE0)),
                               of_three);
}

// 64 bytes of text; returns the end of what was written, of which more is overwritten: 64
// characters. Two bytes after the block are read.
inline uint16_t* decode_block(const unsigned char* text, uint16_t* out) {
  const __m512i now = _mm512_loadu_si512(text);
  if (_mm512_movepi8_mask(now) == 0) {
    _mm512_storeu_si512(out, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(now)));
    _mm512_storeu_si512(out + 32, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(now, 1)));
    return out + 64;
  }
  // As signed numbers, the bytes that continue a character are the lowest.
  const uint64_t begins = _mm512_cmpge_epi8_mask(now, _mm512_set1_epi8(-64));
  const __m512i first = _mm512_maskz_compress_epi8(begins, now);
  const __m512i second = _mm512_maskz_compress_epi8(begins, _mm512_loadu_si512(text + 1));
  const __m512i third = _mm512_maskz_compress_epi8(begins, _mm512_loadu_si512(text + 2));
  const auto count = static_cast<size_t>(_mm_popcnt_u64(begins));
  _mm512_storeu_si512(out, join(_mm512_castsi512_si256(first), _mm512_castsi512_si256(second),
                                _mm512_castsi512_si256(third)));
  if (count > 32) {
    _mm512_storeu_si512(
        out + 32, join(_mm512_extracti64x4_epi64(first, 1), _mm512_extracti64x4_epi64(second, 1),
                       _mm512_extracti64x4_epi64(third, 1)));
  }
  return out + count;
}

}  // namespace

unsigned char* encode_utf8_vbmi2(const void* text, size_t n, unsigned width, unsigned char* out,
                                 bool* surrogate) {
  switch (width) {
    case 1: return encode_all(static_cast<const uint8_t*>(text), n, out, surrogate);
    case 2: return encode_all(static_cast<const uint16_t*>(text), n, out, surrogate);
    default: return encode_utf8_avx512(text, n, width, out, surrogate);
  }
}

void decode_utf8_vbmi2(const unsigned char* text, size_t n, uint16_t* out) {
  // 64 characters may be written where fewer count, so that many must be left: three bytes each.
  constexpr size_t kLeft = size_t{3} * 64;
  size_t at = 0;
  for (; n - at >= kLeft; at += 64) out = decode_block(text + at, out);
  while (at < n && (text[at] & 0xC0u) == 0x80) ++at;  // of a character that was written
  decode_utf8_avx512(text + at, n - at, out);
}

}  // namespace wirecopy::kernel
#endif
