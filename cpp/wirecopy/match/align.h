// How two texts run along each other: the words they share, in order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wirecopy {

// Words a .. a + length of one text are words b .. b + length of the other.
struct Block {
  std::uint32_t a;
  std::uint32_t b;
  std::uint32_t length;
  friend bool operator==(const Block&, const Block&) = default;
};

// Aligns two sequences of word hashes; keeps its buffers from one call to the next. One per thread.
class Aligner {
 public:
  // Blocks ascending in both sequences, not overlapping and maximal (no block can be lengthened,
  // and no two touch on both sides). Anchored at runs of words that occur once in each sequence, as
  // patience diff does; the gaps between are aligned word by word where they are small. Linear in
  // the lengths but for the gaps, whose work is bounded.
  // Valid until the next call.
  std::span<const Block> align(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);
};

}  // namespace wirecopy
