// XXH3-128 with wider registers than every processor has: xxHash itself chooses when it is
// compiled, so it is compiled once more for each.
//
// Kernel files include nothing but this, xxHash (C functions, a copy in each file) and plain types:
// see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

struct Hash128 {
  uint64_t low;
  uint64_t high;
};

Hash128 xxh3_128_avx2(const void* data, size_t bytes);
Hash128 xxh3_128_avx512(const void* data, size_t bytes);

}  // namespace wirecopy::kernel
