// Which shingles could stand in more than one text.
//
// A shingle seen once in the whole corpus is shared with nobody, and in news nearly all shingles
// are such: knowing them leaves few texts, and few shingles of these, to compare. A table of two
// bits a slot says "never", "once" or "more often" for the top bits of the hash; two shingles in
// one slot look repeated, which costs time later and never an answer.
//
// Marking a slot at a time would miss the cache each time. Marks are gathered by part of the table
// and made when there are enough for one part (radix partitioning): enough to be worth fetching the
// part from memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/prefetch.h"

namespace wirecopy {

class Repeats {
 public:
  enum class Across : std::uint8_t {
    kTexts,  // repeated: added twice
    kSides,  // repeated: added on both sides
  };

  // `slots` is rounded up to a power of two, from 2^12 to 2^32. With four a shingle, one in five of
  // those seen once looks repeated.
  Repeats(std::uint64_t slots, int workers, Across across);

  // Bytes taken until finish().
  static std::uint64_t memory_needed(std::uint64_t slots, int workers);

  // What the table knows of a shingle: its upper half.
  static std::uint32_t half(std::uint64_t shingle) {
    return static_cast<std::uint32_t>(shingle >> 32);
  }

  // The shingles of a text, on a side where these count. Any number of workers, each with its own
  // number. After the last, finish().
  void add(int worker, std::span<const std::uint64_t> shingles, bool second_side);
  void finish(const Run& run);

  Across across() const { return across_; }
  bool repeated(std::uint32_t half) const {
    const std::uint32_t slot = half >> shift_;
    return (words_[slot / 64] >> (slot % 64) & 1) != 0;
  }
  // Starts to bring what repeated() reads into the cache.
  void fetch(std::uint32_t half) const { prefetch(&words_[(half >> shift_) / 64]); }

 private:
  struct Shape {
    int slot_bits;
    int part_bits;
    std::size_t gathered;  // marks a worker gathers for one part
    // From one part's to the next one's. A cache line more: all are filled at about the same pace,
    // and a power of two apart they would want the same few places of the cache.
    std::size_t stride() const { return gathered + 16; }
  };
  static Shape shape_for(std::uint64_t slots, int workers);

  struct Worker {
    Buffer marks;                      // part after part, Shape::stride() apart
    std::vector<std::uint32_t> count;  // in each part
  };

  void make_marks(Worker& worker, std::size_t part);

  Shape shape_;
  int shift_;
  Across across_;
  // Until finish(), 32 slots a word: the lower half says "seen" (or "first side"), the upper one
  // "again" ("second side"). After it, a bit a slot: repeated.
  Buffer memory_;
  std::uint64_t* words_;
  std::vector<Worker> workers_;
  std::unique_ptr<std::mutex[]> part_locks_;
};

}  // namespace wirecopy
