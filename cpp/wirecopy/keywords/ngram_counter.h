// Counts n-grams of words level by level: an n-gram is no more frequent than the two shorter ones
// it is made of, so only those of frequent ones are counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/keywords/joint_measures.h"
#include "wirecopy/keywords/pair_counter.h"
#include "wirecopy/keywords/stretches.h"

namespace wirecopy {

// The n-grams of one length that occur at least min_count times.
struct FrequentNgrams {
  // The number of the first n - 1 words in the level before (for two words the first), and the last
  // word.
  std::vector<PairCount> grams;
  double missed = 0;  // as in PairCounts
};

class NgramCounter {
 public:
  // Keeps references to all but the limits.
  NgramCounter(const Stretches& stretches, std::span<const double> weights,
               const PairLimits& limits, const Run& run);

  // Counts the next longer n-grams, from two words on.
  void count_next();
  // 2 after the first level.
  std::size_t length() const { return levels_.size() + 1; }
  const FrequentNgrams& level(std::size_t length) const { return levels_[length - 2]; }
  // The words of n-gram `row` of that length.
  std::vector<std::uint32_t> words(std::size_t length, std::size_t row) const;

 private:
  void number_grams();

  const Stretches& stretches_;
  std::span<const double> weights_;
  PairLimits limits_;
  const Run& run_;
  std::vector<bool> frequent_;  // [word]
  std::vector<FrequentNgrams> levels_;
  std::vector<std::uint32_t>
      at_;  // [token]: number of the n-gram of the last level that begins there
};

// For each n-gram (words[row * n] to words[row * n + n - 1]) the table of 2^n cells: how many of
// all n-grams have which of its words at their places.
std::vector<JointTable> joint_tables(const Stretches& stretches, std::span<const double> weights,
                                     std::size_t n, std::span<const std::uint32_t> words,
                                     const Run& run);

}  // namespace wirecopy
