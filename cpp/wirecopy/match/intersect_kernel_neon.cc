#include "wirecopy/match/intersect_kernel_portable.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace wirecopy::kernel {

size_t count_common_neon(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                         size_t needed) {
  const auto count = [](const uint64_t* x, const uint64_t* y) {
    const uint64x2_t low = vld1q_u64(x);
    const uint64x2_t high = vld1q_u64(x + 2);
    uint64x2_t low_equal = vdupq_n_u64(0);
    uint64x2_t high_equal = vdupq_n_u64(0);
    for (size_t k = 0; k < 4; ++k) {
      const uint64x2_t value = vdupq_n_u64(y[k]);
      low_equal = vorrq_u64(low_equal, vceqq_u64(low, value));
      high_equal = vorrq_u64(high_equal, vceqq_u64(high, value));
    }
    // All ones is minus one.
    return static_cast<size_t>(0 - vaddvq_u64(vaddq_u64(low_equal, high_equal)));
  };
  return merge_blocks<4>(a, size_a, b, size_b, needed, count);
}

}  // namespace wirecopy::kernel
#endif
