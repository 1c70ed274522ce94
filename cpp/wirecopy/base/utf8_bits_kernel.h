// Between characters below U+0800 and UTF-8, four at a time in one 64-bit word: each character has
// a lane of 16 bits, with its first byte below its second, and BMI2 closes or opens the gaps of
// those that are one byte long. Greek, Cyrillic, Hebrew and Arabic with their spaces and digits are
// such text, and so is Latin with accents.
//
// Included by kernel files alone; everything here is a copy of the file's own.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {
namespace {

constexpr uint64_t lanes(uint64_t value) { return value * 0x0001000100010001u; }

inline uint64_t load8(const void* from) {
  uint64_t word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

inline void store8(uint64_t word, void* to) { __builtin_memcpy(to, &word, sizeof word); }

// All ones in the lanes whose highest bit is set.
inline uint64_t whole_lanes(uint64_t highest) { return (highest >> 15 & lanes(1)) * 0xFFFFu; }

// Writes characters until fewer than four are left, or four that are all ASCII, or one from U+0800
// on is among them. Up to 8 bytes beyond what counts are written.
inline const uint16_t* encode_short(const uint16_t* text, const uint16_t* end,
                                    unsigned char*& out) {
  while (end - text >= 4) {
    const uint64_t four = load8(text);
    if ((four & lanes(0xF800)) != 0) break;
    const uint64_t two_bytes = (four + lanes(0x7F80)) & lanes(0x8000);  // from 0x80 on
    if (two_bytes == 0) break;
    const uint64_t split = (four >> 6 & lanes(0x1F)) | (four & lanes(0x3F)) << 8 | lanes(0x80C0);
    const uint64_t of_two = whole_lanes(two_bytes);
    store8(_pext_u64((split & of_two) | (four & ~of_two), lanes(0xFF) | of_two), out);
    out += 4 + __builtin_popcountll(two_bytes);
    text += 4;
  }
  return text;
}

// Where the bytes of four characters go, and how many they are, by which of the seven bytes after
// the first continue a character.
struct Openings {
  uint64_t mask[128]{};
  uint8_t bytes[128]{};
  constexpr Openings() {
    for (unsigned continues = 0; continues < 128; ++continues) {
      unsigned byte = 0;
      for (unsigned lane = 0; lane < 4; ++lane) {
        const bool two = byte < 7 && (continues >> byte & 1) != 0;
        mask[continues] |= uint64_t{two ? 0xFFFFu : 0xFFu} << (16 * lane);
        byte += two ? 2 : 1;
      }
      bytes[continues] = static_cast<uint8_t>(byte);
    }
  }
};

// Four characters; returns of how many bytes they are.
inline size_t decode_four(const unsigned char* text, uint64_t continues, uint16_t* out) {
  static constexpr Openings kOpenings;
  const uint64_t open = _pdep_u64(load8(text), kOpenings.mask[continues]);
  const uint64_t of_two = whole_lanes(open);
  const uint64_t joined = (open & lanes(0x1F)) << 6 | (open >> 8 & lanes(0x3F));
  store8((joined & of_two) | (open & ~of_two), out);
  return kOpenings.bytes[continues];
}

// Reads characters below U+0800 until fewer than eight bytes are left or a longer one is near;
// returns how many bytes. The text is UTF-8 and begins with a character.
inline size_t decode_short(const unsigned char* text, size_t n, uint16_t*& out) {
  size_t at = 0;
  // 64 bytes at a time: to know where a character ends takes longer than to decode it, so it is
  // found for all of them first.
  const auto bits = [](__m256i low, __m256i high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
  };
  const __m256i most_continuing = _mm256_set1_epi8(-64);  // as signed: 0x80 to 0xBF are below 0xC0
  const __m256i most_short = _mm256_set1_epi8(-33);       // 0xDF
  const __m256i zero = _mm256_setzero_si256();
  while (n - at >= 64) {
    const auto* const block = reinterpret_cast<const __m256i*>(text + at);
    const __m256i low = _mm256_loadu_si256(block);
    const __m256i high = _mm256_loadu_si256(block + 1);
    const uint64_t continues =
        bits(_mm256_cmpgt_epi8(most_continuing, low), _mm256_cmpgt_epi8(most_continuing, high));
    const uint64_t is_long =
        bits(_mm256_and_si256(_mm256_cmpgt_epi8(low, most_short), _mm256_cmpgt_epi8(zero, low)),
             _mm256_and_si256(_mm256_cmpgt_epi8(high, most_short), _mm256_cmpgt_epi8(zero, high)));
    const size_t end = is_long == 0 ? 64 : static_cast<size_t>(__builtin_ctzll(is_long));
    size_t in_block = 0;
    while (in_block + 8 <= end) {
      in_block += decode_four(text + at + in_block, continues >> in_block >> 1 & 127, out);
      out += 4;
    }
    at += in_block;
    if (is_long != 0) return at;
  }
  constexpr uint64_t kHigh = 0x8080808080808080u;
  while (n - at >= 8) {
    const uint64_t eight = load8(text + at);
    if ((eight & eight << 1 & eight << 2 & kHigh) != 0) break;
    at += decode_four(text + at, _pext_u64(eight & ~(eight << 1), kHigh) >> 1 & 127, out);
    out += 4;
  }
  return at;
}

}  // namespace
}  // namespace wirecopy::kernel
