// Sorting of numbers whose first bits are uniform, as those of hashes are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wirecopy {

// Keeps its memory from one call to the next.
using SortScratch = std::vector<std::uint16_t>;

// Copies `values` to `out`, of the same size, ascending. Whatever the values, the result is right;
// those that are not uniform take longer.
void sort_hashes(std::span<const std::uint64_t> values, std::span<std::uint64_t> out,
                 SortScratch& scratch);

// The same without repeats: as much of `out` as is left.
std::span<std::uint64_t> sort_as_set(std::span<const std::uint64_t> values,
                                     std::span<std::uint64_t> out, SortScratch& scratch);

}  // namespace wirecopy
