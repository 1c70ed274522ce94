// Matches and groups as tables of rows that a person reads.
#pragma once

#include <cstdint>

#include "wirecopy/base/table.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/groups.h"

namespace wirecopy {

// How many rows pairs_table would have: twins count pair by pair here. Under a constraint every
// row is looked at, without one only every pair of first twins.
std::uint64_t count_pairs(const Matches& matches, const Cut& cut);

// a, b, [similarity,] jaccard, containment_a, containment_b, shared, verdict, bridge; ascending by
// (a, b), a < b. The similarity where the measure is another one than Jaccard. With `bridges_only`,
// the pairs that are not in one group.
Table pairs_table(const Matches& matches, const Groups& groups, const Cut& cut, bool bridges_only);

// group, row, role, keeper, [similarity,] jaccard, verdict, size: a row per text in a group,
// ascending by group, then the keeper, then by row.
Table groups_table(const Matches& matches, const Groups& groups);

}  // namespace wirecopy
