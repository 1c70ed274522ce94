// The portable form of the edges of fold_kernel.h, compiled by several kernel files for their
// instruction sets; internal linkage, so that each keeps its own.
#pragma once

#include "wirecopy/text/fold_kernel.h"

namespace wirecopy::kernel {
namespace {

inline size_t count_edges(const uint64_t* bits, size_t blocks) {
  size_t count = 0;
  uint64_t last = 0;
  for (size_t block = 0; block < blocks; ++block) {
    const uint64_t word = bits[block];
    count += static_cast<size_t>(__builtin_popcountll(word ^ (word << 1 | last)));
    last = word >> 63;
  }
  return count;
}

inline void list_edges(const uint64_t* bits, size_t blocks, uint32_t* edges) {
  // So many are written for every block, whether or not it has them: the number of edges cannot be
  // predicted, and English has 22 or so.
  constexpr size_t kAtOnce = 8;
  uint64_t last = 0;
  for (size_t block = 0; block < blocks; ++block) {
    const uint64_t word = bits[block];
    uint64_t left = word ^ (word << 1 | last);
    last = word >> 63;
    const auto base = static_cast<uint32_t>(block * 64);
    const auto count = static_cast<size_t>(__builtin_popcountll(left));
    const auto write = [&](size_t from) {
      for (size_t k = from; k < from + kAtOnce; ++k) {
        // The highest bit only keeps the count defined where nothing is left.
        edges[k] = base + static_cast<uint32_t>(__builtin_ctzll(left | 1ull << 63));
        left &= left - 1;
      }
    };
    write(0);
    write(kAtOnce);
    write(2 * kAtOnce);
    for (size_t from = 3 * kAtOnce; from < count; from += kAtOnce) write(from);
    edges += count;
  }
}

}  // namespace
}  // namespace wirecopy::kernel
