#include "wirecopy/sketch/minhash_kernel.h"

namespace wirecopy::kernel {

void min_hash_scalar(const uint64_t* shingles, size_t count, const uint32_t* multipliers,
                     const uint32_t* increments, size_t blocks, uint32_t* minima) {
  for (size_t k = 0; k < blocks * kMinHashBlock; ++k) minima[k] = UINT32_MAX;
  for (size_t block = 0; block < blocks; ++block) {
    const uint32_t* a = multipliers + block * kMinHashBlock;
    const uint32_t* b = increments + block * kMinHashBlock;
    uint32_t* out = minima + block * kMinHashBlock;
    for (size_t i = 0; i < count; ++i) {
      const auto x = static_cast<uint32_t>(shingles[i] >> 32);
      for (size_t k = 0; k < kMinHashBlock; ++k) {
        const uint32_t value = a[k] * x + b[k];
        out[k] = value < out[k] ? value : out[k];
      }
    }
  }
}

}  // namespace wirecopy::kernel
