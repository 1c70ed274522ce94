// The parts of reading words that are about bytes and bits, 64 bytes a step.
//
// Kernel files include nothing but this, intrinsics and plain types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// Lower-cases ASCII, and says by one bit a byte where the letters and digits are and where the
// bytes
// >= 0x80 are. `folded` has room for n rounded up to 64 bytes (the rest is zeroed), the bit arrays
// for one word per 64 bytes. Reads no byte at or after text + n. True where a byte >= 0x80 was
// seen.
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

// Where runs of ones begin and end in 64 * blocks bits, in turn, ascending: the positions of bits
// that differ from the one before (before the first is a zero).
inline constexpr size_t kEdgeSlack = 64;  // numbers that may be written after the last one
using CountEdges = size_t (*)(const uint64_t* bits, size_t blocks);
using ListEdges = void (*)(const uint64_t* bits, size_t blocks, uint32_t* edges);

size_t count_edges_scalar(const uint64_t* bits, size_t blocks);
void list_edges_scalar(const uint64_t* bits, size_t blocks, uint32_t* edges);
size_t count_edges_avx2(const uint64_t* bits, size_t blocks);
void list_edges_avx2(const uint64_t* bits, size_t blocks, uint32_t* edges);
size_t count_edges_avx512(const uint64_t* bits, size_t blocks);
void list_edges_avx512(const uint64_t* bits, size_t blocks, uint32_t* edges);
size_t count_edges_neon(const uint64_t* bits, size_t blocks);
void list_edges_neon(const uint64_t* bits, size_t blocks, uint32_t* edges);

}  // namespace wirecopy::kernel
