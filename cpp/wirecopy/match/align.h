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
  // patience diff does, unless few words differ; what lies between is aligned word by word. The
  // work is at most linear in the lengths but for sorting the anchors. Valid until the next call.
  std::span<const Block> align(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

 private:
  // Words of both texts between two blocks, and the level of anchors to try there.
  struct Gap {
    std::uint32_t a_begin, a_end;
    std::uint32_t b_begin, b_end;
    std::uint32_t level;
  };
  // Where a window stands in each text.
  struct Slot {
    std::uint64_t hash;
    std::uint32_t a;
    std::uint32_t b;
  };
  enum class Round : std::uint8_t { kComplete, kCutShort };

  void trim(Gap& gap);
  void find_anchors(const Gap& gap, std::uint32_t words);
  void keep_ascending();
  void anchor(const Gap& gap);
  void align_words(Gap gap);
  Round align_round(const Gap& gap, std::int64_t max_edits);
  void make_maximal();

  std::span<const std::uint64_t> a_;
  std::span<const std::uint64_t> b_;
  std::vector<Block> blocks_;
  std::vector<Gap> gaps_;
  std::vector<Slot> slots_;
  std::vector<Block> anchors_;
  std::vector<std::uint32_t> tails_;     // by length: the anchor that ends a run of it
  std::vector<std::uint32_t> previous_;  // by anchor: the one before it in its run
  Block cut_{};                          // how far the last round came in each text
  std::vector<std::int64_t> reached_;    // by edits and diagonal
};

}  // namespace wirecopy
