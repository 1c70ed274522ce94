// Matches between two collections as a table.
#pragma once

#include <cstddef>
#include <cstdint>

#include "wirecopy/base/table.h"
#include "wirecopy/match/dedup.h"

namespace wirecopy {

// How many rows across_table would have. Twins are of one side, so every pair is across.
std::uint64_t count_across(const Matches& matches);

// new, old, similarity, jaccard, containment_new, containment_old, shared, verdict: a row for every
// two texts, one before row `split` and one from it on (counted from there), ascending by (new,
// old). With `best_only`, for each new text the old one most alike (the first of these).
Table across_table(const Matches& matches, std::size_t split, bool best_only);

}  // namespace wirecopy
