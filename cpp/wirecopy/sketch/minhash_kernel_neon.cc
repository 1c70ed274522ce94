#include "wirecopy/sketch/minhash_kernel.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace wirecopy::kernel {

void min_hash_neon(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                   const uint32_t* increments, size_t blocks, uint32_t* minima) {
  // 32 permutations at a time fill 24 of the 32 registers.
  constexpr size_t kVectors = 8;
  for (size_t from = 0; from < blocks * kMinHashBlock; from += 4 * kVectors) {
    uint32x4_t a[kVectors];
    uint32x4_t b[kVectors];
    uint32x4_t low[kVectors];
    for (size_t v = 0; v < kVectors; ++v) {
      a[v] = vld1q_u32(multipliers + from + 4 * v);
      b[v] = vld1q_u32(increments + from + 4 * v);
      low[v] = vdupq_n_u32(UINT32_MAX);
    }
    for (size_t i = 0; i < count; ++i) {
      const uint32_t x = static_cast<uint32_t>(shingles[i] >> 32);
      for (size_t v = 0; v < kVectors; ++v) {
        low[v] = vminq_u32(low[v], vmlaq_n_u32(b[v], a[v], x));
      }
    }
    for (size_t v = 0; v < kVectors; ++v) vst1q_u32(minima + from + 4 * v, low[v]);
  }
}

}  // namespace wirecopy::kernel
#endif
