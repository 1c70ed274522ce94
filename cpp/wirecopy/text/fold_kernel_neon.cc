#include "wirecopy/text/edge_kernel_portable.h"
#include "wirecopy/text/fold_kernel.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace wirecopy::kernel {
namespace {

// One bit a byte of four comparison results (0x00 or 0xFF each), lowest byte first.
inline uint64_t mask(const uint8x16_t (&v)[4]) {
  static const uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vld1q_u8(kBits);
  const uint8x16_t low = vpaddq_u8(vandq_u8(v[0], bits), vandq_u8(v[1], bits));
  const uint8x16_t high = vpaddq_u8(vandq_u8(v[2], bits), vandq_u8(v[3], bits));
  const uint8x16_t four = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(four, four)), 0);
}

}  // namespace

bool fold_ascii_neon(const unsigned char* text, size_t n, unsigned char* folded,
                     uint64_t* word_bits, uint64_t* other_bits) {
  uint64_t any = 0;
  unsigned char tail[64];
  for (size_t at = 0; at < n; at += 64) {
    const unsigned char* from = text + at;
    if (n - at < 64) {
      for (size_t i = 0; i < 64; ++i) tail[i] = i < n - at ? from[i] : 0;
      from = tail;
    }
    uint8x16_t word[4];
    uint8x16_t other[4];
    for (size_t i = 0; i < 4; ++i) {
      const uint8x16_t v = vld1q_u8(from + 16 * i);
      const uint8x16_t upper = vcltq_u8(vsubq_u8(v, vdupq_n_u8('A')), vdupq_n_u8(26));
      const uint8x16_t lower = vaddq_u8(v, vandq_u8(upper, vdupq_n_u8(32)));
      const uint8x16_t letter = vcltq_u8(vsubq_u8(lower, vdupq_n_u8('a')), vdupq_n_u8(26));
      const uint8x16_t digit = vcltq_u8(vsubq_u8(lower, vdupq_n_u8('0')), vdupq_n_u8(10));
      vst1q_u8(folded + at + 16 * i, lower);
      word[i] = vorrq_u8(letter, digit);
      other[i] = vcgeq_u8(v, vdupq_n_u8(0x80));
    }
    word_bits[at / 64] = mask(word);
    other_bits[at / 64] = mask(other);
    any |= other_bits[at / 64];
  }
  return any != 0;
}

size_t count_edges_neon(const uint64_t* bits, size_t blocks) { return count_edges(bits, blocks); }

void list_edges_neon(const uint64_t* bits, size_t blocks, uint32_t* edges) {
  list_edges(bits, blocks, edges);
}

}  // namespace wirecopy::kernel
#endif
