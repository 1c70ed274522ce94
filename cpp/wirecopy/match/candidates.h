// Candidates: sets that share a key. MinHash makes keys of the bands of a signature, the exact join
// of the rarest members of a set.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"

namespace wirecopy {

// A slot (compare.h) in a bucket, and whether it may be found there by larger ones; one that may
// not only looks for smaller ones.
using Seat = std::uint32_t;
inline constexpr std::size_t kMaxSlots = std::size_t{1} << 31;

inline constexpr Seat seat(std::size_t slot, bool indexed) {
  return static_cast<Seat>(slot) << 1 | Seat{indexed};
}
inline constexpr std::size_t slot_of(Seat s) { return s >> 1; }
inline constexpr bool is_indexed(Seat s) { return (s & 1) != 0; }

// Lists of numbers, end to end: list i is members[starts[i] .. starts[i + 1]), ascending.
struct Buckets {
  std::vector<std::uint32_t> members;
  std::vector<std::size_t> starts{0};

  std::size_t size() const { return starts.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t i) const {
    return {members.data() + starts[i], starts[i + 1] - starts[i]};
  }
};

// 32 bits of a key, then the seat.
using KeyedSeat = std::uint64_t;
inline constexpr KeyedSeat keyed(std::uint32_t key, Seat s) { return KeyedSeat{key} << 32 | s; }

// The seats that share a key with another one. `parts` lists of keyed seats, each part with keys of
// its own, are made one at a time by `fill(worker, part, entries)`, which replaces `entries`; so no
// more than one part a thread is in memory. Two keys that agree in the 32 bits kept fall into one
// bucket: more to compare, nothing lost.
Buckets shared_buckets(
    std::size_t parts,
    const std::function<void(int worker, std::size_t part, std::vector<KeyedSeat>& entries)>& fill,
    const Run& run);

}  // namespace wirecopy
