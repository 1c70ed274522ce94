// Sizes of intersections of ascending sets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wirecopy {

// The fewest shared members with which two sets of these sizes have Jaccard similarity >=
// threshold, where similarity is the double shared / (size_a + size_b - shared).
std::uint32_t shared_needed(std::size_t size_a, std::size_t size_b, double threshold);

// The number of shared members, or 0 where that is below `needed`: gives up as soon as it is clear
// that it is. The order of the two does not matter.
std::uint32_t count_shared(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                           std::uint32_t needed);

}  // namespace wirecopy
