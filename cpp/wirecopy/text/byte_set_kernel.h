// The first byte of a text that is in a set: how every step of normalization passes over what it
// does not change.
//
// Kernel files include nothing but this, intrinsics and plain types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// Bit (b >> 4) % 8 of rows[b >> 7][b & 15] says whether byte b is in the set.
struct ByteRows {
  uint8_t rows[2][16];
};

// The position >= at of the first byte in the set, or n.
using FindByte = size_t (*)(const unsigned char* text, size_t at, size_t n, const ByteRows* set);

size_t find_byte_scalar(const unsigned char* text, size_t at, size_t n, const ByteRows* set);
size_t find_byte_avx2(const unsigned char* text, size_t at, size_t n, const ByteRows* set);
size_t find_byte_avx512(const unsigned char* text, size_t at, size_t n, const ByteRows* set);
size_t find_byte_neon(const unsigned char* text, size_t at, size_t n, const ByteRows* set);

// Writes text[0, n) with ASCII and the Cyrillic letters U+0400 to U+045F made lower-case, up to the
// first character of another kind (or one that n cuts), and returns where that is, or n. Case
// folding does the same to these, and keeps their length. The text is well-formed and begins with a
// character. May write up to n bytes.
using LowerSimple = size_t (*)(const unsigned char* text, size_t n, unsigned char* out);

size_t lower_simple_scalar(const unsigned char* text, size_t n, unsigned char* out);
size_t lower_simple_avx2(const unsigned char* text, size_t n, unsigned char* out);
size_t lower_simple_avx512(const unsigned char* text, size_t n, unsigned char* out);
size_t lower_simple_neon(const unsigned char* text, size_t n, unsigned char* out);

}  // namespace wirecopy::kernel
