// Matches and groups as tables of rows that a person reads.
#pragma once

#include <cstdint>

#include "wirecopy/base/table.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/groups.h"

namespace wirecopy {

// How many rows pairs_table would have: twins count pair by pair here.
std::uint64_t count_pairs(const Matches& matches, double threshold);

// a, b, jaccard, containment_a, containment_b, shared, verdict, bridge; ascending by (a, b), a < b.
Table pairs_table(const Matches& matches, const Groups& groups, double threshold);

// group, row, role, keeper, jaccard, verdict, size: a row per text in a group, ascending by group,
// then the keeper, then by row.
Table groups_table(const Matches& matches, const Groups& groups);

}  // namespace wirecopy
