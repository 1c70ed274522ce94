// The ASCII part of reading words, 64 bytes a step: lower-cases, and says by one bit a byte where
// the letters and digits are and where the bytes >= 0x80 are.
//
// Kernel files include nothing but this, intrinsics and plain types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// `folded` has room for n rounded up to 64 bytes (the rest is zeroed), the bit arrays for one word
// per 64 bytes. Reads no byte at or after text + n. True where a byte >= 0x80 was seen.
using FoldAscii = bool (*)(const unsigned char* text, size_t n, unsigned char* folded,
                           uint64_t* word_bits, uint64_t* other_bits);

bool fold_ascii_scalar(const unsigned char* text, size_t n, unsigned char* folded,
                       uint64_t* word_bits, uint64_t* other_bits);
bool fold_ascii_avx2(const unsigned char* text, size_t n, unsigned char* folded,
                     uint64_t* word_bits, uint64_t* other_bits);
bool fold_ascii_avx512(const unsigned char* text, size_t n, unsigned char* folded,
                       uint64_t* word_bits, uint64_t* other_bits);
bool fold_ascii_neon(const unsigned char* text, size_t n, unsigned char* folded,
                     uint64_t* word_bits, uint64_t* other_bits);

}  // namespace wirecopy::kernel
