// Near-duplicate pairs: MinHash bands propose, the shingle sets decide.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/banding.h"

namespace wirecopy {

// How alike two texts are, from the sizes of their shingle sets and the number shared.
enum class Measure : std::uint8_t {
  kJaccard,      // shared / (a + b - shared)
  kContainment,  // shared / min(a, b)
  kOverlap,      // shared
};

enum class Method : std::uint8_t {
  kExact,    // every pair at or above the threshold
  kMinHash,  // candidates from bands of signatures, then verified
};

struct DedupOptions {
  Measure measure = Measure::kJaccard;
  Method method = Method::kExact;
  double threshold = 0.5;  // in (0, 1]; for kOverlap a whole number >= 1
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
  Measure measure = Measure::kJaccard;
  Method method = Method::kExact;
  double threshold = 0;
  Banding banding;
  double candidate_recall = 1;   // chance that a pair exactly at the threshold was looked at
  std::uint64_t candidates = 0;  // pairs of first twins whose sets were compared

  double jaccard(const Pair& pair) const {
    const double shared = pair.shared;
    return shared / (static_cast<double>(set_size[pair.a]) + set_size[pair.b] - shared);
  }
  // By the measure that the texts were matched with.
  double similarity(const Pair& pair) const {
    const double shared = pair.shared;
    switch (measure) {
      case Measure::kJaccard: return jaccard(pair);
      case Measure::kContainment: return shared / std::min(set_size[pair.a], set_size[pair.b]);
      case Measure::kOverlap: return shared;
    }
    return 0;
  }
};

// Every pair returned has Jaccard similarity >= threshold, computed on the sets themselves; each
// pair at or above it is returned with probability >= candidate_recall. Same answer for any number
// of threads. A null or empty text, or one without a word, matches nothing.
Matches find_matches(const TextColumn& texts, const DedupOptions& options, const Run& run);

}  // namespace wirecopy
