// Groups where too many pairs match to list them.
//
// A thousand texts from one mould are half a million pairs, a hundred thousand are five billion.
// Groups do not need them: texts are taken in keeper order, and only a text that is in no group yet
// asks for its matches, among the texts that are in none (groups.h). So the pairs met are those of
// keepers and members, and texts that match in one heap cost time in proportion to their number.
// What is left quadratic is the work, not the memory, of texts that match one another and may not
// be grouped: templates that are not followed, and texts that the constraint keeps apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/compare.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/groups.h"
#include "wirecopy/match/set_reader.h"

namespace wirecopy {

// The sets of a search and the buckets that they meet in, kept to be looked up again.
struct Crowd {
  ReadSets memory;  // what the members of `sets` stand in
  Sets sets;
  Buckets buckets;
};

// Puts into matches.pairs every pair by which a text joins a group, and drops matches.crowd: from
// them make_groups, with the same cut and rank, makes the groups that it would make from all pairs.
// Does nothing where there is no crowd. `texts` are those that were matched; `cut` has no verdicts
// (templates are told here), and `rank` is as for make_groups.
void list_stars(const TextColumn& texts, const Cut& cut, std::span<const std::uint32_t> rank,
                Matches& matches, const Run& run);

}  // namespace wirecopy
