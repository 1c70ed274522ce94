// The ends of texts, byte by byte. Internal linkage: each kernel file has a copy of its own.
#pragma once

#include "wirecopy/text/byte_set_kernel.h"

namespace wirecopy::kernel {
namespace {

[[maybe_unused]] inline size_t find_byte_plain(const unsigned char* text, size_t at, size_t n,
                                               const ByteRows* set) {
  for (; at < n; ++at) {
    const unsigned b = text[at];
    if ((set->rows[b >> 7][b & 15u] >> (b >> 4 & 7u) & 1u) != 0) return at;
  }
  return n;
}

// Goes on at `at`, which may be the second byte of a character.
[[maybe_unused]] inline size_t lower_simple_plain(const unsigned char* text, size_t at, size_t n,
                                                  unsigned char* out) {
  if (at > 0 && at < n && (text[at] & 0xC0u) == 0x80) --at;
  while (at < n) {
    const unsigned b = text[at];
    if (b < 0x80) {
      out[at++] = static_cast<unsigned char>(b - 'A' < 26u ? b + 32 : b);
      continue;
    }
    if (at + 1 == n || !(b == 0xD0 || (b == 0xD1 && text[at + 1] < 0xA0))) return at;
    const unsigned letter = (b & 1u) << 6 | (text[at + 1] & 0x3Fu);  // after U+0400
    const unsigned lower = letter < 0x10 ? letter + 0x50 : letter < 0x30 ? letter + 0x20 : letter;
    out[at] = static_cast<unsigned char>(0xD0 | lower >> 6);
    out[at + 1] = static_cast<unsigned char>(0x80 | (lower & 0x3Fu));
    at += 2;
  }
  return n;
}

}  // namespace
}  // namespace wirecopy::kernel
