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

size_t lower_simple_neon(const unsigned char* text, size_t n, unsigned char* out) {
  const auto within = [](uint8x16_t v, uint8_t from, uint8_t count) {
    return vcltq_u8(vsubq_u8(v, vdupq_n_u8(from)), vdupq_n_u8(count));
  };
  const auto add = [](uint8x16_t v, uint8x16_t where, uint8_t what) {
    return vaddq_u8(v, vandq_u8(where, vdupq_n_u8(what)));
  };
  const auto is = [](uint8x16_t v, uint8_t byte) { return vceqq_u8(v, vdupq_n_u8(byte)); };
  uint8x16_t before = vdupq_n_u8(0);
  size_t at = 0;
  // One more byte is read, to see what the last leads.
  for (; n - at > 16; at += 16) {
    const uint8x16_t v = vld1q_u8(text + at);
    const uint8x16_t next = vld1q_u8(text + at + 1);
    const uint8x16_t last = vextq_u8(before, v, 15);
    before = v;
    uint8x16_t lower = add(v, within(v, 'A', 26), 32);
    const uint8x16_t after_d0 = is(last, 0xD0);
    // U+0400 to U+040F, U+0410 to U+041F and U+0420 to U+042F.
    lower = add(lower, vandq_u8(after_d0, within(v, 0x80, 0x10)), 0x10);
    lower = add(lower, vandq_u8(after_d0, within(v, 0x90, 0x10)), 0x20);
    lower = add(lower, vandq_u8(after_d0, within(v, 0xA0, 0x10)), 0xE0);
    const uint8x16_t d0 = is(v, 0xD0);
    lower =
        add(lower, vandq_u8(d0, vorrq_u8(within(next, 0x80, 0x10), within(next, 0xA0, 0x10))), 1);
    const uint8x16_t d1_letter = vandq_u8(is(last, 0xD1), within(v, 0x80, 0x20));
    const uint8x16_t d1 = vandq_u8(is(v, 0xD1), within(next, 0x80, 0x20));
    const uint8x16_t known = vorrq_u8(vorrq_u8(d0, d1), vorrq_u8(after_d0, d1_letter));
    const uint64_t other = nibbles(vbicq_u8(vcgeq_u8(v, vdupq_n_u8(0x80)), known));
    vst1q_u8(out + at, lower);
    if (other != 0) return at + static_cast<size_t>(__builtin_ctzll(other)) / 4;
  }
  return lower_simple_plain(text, at, n, out);
}

}  // namespace wirecopy::kernel
#endif
