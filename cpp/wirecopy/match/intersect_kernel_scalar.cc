#include "wirecopy/match/intersect_kernel_portable.h"

namespace wirecopy::kernel {

size_t count_common_scalar(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                           size_t needed) {
  return merge_from(a, size_a, b, size_b, needed, 0, 0, 0);
}

}  // namespace wirecopy::kernel
