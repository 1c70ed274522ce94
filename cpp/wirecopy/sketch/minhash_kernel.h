// The inner loop of MinHash: for each k, min over x of multipliers[k] * x + increments[k] modulo
// 2^32.
//
// Kernel files include nothing but this, intrinsics and plain types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// Permutations come in whole blocks of this many; the arrays have room for them.
inline constexpr size_t kMinHashBlock = 64;

// x is the upper half of each shingle. `minima` is written, not read.
using MinHash = void (*)(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                         const uint32_t* increments, size_t blocks, uint32_t* minima);

void min_hash_scalar(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                     const uint32_t* increments, size_t blocks, uint32_t* minima);
void min_hash_avx2(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                   const uint32_t* increments, size_t blocks, uint32_t* minima);
void min_hash_avx512(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                     const uint32_t* increments, size_t blocks, uint32_t* minima);
void min_hash_neon(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                   const uint32_t* increments, size_t blocks, uint32_t* minima);

}  // namespace wirecopy::kernel
