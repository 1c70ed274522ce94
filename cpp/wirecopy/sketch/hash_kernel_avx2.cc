#include "wirecopy/sketch/hash_kernel_portable.h"

#if defined(__x86_64__)

// The multiplications are scalar: AVX2 has none of 64 bits, and would need three or four of 32 bits
// and their sums for each. What this file gains is MULX and SHRX.
namespace wirecopy::kernel {

size_t hash_words_avx2(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                       uint32_t* longer) {
  return hash_words(bytes, words, count, hashes, longer);
}

void hash_windows_avx2(const uint64_t* values, size_t count, uint64_t* out) {
  hash_windows(values, count, out);
}

}  // namespace wirecopy::kernel
#endif
