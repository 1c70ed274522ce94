// Near-duplicate pairs: which texts share enough of their shingles.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/banding.h"
#include "wirecopy/match/compare.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

struct Crowd;  // stars.h

enum class Method : std::uint8_t {
  kExact,    // every pair that matches (join.h)
  kMinHash,  // candidates from bands of signatures, then compared set with set
};

struct DedupOptions {
  Similarity rule;
  Method method = Method::kExact;
  int shingle_size = 5;  // words
  // A shingle that stands in more different texts than this (of each collection, added up) counts
  // for nothing, in no set; 0: no limit.
  std::uint32_t max_df = 0;
  // Where above 0, rows from here on are another collection, and only pairs across are wanted.
  std::size_t split = 0;
  // Bytes beside the texts and the answer; above them texts are read more than once, in at most
  // some 64 pieces. 0: no limit.
  std::uint64_t max_memory = 0;
  // Where more pairs match than this, none is listed (Matches::crowd); across two collections, an
  // InputError says so. 0: no limit.
  std::uint64_t max_pairs = 0;
  // For kMinHash.
  int permutations = 128;
  double recall = 0.99;  // wanted chance to look at a pair that stands exactly at the threshold
  std::uint64_t seed = 1;
  // Whether too many candidates make it take the exact join. False for who finds the matches of a
  // part of a corpus (parts.h), and decided for the whole.
  bool may_fall_back = true;
};

// Texts with equal shingle sets ("twins") are compared once: a story reprinted word for word by
// 10,000 outlets is one entry here, not 50 million pairs. Across two collections, twins are of one
// side.
struct Matches {
  std::vector<std::uint32_t> words;     // words of each text; 0: nothing to compare
  std::vector<std::uint32_t> set_size;  // shingles of each text that has a twin or a pair, and of
                                        // some others; else 0
  std::vector<DocId> twin;  // first text with the same shingle set (itself, if none before)
  std::vector<DocId> copy;  // first text with the same bytes (itself, if none before)
  std::vector<Pair> pairs;  // ascending by (a, b); between first twins only
  // Where more pairs matched than max_pairs: what it takes to find them, and no pair is listed
  // until list_stars (stars.h) has put those here that groups are made of.
  std::shared_ptr<Crowd> crowd;
  bool capped = false;  // whether that was so
  Similarity rule;
  Method method = Method::kExact;  // that gave the pairs
  // Bands gave so many chance candidates that the exact join was taken instead.
  bool fell_back = false;
  // The sets are words, each counted as often as it stands there: measure "passages" (passages.h).
  bool of_words = false;
  std::size_t pieces = 1;  // that the texts were compared in, two at a time, because of max_memory
  Banding banding;
  double candidate_recall = 1;   // chance that a pair exactly at the threshold was looked at
  std::uint64_t candidates = 0;  // pairs of first twins whose sets were compared

  double jaccard(const Pair& pair) const {
    const double shared = pair.shared;
    return shared / (static_cast<double>(set_size[pair.a]) + set_size[pair.b] - shared);
  }
  // By the measure that the texts were matched with.
  double similarity(const Pair& pair) const {
    return rule.of(set_size[pair.a], set_size[pair.b], pair.shared);
  }
};

// Every pair returned matches by the shingle sets themselves. The exact method returns all of them,
// MinHash each with probability >= candidate_recall. Same answer for any number of threads and any
// max_memory. A null or empty text, or one without a word, matches nothing.
Matches find_matches(const TextColumn& texts, const DedupOptions& options, const Run& run);

}  // namespace wirecopy
