// All reprints of a text in one call: near copies, and whatever shares passages with it, however
// cut, moved or misread.
#pragma once

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/passages.h"

namespace wirecopy {

// What find_passage_matches finds, and besides: every pair whose sets of five-word shingles have
// Jaccard similarity 1/2 or more, among which may be stories printed in more versions than a seed
// may stand in, and texts with the same words, however few. Of a pair that no chain was found for,
// `shared` is the words that its shared shingles cover at least, so its similarity is a lower
// bound. `options.threshold` above 1/2 can leave such pairs out.
Matches find_reprints(const TextColumn& texts, const NoisyOptions& options, const Run& run);

}  // namespace wirecopy
