// Near-duplicate pairs: MinHash bands propose, the shingle sets decide.
#pragma once

#include <cstdint>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/banding.h"

namespace wirecopy {

struct DedupOptions {
  double threshold = 0.5;  // Jaccard, in (0, 1]
  int shingle_size = 5;    // words
  int permutations = 128;
  double recall = 0.99;  // wanted chance to look at a pair that stands exactly at the threshold
  std::uint64_t seed = 1;
};

// Two texts with different shingle sets, each the first of its twins.
struct Pair {
  DocId a;
  DocId b;               // a < b
  std::uint32_t shared;  // shingles in both
  friend bool operator==(const Pair&, const Pair&) = default;
};

// Texts with equal shingle sets ("twins") are compared once: a story reprinted word for word by
// 10,000 outlets is one entry here, not 50 million pairs.
struct Matches {
  std::vector<std::uint32_t> words;  // words of each text; 0: nothing to compare
  std::vector<std::uint32_t>
      set_size;             // distinct shingles of each text that had a candidate; else 0
  std::vector<DocId> twin;  // first text with the same shingle set (itself, if none before)
  std::vector<DocId> copy;  // first text with the same bytes (itself, if none before)
  std::vector<Pair> pairs;  // ascending by (a, b); between first twins only
  double threshold = 0;
  Banding banding;
  double candidate_recall = 1;   // chance that a pair exactly at the threshold was looked at
  std::uint64_t candidates = 0;  // pairs of first twins whose sets were compared

  double jaccard(const Pair& pair) const {
    const double shared = pair.shared;
    return shared / (static_cast<double>(set_size[pair.a]) + set_size[pair.b] - shared);
  }
};

// Every pair returned has Jaccard similarity >= threshold, computed on the sets themselves; each
// pair at or above it is returned with probability >= candidate_recall. Same answer for any number
// of threads. A null or empty text, or one without a word, matches nothing.
Matches find_matches(const TextColumn& texts, const DedupOptions& options, const Run& run);

}  // namespace wirecopy
