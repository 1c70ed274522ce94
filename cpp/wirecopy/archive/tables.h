// What an archive holds, and what was found in it, as tables.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/archive/finder.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/match/similarity.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {

// id, date, source ("" for none), words, shingles: a row for each place.
Table texts_table(const Snapshot& snapshot, std::span<const std::uint64_t> places);

// new (row), id_old, similarity, jaccard, containment_new, containment_old, shared, verdict,
// date_old, source_old: a row for each text that was found. By signatures alone: without jaccard to
// shared, and the similarity is Jaccard, estimated. `verdicts`: on each, or none for those of the
// sets (judging.h).
Table found_table(const Snapshot& snapshot, const Answer& answer, const Similarity& rule,
                  std::span<const Verdict> verdicts = {});

// file, block, problem: what Segment::verify says of every segment; none where all is well.
Table verify_table(const Snapshot& snapshot, const Run& run);

}  // namespace wirecopy
