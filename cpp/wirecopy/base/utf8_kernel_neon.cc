#include "wirecopy/base/utf8_kernel.h"
#include "wirecopy/base/utf8_valid_kernel_portable.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace wirecopy::kernel {
namespace {

// Stores 16 bytes; returns how many stand before the first >= 0x80.
inline size_t store(uint8x16_t bytes, unsigned char* out) {
  vst1q_u8(out, bytes);
  // Four bits a byte.
  const uint16x8_t other = vreinterpretq_u16_u8(vcgeq_u8(bytes, vdupq_n_u8(0x80)));
  const uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(other, 4)), 0);
  return mask == 0 ? 16 : static_cast<size_t>(__builtin_ctzll(mask)) / 4;
}

struct Block1 {
  static constexpr size_t kSize = 16;
  static size_t pack(const uint8_t* text, unsigned char* out) { return store(vld1q_u8(text), out); }
};

// Narrowing stops at the greatest value, so what was not ASCII still is not.
struct Block2 {
  static constexpr size_t kSize = 16;
  static size_t pack(const uint16_t* text, unsigned char* out) {
    return store(vcombine_u8(vqmovn_u16(vld1q_u16(text)), vqmovn_u16(vld1q_u16(text + 8))), out);
  }
};

struct Block4 {
  static constexpr size_t kSize = 16;
  static size_t pack(const uint32_t* text, unsigned char* out) {
    const auto narrow = [&](size_t at) { return vqmovn_u32(vld1q_u32(text + at)); };
    const uint16x8_t low = vcombine_u16(narrow(0), narrow(4));
    const uint16x8_t high = vcombine_u16(narrow(8), narrow(12));
    return store(vcombine_u8(vqmovn_u16(low), vqmovn_u16(high)), out);
  }
};

struct Vector {
  using Register = uint8x16_t;
  static constexpr size_t kSize = 16;
  static Register load(const unsigned char* from) { return vld1q_u8(from); }
  static Register fill(int byte) { return vdupq_n_u8(static_cast<uint8_t>(byte)); }
  static Register either(Register a, Register b) { return vorrq_u8(a, b); }
  static Register both(Register a, Register b) { return vandq_u8(a, b); }
  static Register differ(Register a, Register b) { return veorq_u8(a, b); }
  static Register minus(Register a, Register b) { return vqsubq_u8(a, b); }
  static Register high_half(Register v) { return vshrq_n_u8(v, 4); }
  static Register look_up(const uint8_t* table, Register index) {
    return vqtbl1q_u8(vld1q_u8(table), index);
  }
  template <int n>
  static Register shifted(Register now, Register last) {
    return vextq_u8(last, now, 16 - n);
  }
  static bool any(Register v) { return vmaxvq_u8(v) != 0; }
  static bool any_high(Register v) { return vmaxvq_u8(v) >= 0x80; }
};

}  // namespace

unsigned char* encode_utf8_neon(const void* text, size_t n, unsigned width, unsigned char* out,
                                bool* surrogate) {
  return encode_width<Block1, Block2, Block4>(text, n, width, out, surrogate);
}

void decode_utf8_neon(const unsigned char* text, size_t n, uint16_t* out) {
  decode_blocks<PortableSteps>(text, n, out);
}

bool valid_utf8_neon(const unsigned char* text, size_t n) { return valid_blocks<Vector>(text, n); }

}  // namespace wirecopy::kernel
#endif
