#include "wirecopy/base/utf8_kernel.h"

namespace wirecopy::kernel {
namespace {

// Loops of known length, that the compiler makes vectors of.
template <typename Character>
struct Block {
  static constexpr size_t kSize = 16;

  static size_t pack(const Character* text, unsigned char* out) {
    Character all = 0;
    for (size_t i = 0; i < kSize; ++i) all = static_cast<Character>(all | text[i]);
    for (size_t i = 0; i < kSize; ++i) out[i] = static_cast<unsigned char>(text[i]);
    size_t ascii = kSize;
    if (all >= 0x80) {
      ascii = 0;
      while (text[ascii] < 0x80) ++ascii;
    }
    return ascii;
  }
};

}  // namespace

unsigned char* encode_utf8_scalar(const void* text, size_t n, unsigned width, unsigned char* out,
                                  bool* surrogate) {
  return encode_width<Block<uint8_t>, Block<uint16_t>, Block<uint32_t>>(text, n, width, out,
                                                                        surrogate);
}

void decode_utf8_scalar(const unsigned char* text, size_t n, uint16_t* out) {
  decode_blocks<PortableSteps>(text, n, out);
}

bool valid_utf8_scalar(const unsigned char* text, size_t n) {
  for (size_t at = 0; at < n;) {
    const unsigned lead = text[at++];
    if (lead < 0x80) continue;
    if (lead < 0xC2 || lead > 0xF4) return false;
    const size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (n - at < more) return false;
    const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (text[at] < low || text[at] > high) return false;
    for (size_t i = 1; i < more; ++i) {
      if ((text[at + i] & 0xC0u) != 0x80) return false;
    }
    at += more;
  }
  return true;
}

}  // namespace wirecopy::kernel
