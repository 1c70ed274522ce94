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

// Writes text[0, n) with A to Z made lower-case up to the first byte >= 0x80, and returns where
// that is, or n. May write up to n bytes.
using LowerAscii = size_t (*)(const unsigned char* text, size_t n, unsigned char* out);

size_t lower_ascii_scalar(const unsigned char* text, size_t n, unsigned char* out);
size_t lower_ascii_avx2(const unsigned char* text, size_t n, unsigned char* out);
size_t lower_ascii_avx512(const unsigned char* text, size_t n, unsigned char* out);
size_t lower_ascii_neon(const unsigned char* text, size_t n, unsigned char* out);

}  // namespace wirecopy::kernel
