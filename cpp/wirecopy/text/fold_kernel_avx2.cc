#include "wirecopy/text/edge_kernel_portable.h"
#include "wirecopy/text/fold_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

// Unsigned byte-wise a <= b.
inline __m256i at_most(__m256i a, __m256i b) { return _mm256_cmpeq_epi8(_mm256_min_epu8(a, b), a); }

inline uint64_t mask(__m256i v) { return static_cast<uint32_t>(_mm256_movemask_epi8(v)); }

// For each byte, the positions of its ones, a byte each, lowest first.
struct Positions {
  uint64_t of[256] = {};
  constexpr Positions() {
    for (uint64_t set = 0; set < 256; ++set) {
      int at = 0;
      for (uint64_t i = 0; i < 8; ++i) {
        if ((set >> i & 1) != 0) of[set] |= i << (8 * at++);
      }
    }
  }
};
constexpr Positions kPositions;

struct Half {
  __m256i folded;
  uint64_t word;
  uint64_t other;
};

inline Half fold_half(__m256i v) {
  const __m256i upper = at_most(_mm256_sub_epi8(v, _mm256_set1_epi8('A')), _mm256_set1_epi8(25));
  const __m256i lower = _mm256_add_epi8(v, _mm256_and_si256(upper, _mm256_set1_epi8(32)));
  const __m256i letter =
      at_most(_mm256_sub_epi8(lower, _mm256_set1_epi8('a')), _mm256_set1_epi8(25));
  const __m256i digit = at_most(_mm256_sub_epi8(lower, _mm256_set1_epi8('0')), _mm256_set1_epi8(9));
  return {lower, mask(_mm256_or_si256(letter, digit)), mask(v)};
}

}  // namespace

bool fold_ascii_avx2(const unsigned char* text, size_t n, unsigned char* folded,
                     uint64_t* word_bits, uint64_t* other_bits) {
  uint64_t any = 0;
  alignas(32) unsigned char tail[64];
  for (size_t at = 0; at < n; at += 64) {
    const unsigned char* from = text + at;
    if (n - at < 64) {
      for (size_t i = 0; i < 64; ++i) tail[i] = i < n - at ? from[i] : 0;
      from = tail;
    }
    const Half low = fold_half(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
    const Half high = fold_half(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 32)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(folded + at), low.folded);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(folded + at + 32), high.folded);
    word_bits[at / 64] = low.word | high.word << 32;
    other_bits[at / 64] = low.other | high.other << 32;
    any |= other_bits[at / 64];
  }
  return any != 0;
}

size_t count_edges_avx2(const uint64_t* bits, size_t blocks) { return count_edges(bits, blocks); }

void list_edges_avx2(const uint64_t* bits, size_t blocks, uint32_t* edges) {
  uint64_t last = 0;
  for (size_t block = 0; block < blocks; ++block) {
    const uint64_t word = bits[block];
    uint64_t left = word ^ (word << 1 | last);
    last = word >> 63;
    for (uint32_t part = 0; part < 64; part += 8) {
      const auto base = static_cast<uint32_t>(block * 64) + part;
      const auto set = static_cast<unsigned>(left & 0xFFu);
      const __m256i at =
          _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(kPositions.of[set])));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(edges),
                          _mm256_add_epi32(at, _mm256_set1_epi32(static_cast<int>(base))));
      edges += __builtin_popcount(set);
      left >>= 8;
    }
  }
}

}  // namespace wirecopy::kernel
#endif
