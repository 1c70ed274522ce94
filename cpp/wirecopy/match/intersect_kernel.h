// The number of common values of two ascending sets of like size.
//
// Kernel files include nothing but this, intersect_kernel_portable.h, intrinsics and plain types:
// see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// The count, or 0 where it is below `needed`; gives up as soon as that is certain.
using CountCommon = size_t (*)(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                               size_t needed);

size_t count_common_scalar(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                           size_t needed);
size_t count_common_avx2(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                         size_t needed);
size_t count_common_avx512(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                           size_t needed);
size_t count_common_neon(const uint64_t* a, size_t size_a, const uint64_t* b, size_t size_b,
                         size_t needed);

}  // namespace wirecopy::kernel
