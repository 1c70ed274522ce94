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

}  // namespace wirecopy::kernel
