#include "wirecopy/text/byte_set_kernel.h"
#include "wirecopy/text/byte_set_kernel_portable.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace wirecopy::kernel {
namespace {

// Four bits for each byte of a mask of 0x00 and 0xFF.
inline uint64_t nibbles(uint8x16_t mask) {
  return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(mask), 4)), 0);
}

}  // namespace

size_t find_byte_neon(const unsigned char* text, size_t at, size_t n, const ByteRows* set) {
  const uint8x16_t low = vld1q_u8(set->rows[0]);
  const uint8x16_t high = vld1q_u8(set->rows[1]);
  const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201ull));
  for (; n - at >= 16; at += 16) {
    const uint8x16_t v = vld1q_u8(text + at);
    // An index of 16 or more looks up 0.
    const uint8x16_t index = vandq_u8(v, vdupq_n_u8(0x8F));
    const uint8x16_t row =
        vorrq_u8(vqtbl1q_u8(low, index), vqtbl1q_u8(high, veorq_u8(index, vdupq_n_u8(0x80))));
    const uint64_t found = nibbles(vtstq_u8(row, vqtbl1q_u8(bits, vshrq_n_u8(v, 4))));
    if (found != 0) return at + static_cast<size_t>(__builtin_ctzll(found)) / 4;
  }
  return find_byte_plain(text, at, n, set);
}

size_t lower_ascii_neon(const unsigned char* text, size_t n, unsigned char* out) {
  size_t at = 0;
  for (; n - at >= 16; at += 16) {
    const uint8x16_t v = vld1q_u8(text + at);
    const uint8x16_t upper = vcltq_u8(vsubq_u8(v, vdupq_n_u8('A')), vdupq_n_u8(26));
    vst1q_u8(out + at, vaddq_u8(v, vandq_u8(upper, vdupq_n_u8(32))));
    const uint64_t other = nibbles(vcgeq_u8(v, vdupq_n_u8(0x80)));
    if (other != 0) return at + static_cast<size_t>(__builtin_ctzll(other)) / 4;
  }
  return lower_ascii_plain(text, at, n, out);
}

}  // namespace wirecopy::kernel
#endif
