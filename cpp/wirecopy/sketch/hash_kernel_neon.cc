#include "wirecopy/sketch/hash_kernel_portable.h"

#if defined(__aarch64__)

// The multiplications are scalar: NEON has none of 64 bits.
namespace wirecopy::kernel {

size_t hash_words_neon(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                       uint32_t* longer) {
  return hash_words(bytes, words, count, hashes, longer, sort_by_formula);
}

void hash_windows_neon(const uint64_t* values, size_t count, uint64_t* out) {
  hash_windows(values, count, out);
}

}  // namespace wirecopy::kernel
#endif
