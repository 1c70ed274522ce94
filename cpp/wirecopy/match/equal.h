// Matches of equal texts, without shingles.
#pragma once

#include <cstddef>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/copies.h"
#include "wirecopy/match/dedup.h"

namespace wirecopy {

// From the first equal text of each row (find_copies), the first one on the same side of row
// `split`. 0: there is one side.
std::vector<DocId> first_on_side(std::vector<DocId> first, std::size_t split);

// Equal texts as matches: each text is one shingle, its own. `words` is 1 for a text with a word;
// one without is no match of anything, whatever it is equal to.
Matches find_equal(const TextColumn& texts, CopyForm form, std::size_t split, const Run& run);

// For texts that were matched without their furniture, or some other part: from here on, only those
// that are equal as a whole are copies. `whole` has the texts row for row.
void require_whole_copies(const TextColumn& whole, Matches& matches, const Run& run);

}  // namespace wirecopy
