// All texts of an archive against one another, from their sets: what find_matches says of them,
// without reading a text.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wirecopy/archive/snapshot.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

// Rows are the texts that are not removed, in their order (Snapshot::all). Equal texts are told by
// XXH3-128 alone. Throws InputError where the archive keeps no sets.
Matches match_everything(const std::shared_ptr<const Snapshot>& snapshot, const Similarity& rule,
                         std::uint64_t max_pairs, const Run& run);

}  // namespace wirecopy
