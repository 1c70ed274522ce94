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

[[maybe_unused]] inline size_t lower_ascii_plain(const unsigned char* text, size_t at, size_t n,
                                                 unsigned char* out) {
  for (; at < n && text[at] < 0x80; ++at) {
    const unsigned b = text[at];
    out[at] = static_cast<unsigned char>(b - 'A' < 26u ? b + 32 : b);
  }
  return at;
}

}  // namespace
}  // namespace wirecopy::kernel
