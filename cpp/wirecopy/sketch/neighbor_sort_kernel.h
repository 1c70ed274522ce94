// Sorts numbers that are nearly in order.
//
// Kernel files include nothing but this, neighbor_sort_kernel_portable.h, intrinsics and plain
// types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

inline constexpr size_t kNeighborRounds = 5;

// So many rounds of odd-even transposition (Habermann 1972; Knuth, volume 3, 5.3.4): neighbors
// change places where the left one is larger, those at even and odd places in turn. Returns whether
// the values are ascending then. They are where groups of no more than so many side by side were
// out of order among themselves, and everything else in its place.
using SortNeighbors = bool (*)(uint64_t* values, size_t count);

bool sort_neighbors_avx2(uint64_t* values, size_t count);
bool sort_neighbors_avx512(uint64_t* values, size_t count);

}  // namespace wirecopy::kernel
