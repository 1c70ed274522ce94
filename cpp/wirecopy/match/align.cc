#include "wirecopy/match/align.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>

namespace wirecopy {
namespace {

// Words in an anchor, level by level. Each level reads what the one before left between its
// anchors, once: that bounds the work where patience diff proper may recurse as often as there are
// words.
constexpr std::uint32_t kAnchorWords[] = {4, 2, 1};
constexpr std::size_t kLevels = std::size(kAnchorWords);
// A gap of at most this many words (of both texts together) is aligned without further anchors.
constexpr std::uint32_t kSmallGap = 64;
// Words inserted and deleted before the best path so far is kept and the search starts afresh. No
// less than kSmallGap, so that small gaps are aligned without a cut.
constexpr std::int64_t kMaxEdits = 64;
// A gap that differs by at most so many words needs no anchors either; to find out is cheap.
constexpr std::int64_t kFewEdits = 24;

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kRepeated = kNone - 1;

std::uint64_t hash_window(const std::uint64_t* words, std::uint32_t size) {
  std::uint64_t hash = words[0];
  for (std::uint32_t i = 1; i < size; ++i) {
    hash = std::rotl(hash, 23) * 0x9E3779B97F4A7C15U + words[i];
  }
  return hash;
}

}  // namespace

std::span<const Block> Aligner::align(std::span<const std::uint64_t> a,
                                      std::span<const std::uint64_t> b) {
  a_ = a;
  b_ = b;
  blocks_.clear();
  gaps_.clear();
  gaps_.push_back({0, static_cast<std::uint32_t>(a.size()), 0, static_cast<std::uint32_t>(b.size()),
                   /*level=*/0});
  while (!gaps_.empty()) {
    Gap gap = gaps_.back();
    gaps_.pop_back();
    trim(gap);
    if (gap.a_begin == gap.a_end || gap.b_begin == gap.b_end) continue;
    if (gap.level == kLevels || gap.a_end - gap.a_begin + gap.b_end - gap.b_begin <= kSmallGap) {
      align_words(gap);
    } else if (gap.level > 0 || align_round(gap, kFewEdits) != Round::kComplete) {
      anchor(gap);
    }
  }
  std::ranges::sort(blocks_, {}, &Block::a);
  make_maximal();
  return blocks_;
}

// Keeps what the gap's two sides have in common at their ends: no alignment does better without.
void Aligner::trim(Gap& gap) {
  std::uint32_t size = std::min(gap.a_end - gap.a_begin, gap.b_end - gap.b_begin);
  std::uint32_t common = 0;
  while (common < size && a_[gap.a_begin + common] == b_[gap.b_begin + common]) ++common;
  if (common > 0) blocks_.push_back({gap.a_begin, gap.b_begin, common});
  gap.a_begin += common;
  gap.b_begin += common;
  size -= common;
  common = 0;
  while (common < size && a_[gap.a_end - common - 1] == b_[gap.b_end - common - 1]) ++common;
  gap.a_end -= common;
  gap.b_end -= common;
  if (common > 0) blocks_.push_back({gap.a_end, gap.b_end, common});
}

// Windows that stand once in each side of the gap, as (a, b), ascending in b.
void Aligner::find_anchors(const Gap& gap, std::uint32_t words) {
  anchors_.clear();
  if (gap.a_end - gap.a_begin < words || gap.b_end - gap.b_begin < words) return;
  const std::uint32_t a_count = gap.a_end - gap.a_begin - words + 1;
  const std::uint32_t b_count = gap.b_end - gap.b_begin - words + 1;
  const std::size_t slots = std::bit_ceil(std::size_t{a_count} * 2);
  const int shift = 64 - std::countr_zero(slots);
  slots_.assign(slots, {0, kNone, kNone});
  // The slot of a hash, or the empty one where it would go. At most half of the slots are taken.
  const auto find = [&](std::uint64_t hash) -> Slot& {
    auto i = static_cast<std::size_t>((hash * 0xD6E8FEB86659FD93U) >> shift);
    while (slots_[i].a != kNone && slots_[i].hash != hash) i = (i + 1) & (slots - 1);
    return slots_[i];
  };
  for (std::uint32_t i = 0; i < a_count; ++i) {
    const std::uint32_t at = gap.a_begin + i;
    const std::uint64_t hash = hash_window(&a_[at], words);
    Slot& slot = find(hash);
    slot = {hash, slot.a == kNone ? at : kRepeated, kNone};
  }
  for (std::uint32_t i = 0; i < b_count; ++i) {
    const std::uint32_t at = gap.b_begin + i;
    Slot& slot = find(hash_window(&b_[at], words));
    if (slot.a == kNone || slot.a == kRepeated) continue;
    slot.b = slot.b == kNone ? at : kRepeated;
  }
  for (const Slot& slot : slots_) {
    if (slot.a < kRepeated && slot.b < kRepeated &&
        std::equal(&a_[slot.a], &a_[slot.a] + words, &b_[slot.b])) {
      anchors_.push_back({slot.a, slot.b, words});
    }
  }
  std::ranges::sort(anchors_, {}, &Block::b);
}

// Leaves the longest run of anchors that ascends in a as well (patience sorting).
void Aligner::keep_ascending() {
  tails_.clear();
  previous_.resize(anchors_.size());
  for (std::uint32_t i = 0; i < anchors_.size(); ++i) {
    auto at = tails_.end();
    if (!tails_.empty() && anchors_[tails_.back()].a > anchors_[i].a) {
      at = std::ranges::lower_bound(tails_, anchors_[i].a, {},
                                    [&](std::uint32_t tail) { return anchors_[tail].a; });
    }
    previous_[i] = at == tails_.begin() ? kNone : *(at - 1);
    if (at == tails_.end()) {
      tails_.push_back(i);
    } else {
      *at = i;
    }
  }
  std::uint32_t at = tails_.empty() ? kNone : tails_.back();
  for (std::size_t i = tails_.size(); i > 0; --i) {
    tails_[i - 1] = at;
    at = previous_[at];
  }
  for (std::size_t i = 0; i < tails_.size(); ++i) anchors_[i] = anchors_[tails_[i]];
  anchors_.resize(tails_.size());
}

// Splits the gap at its anchors; what lies between them goes on at the next level.
void Aligner::anchor(const Gap& gap) {
  find_anchors(gap, kAnchorWords[gap.level]);
  keep_ascending();
  Gap rest = gap;
  ++rest.level;
  for (std::size_t i = 0; i < anchors_.size();) {
    Block block = anchors_[i];
    for (++i; i < anchors_.size(); ++i) {
      const Block& next = anchors_[i];
      if (next.a - block.a != next.b - block.b || next.a > block.a + block.length) break;
      block.length = next.a + next.length - block.a;
    }
    // Anchors of different diagonals may overlap in either text: the first one has the words.
    const std::uint32_t skip = std::max(rest.a_begin - std::min(block.a, rest.a_begin),
                                        rest.b_begin - std::min(block.b, rest.b_begin));
    if (skip >= block.length) continue;
    block = {block.a + skip, block.b + skip, block.length - skip};
    blocks_.push_back(block);
    gaps_.push_back({rest.a_begin, block.a, rest.b_begin, block.b, rest.level});
    rest.a_begin = block.a + block.length;
    rest.b_begin = block.b + block.length;
  }
  gaps_.push_back(rest);
}

// In rounds of at most kMaxEdits: each that does not reach the end comes kMaxEdits words further at
// least, so the work is at most linear in the gap.
void Aligner::align_words(Gap gap) {
  while (gap.a_begin < gap.a_end && gap.b_begin < gap.b_end) {
    if (align_round(gap, kMaxEdits) == Round::kCutShort) {
      gap.a_begin += cut_.a;
      gap.b_begin += cut_.b;
    } else {
      return;
    }
  }
}

// Fewest insertions and deletions (Myers, 1986).
Aligner::Round Aligner::align_round(const Gap& gap, std::int64_t max_edits) {
  constexpr std::int64_t kWidth = 2 * kMaxEdits + 3;
  reached_.resize(static_cast<std::size_t>((kMaxEdits + 1) * kWidth));
  const auto n = static_cast<std::int64_t>(gap.a_end - gap.a_begin);
  const auto m = static_cast<std::int64_t>(gap.b_end - gap.b_begin);
  const std::uint64_t* const a = a_.data() + gap.a_begin;
  const std::uint64_t* const b = b_.data() + gap.b_begin;
  // reached(d, k): the most words of a on diagonal k (a - b) with d edits; -1 for none.
  const auto reached = [&](std::int64_t d, std::int64_t k) -> std::int64_t& {
    return reached_[static_cast<std::size_t>(d * kWidth + k + kMaxEdits + 1)];
  };
  // A step down (a word of b inserted) and one to the right (a word of a deleted) to diagonal k.
  const auto down = [&](std::int64_t d, std::int64_t k) -> std::int64_t {
    const std::int64_t x = k < d - 1 ? reached(d - 1, k + 1) : -1;
    return x >= 0 && x - k <= m ? x : -1;
  };
  const auto right = [&](std::int64_t d, std::int64_t k) -> std::int64_t {
    const std::int64_t x = k > 1 - d ? reached(d - 1, k - 1) : -1;
    return x >= 0 && x < n ? x + 1 : -1;
  };
  std::int64_t best_d = 0;
  std::int64_t best_k = 0;
  bool at_end = false;
  for (std::int64_t d = 0; d <= max_edits && !at_end; ++d) {
    std::int64_t furthest = -1;
    for (std::int64_t k = -d; k <= d; k += 2) {
      std::int64_t x = d == 0 ? 0 : std::max(down(d, k), right(d, k));
      if (x >= 0) {
        while (x < n && x - k < m && a[x] == b[x - k]) ++x;
        if (2 * x - k > furthest) {
          furthest = 2 * x - k;
          best_d = d;
          best_k = k;
        }
        at_end = at_end || (x == n && x - k == m);
      }
      reached(d, k) = x;
    }
  }
  // A first try with few edits leaves nothing behind where it fails.
  if (!at_end && max_edits < kMaxEdits) return Round::kCutShort;
  const std::int64_t end = reached(best_d, best_k);
  std::int64_t k = best_k;
  for (std::int64_t d = best_d; d >= 0; --d) {
    const std::int64_t x = reached(d, k);
    const bool by_right = d > 0 && right(d, k) > down(d, k);
    std::int64_t from = 0;
    if (d > 0) from = by_right ? right(d, k) : down(d, k);
    if (x > from) {
      blocks_.push_back({gap.a_begin + static_cast<std::uint32_t>(from),
                         gap.b_begin + static_cast<std::uint32_t>(from - k),
                         static_cast<std::uint32_t>(x - from)});
    }
    if (d > 0) k += by_right ? -1 : 1;
  }
  cut_ = {static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(end - best_k), 0};
  return at_end ? Round::kComplete : Round::kCutShort;
}

// Lengthens each block into the gaps beside it and joins blocks that touch in both texts.
void Aligner::make_maximal() {
  std::size_t kept = 0;
  std::uint32_t a_free = 0;
  std::uint32_t b_free = 0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    Block block = blocks_[i];
    while (block.a > a_free && block.b > b_free && a_[block.a - 1] == b_[block.b - 1]) {
      block = {block.a - 1, block.b - 1, block.length + 1};
    }
    const std::size_t a_limit = i + 1 < blocks_.size() ? blocks_[i + 1].a : a_.size();
    const std::size_t b_limit = i + 1 < blocks_.size() ? blocks_[i + 1].b : b_.size();
    while (block.a + block.length < a_limit && block.b + block.length < b_limit &&
           a_[block.a + block.length] == b_[block.b + block.length]) {
      ++block.length;
    }
    if (kept > 0 && block.a == a_free && block.b == b_free) {
      blocks_[kept - 1].length += block.length;
    } else {
      blocks_[kept++] = block;
    }
    a_free = block.a + block.length;
    b_free = block.b + block.length;
  }
  blocks_.resize(kept);
}

}  // namespace wirecopy
