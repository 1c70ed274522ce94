// Counts of more texts than are in memory at once.
#pragma once

#include <cstddef>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/counts.h"

namespace wirecopy {

// The counts of the texts of both, as if they had been counted at once (to the last bit, weighted
// ones too), without occurrences. Linear in the terms of both. Throws InputError where they counted
// other n-grams, or where min_df or max_df left terms out of one (they would pass for absent).
Counts merge_counts(const Counts& a, const Counts& b, const Run& run);

// Keeps the `most` most frequent terms of all lengths (equals in the order of the rows), and says
// by how much frequencies may be too small once more texts are merged in: `undercount` becomes the
// greatest true frequency that a dropped term can have. Totals stay exact.
void keep_frequent(Counts& counts, std::size_t most);

// Counts in batches of some 16 MB, keeping at most `most` terms from one to the next: memory for
// those, and for the terms of one batch. What is dropped does not depend on threads or on what the
// texts are stored as. Frequencies are exact where `undercount` is 0; else each is too small by no
// more than its undercount, as are document frequencies, and every term whose true frequency is
// above `undercount` is among the terms before min_df and max_df.
Counts count_bounded(const TextColumn& texts, std::span<const double> weights,
                     const CountOptions& options, std::size_t most, const Run& run);

}  // namespace wirecopy
