// Matches and groups as tables of rows that a person reads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "wirecopy/base/table.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/evidence.h"
#include "wirecopy/match/groups.h"

namespace wirecopy {

// How many rows pairs_table would have: twins count pair by pair here. Under a constraint every
// row is looked at, without one only every pair of first twins.
std::uint64_t count_pairs(const Matches& matches, const Cut& cut);

// What pairs_table tells of each pair beside the sets; each may be left out.
struct PairDetails {
  std::optional<std::span<const Evidence>> evidence;     // of matches.pairs, in their order
  std::optional<std::span<const std::int64_t>> dates;    // of the rows, as in Constraint
  std::optional<std::span<const std::int32_t>> sources;  // likewise
};

enum class PairRows : std::uint8_t {
  kAll,
  kBridges,  // those that are not in one group
  kKeepers,  // each text of a group with its keeper: no more rows than texts
};

// a, b, [similarity,] jaccard, containment_a, containment_b, shared, verdict, bridge; ascending by
// (a, b), a < b. The similarity where the measure is another one than Jaccard. The verdicts are the
// cut's. With details, after them: coverage_a, coverage_b, longest_run, replaced (places),
// numbers_changed, names_changed, only_a, only_b (places, as places_name gives them), same_headline
// where there is evidence; days_apart (NaN where not known) where there are dates; same_source
// (false where not known) where there are sources. Texts with one shingle set are not aligned: they
// count as the same words in the same order, the first lines included.
Table pairs_table(const Matches& matches, const Groups& groups, const Cut& cut, PairRows wanted,
                  const PairDetails& details = {});

// All that was measured and judged: a row for each of matches.pairs, in their order. For tests and
// for choosing the constants of evidence.h.
Table evidence_table(const Matches& matches, const Judged& judged);

// group, row, role, keeper, [similarity,] jaccard, verdict, size: a row per text in a group,
// ascending by group, then the keeper, then by row.
Table groups_table(const Matches& matches, const Groups& groups);

}  // namespace wirecopy
