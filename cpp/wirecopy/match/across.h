// Matches between two collections as a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wirecopy/base/table.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {

// How many rows across_table would have. Twins are of one side, so every pair is across.
std::uint64_t count_across(const Matches& matches);

// new, old, similarity, jaccard, containment_new, containment_old, shared, verdict: a row for every
// two texts, one before row `split` and one from it on (counted from there), ascending by (new,
// old). With `best_only`, for each new text the old one most alike (the first of these).
// `verdicts` are of matches.pairs, in their order (judge_pairs, judge_templates); without any,
// pairs are judged by their sets. Of texts with equal sets it depends on the two texts, not on the
// pair.
Table across_table(const Matches& matches, std::size_t split, bool best_only,
                   std::span<const Verdict> verdicts = {});

}  // namespace wirecopy
