// Counts very many pairs of small numbers in bounded memory, exactly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"

namespace wirecopy {

inline constexpr int kPairShardBits = 7;
inline constexpr std::size_t kPairShards = std::size_t{1} << kPairShardBits;

inline std::uint64_t pair_key(std::uint32_t first, std::uint32_t second) {
  return std::uint64_t{first} << 32 | second;
}
inline std::uint32_t first_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }
inline std::uint32_t second_of(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

struct PairHit {
  std::uint64_t key;
  std::uint32_t text;
};

// Takes the pairs of one part of the corpus and sorts them by shard.
class PairSink {
 public:
  // The key may be any but ~0.
  void add(std::uint64_t key, std::uint32_t text) { shards_[shard_of(key)].push_back({key, text}); }

  static std::uint64_t mix(std::uint64_t key) {
    key *= 0x9E3779B97F4A7C15ULL;
    key ^= key >> 32;
    return key * 0xD6E8FEB86659FD93ULL;
  }
  static std::size_t shard_of(std::uint64_t key) {
    return static_cast<std::size_t>(mix(key) >> (64 - kPairShardBits));
  }
  const std::vector<PairHit>& shard(std::size_t i) const { return shards_[i]; }
  void clear() {
    for (std::vector<PairHit>& hits : shards_) hits.clear();
  }

 private:
  std::array<std::vector<PairHit>, kPairShards> shards_;
};

struct PairLimits {
  double min_count = 0;
  // Most pairs held at once, or so: each of the shards may hold its part of it.
  std::size_t max_pairs = 0;
};

struct PairCount {
  std::uint64_t key;
  double count;  // occurrences, each times the weight of its text
  double texts;  // texts that have it, each times its weight
};

struct PairCounts {
  // Every pair with count >= min_count and count > missed, in an order fixed by the input.
  std::vector<PairCount> pairs;
  // 0, or where there were more than max_pairs, the greatest count that a pair not given may have.
  double missed = 0;
};

// Counts the pairs that `emit(part, sink)` adds for parts 0 to `parts` - 1, several parts at once;
// within one part, hits of a text must follow one another. `weights` is empty or has one value a
// text.
//
// Where a shard grows beyond its share of max_pairs, the rarest half of its pairs is dropped, and
// the greatest count dropped is remembered (Manku and Motwani 2002, "Approximate frequency counts
// over data streams"). Then a pair that is held may have lost occurrences, so those that could
// reach the limit are counted again from the start: what is given is exact. Only how rare a pair
// may be to be given has risen, to above `missed`.
PairCounts count_pairs(std::size_t parts, const std::function<void(std::size_t, PairSink&)>& emit,
                       std::span<const double> weights, const PairLimits& limits, const Run& run);

}  // namespace wirecopy
