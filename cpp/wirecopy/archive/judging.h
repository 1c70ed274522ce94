// Verdicts on what was found in an archive, by the texts that it keeps (evidence.h): those that
// find_matches and judge_pairs would give over the same texts in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wirecopy/archive/finder.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/verdict.h"
#include "wirecopy/text/furniture_rules.h"

namespace wirecopy {

struct Judging {
  // What was compared, of the rows of match_texts; null after match_before, whose rows are texts of
  // the archive from place `first` on.
  const TextColumn* compared = nullptr;
  std::uint64_t first = 0;
  // By which furniture is taken off the archive's texts; null: they are compared whole.
  const FurnitureRules* rules = nullptr;
  bool thorough = false;
  std::uint64_t max_memory =
      0;  // to use beside the texts that were given, about; 0: 64 MB of texts at a time
};

// What the sets say of a pair, or, where the archive keeps none, the characters: verdict.h.
Verdict verdict_of_sets(const Snapshot& snapshot, const Answer& answer, const Found& one);

// One for each of answer.found. Texts with one shingle set count as the first of them, that
// appeared when and where the earliest of them did, as far as the answer knows them; the texts
// given to match_texts appeared nowhere. Where the archive keeps no sets, they are made of the
// texts, and each counts for itself, with its own date and source. The archive must keep texts.
std::vector<Verdict> judge_found(const std::shared_ptr<const Snapshot>& snapshot,
                                 const Answer& answer, const Judging& judging, const Run& run);

}  // namespace wirecopy
