// Which texts of an archive are like given ones.
//
// A text shares at least `needed` of its shingles with one that matches it, so one of any
// size - needed + 1 of them is in that one too (prefix filter; Chaudhuri, Ganti and Kaushik, ICDE
// 2006). Every shingle of every text is indexed, so how frequent each is in a segment is known
// before its texts are read: those of few texts are looked up, and the rarest of the others where
// they do not suffice, so that a boilerplate phrase that half of all articles carry is met only by
// a text that consists of little else (key_lists.h). Texts met in enough of the lists are compared
// set with set; the answer is exact, whatever the measure and threshold.
#pragma once

#include <cstdint>
#include <vector>

#include "wirecopy/archive/lookup.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

struct Limits {
  std::uint64_t max_found = 0;   // more are an InputError; 0: no limit
  std::uint64_t max_memory = 0;  // bytes of the files and the answer, about; 0: no limit
};

struct Answer {
  // By row of what was asked for.
  std::vector<std::uint32_t> words;
  std::vector<Fingerprint> print;
  std::vector<Found> found;  // ascending by (row, place)
};

// Throws InputError where the archive cannot answer such a question: signatures estimate Jaccard
// similarity, from the threshold on that their bands were chosen for.
void require_answerable(const ArchiveSettings& settings, const Similarity& rule);

// For each text the texts of the archive that match it. `compared` and `whole` are row for row:
// what is compared, and what copies are told by. Throws InputError where more than `most` are found
// (0: no limit).
Answer match_texts(const Snapshot& snapshot, const TextColumn& compared, const TextColumn& whole,
                   const Similarity& rule, const Limits& limits, const Run& run);

// For each text from place `first` on the texts before it that match.
Answer match_before(const Snapshot& snapshot, std::uint64_t first, const Similarity& rule,
                    const Limits& limits, const Run& run);

}  // namespace wirecopy
