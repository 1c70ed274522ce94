// What the kernels of intersect_kernel.h share; internal linkage, so that each keeps its own.
#pragma once

#include "wirecopy/match/intersect_kernel.h"

namespace wirecopy::kernel {
namespace {

inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// Merges from a[i] and b[j], with `common` values found before.
inline size_t merge_from(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                         size_t needed, size_t i, size_t j, size_t common) {
  constexpr size_t kStep = 32;
  for (;;) {
    const size_t left = smaller(size_a - i, size_b - j);
    if (common + left < needed) return 0;
    if (left == 0) return common;
    // Without branches on the values: at most kStep advances, so neither side runs out inside.
    const size_t steps = smaller(kStep, left);
    for (size_t step = 0; step < steps; ++step) {
      const uint64_t x = a[i];
      const uint64_t y = b[j];
      common += x == y;
      i += x <= y;
      j += y <= x;
    }
  }
}

// Block against block: kBlock values of `a` with kBlock of `b`, all pairs at once by `count`; then
// the block that ends lower gives way (both, where they end alike). A value in both sets is counted
// once: its two blocks meet exactly once.
template <size_t kBlock, typename Count>
inline size_t merge_blocks(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                           size_t needed, const Count& count) {
  size_t i = 0;
  size_t j = 0;
  size_t common = 0;
  while (size_a - i >= kBlock && size_b - j >= kBlock) {
    const uint64_t last_a = a[i + kBlock - 1];
    const uint64_t last_b = b[j + kBlock - 1];
    common += count(a + i, b + j);
    i += last_a <= last_b ? kBlock : 0;
    j += last_b <= last_a ? kBlock : 0;
    if (common + smaller(size_a - i, size_b - j) < needed) return 0;
  }
  return merge_from(a, size_a, b, size_b, needed, i, j, common);
}

}  // namespace
}  // namespace wirecopy::kernel
