// XXH3-64 of many short inputs at once: words, and windows of five word hashes.
//
// XXH3 (seed 0, default secret) treats 1-3, 4-8, 9-16 and 17-128 bytes by different formulas, and
// the lengths of words cannot be predicted: a call a word spends its time on mispredicted branches.
// Here words are sorted by formula first (portable), or all formulas are computed side by side and
// the right result is kept (AVX-512). The values are XXH3's own: see the XXH3 specification,
// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
//
// Kernel files include nothing but this, hash_kernel_portable.h, intrinsics and plain types: see
// cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// Windows of this many word hashes have a kernel.
inline constexpr size_t kWindow = 5;
inline constexpr uint32_t kLongestShortWord = 16;

// Half-open byte range of a word.
struct WordSpan {
  uint32_t begin;
  uint32_t end;
};

// hashes[i] = XXH3-64 of words[i], none of them empty, except that a word longer than
// kLongestShortWord is left out and its index written to `longer` (room for `count`). Returns how
// many those are. The 16 bytes after the last word are readable.
using HashWords = size_t (*)(const char* bytes, const WordSpan* words, size_t count,
                             uint64_t* hashes, uint32_t* longer);

// out[i] = XXH3-64 of values[i] ... values[i + kWindow - 1] as bytes, for i < count.
using HashWindows = void (*)(const uint64_t* values, size_t count, uint64_t* out);

size_t hash_words_scalar(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                         uint32_t* longer);
size_t hash_words_avx2(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                       uint32_t* longer);
size_t hash_words_avx512(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                         uint32_t* longer);
size_t hash_words_neon(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                       uint32_t* longer);

void hash_windows_scalar(const uint64_t* values, size_t count, uint64_t* out);
void hash_windows_avx2(const uint64_t* values, size_t count, uint64_t* out);
void hash_windows_avx512(const uint64_t* values, size_t count, uint64_t* out);
void hash_windows_neon(const uint64_t* values, size_t count, uint64_t* out);

// The first 64 bytes of XXH3's default secret, read as little-endian 64-bit numbers.
inline constexpr uint64_t kSecret[8] = {
    0xBE4BA423396CFEB8u, 0x1CAD21F72C81017Cu, 0xDB979083E96DD4DEu, 0x1F67B3B7A4A44072u,
    0x78E5C0CC4EE679CBu, 0x2172FFCC7DD05A82u, 0x8E2443F7744608B8u, 0x4C263A81E69035E0u,
};
// What inputs of 1-3, 4-8 and 9-16 bytes are xored with.
inline constexpr uint64_t kFlip1To3 = (kSecret[0] ^ kSecret[0] >> 32) & 0xFFFFFFFFu;
inline constexpr uint64_t kFlip4To8 = kSecret[1] ^ kSecret[2];
inline constexpr uint64_t kFlip9To16Low = kSecret[3] ^ kSecret[4];
inline constexpr uint64_t kFlip9To16High = kSecret[5] ^ kSecret[6];
// Multipliers: PRIME64_1, PRIME64_2 and PRIME64_3, of the final mix and of that of 4-8 bytes.
inline constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87u;
inline constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Fu;
inline constexpr uint64_t kPrime3 = 0x165667B19E3779F9u;
inline constexpr uint64_t kAvalanche = 0x165667919E3779F9u;
inline constexpr uint64_t kMix4To8 = 0x9FB21C651E98DF25u;

}  // namespace wirecopy::kernel
