// The rounds of neighbor_sort_kernel.h in registers, whatever their width; compiled by several
// kernel files for their instruction sets: everything here has internal linkage, so that each keeps
// its own.
#pragma once

#include "wirecopy/sketch/neighbor_sort_kernel.h"

namespace wirecopy::kernel {
namespace {

// Values at places of one parity, and those beside them at the next places.
template <typename Vector>
struct Neighbors {
  Vector::Lanes left;
  Vector::Lanes right;
};

// Of Vector: Lanes, kLanes of them in a register; split(from), join(at, neighbors) between memory
// and registers; all(value); order(neighbors); shifted(a, b): a without its first, then the first
// of b; any_greater(a, b).

// A block that begins at `from`; beyond the end are the largest values, which stay there.
template <typename Vector>
inline Neighbors<Vector> read_block(const uint64_t* values, size_t count, size_t from) {
  constexpr size_t kBlock = 2 * Vector::kLanes;
  if (from + kBlock <= count) return Vector::split(values + from);
  if (from >= count) return {Vector::all(UINT64_MAX), Vector::all(UINT64_MAX)};
  uint64_t last[kBlock];
  for (size_t i = 0; i < kBlock; ++i) last[i] = from + i < count ? values[from + i] : UINT64_MAX;
  return Vector::split(last);
}

// As much of a block as is within the values; it begins at `from` - `behind`.
template <typename Vector>
inline void write_block(const Neighbors<Vector>& block, uint64_t* values, size_t count, size_t from,
                        size_t behind) {
  constexpr size_t kBlock = 2 * Vector::kLanes;
  if (from >= behind && from - behind + kBlock <= count) {
    Vector::join(values + from - behind, block);
  } else if (from + kBlock > behind) {
    uint64_t some[kBlock];
    Vector::join(some, block);
    for (size_t i = 0; i < kBlock; ++i) {
      if (from + i >= behind && from + i - behind < count) values[from + i - behind] = some[i];
    }
  }
}

// Round after round of a block while it is in registers. A round's left values are the right ones
// of the round before, so that each round is one place further on, and waits for the first value
// that comes after: each is a block behind the one before.
template <typename Vector>
bool sort_neighbors(uint64_t* values, size_t count) {
  constexpr size_t kBlock = 2 * Vector::kLanes;
  constexpr size_t kBehind = (kBlock - 1) * (kNeighborRounds - 1);
  Neighbors<Vector> before[kNeighborRounds];  // of each round, in the block before
  for (Neighbors<Vector>& one : before) one = {Vector::all(0), Vector::all(0)};
  bool ascending = true;
  const size_t blocks = (count + kBlock - 1) / kBlock + kNeighborRounds - 1;
  for (size_t block = 0; block < blocks; ++block) {
    const size_t from = block * kBlock;
    Neighbors<Vector> now = read_block<Vector>(values, count, from);
    for (size_t round = 0; round < kNeighborRounds; ++round) {
      Vector::order(now);
      const Neighbors<Vector> ordered = now;
      Neighbors<Vector>& waiting = before[round];
      const typename Vector::Lanes next = Vector::shifted(waiting.left, ordered.left);
      if (round + 1 < kNeighborRounds) {
        now = {waiting.right, next};
      } else {
        ascending &= !Vector::any_greater(waiting.right, next);
      }
      waiting = ordered;
    }
    // What is there was read before.
    write_block<Vector>(now, values, count, from, kBehind);
  }
  const Neighbors<Vector>& last = before[kNeighborRounds - 1];
  const typename Vector::Lanes next = Vector::shifted(last.left, Vector::all(UINT64_MAX));
  return ascending && !Vector::any_greater(last.right, next);
}

}  // namespace
}  // namespace wirecopy::kernel
