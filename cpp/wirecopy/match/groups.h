// Groups without chains: every member is similar enough to the keeper itself.
//
// Texts are taken in keeper order; each one not yet in a group opens one and takes in every text
// not yet in a group that it matches ("star clustering"; Aslam, Pelekhov and Rus 2004, with the
// keeper rules as the order). A match between two groups is a bridge: reported, and not followed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/match/candidates.h"
#include "wirecopy/match/constraint.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {

inline constexpr std::int64_t kNoGroup = -1;

// What counts as a match here, among the matches that were found.
struct Cut {
  double threshold = 0;  // at least that of the matches
  Constraint constraint;
  // Of matches.pairs, in their order. Empty: they are judged by their sizes (verdict.h).
  std::span<const Verdict> verdicts;
  bool follow_templates = true;
};

struct Groups {
  std::vector<std::int64_t> group;    // of each text; kNoGroup where it is in none
  std::vector<DocId> keeper;          // of each text's group; the text itself where it is in none
  std::vector<std::uint32_t> shared;  // shingles shared with the keeper; 0 where it is in none
  std::vector<double> jaccard;        // to the keeper; 1 for the keeper, and where it is in none
  std::vector<Verdict> verdict;       // on text and keeper; kSameText for the keeper
  std::int64_t count = 0;             // groups are numbered in the order of their first texts
};

// `rank[i]` is text i's place in the keeper order (0 = most wanted), a permutation of the rows.
// Linear in texts and pairs; under a constraint, texts that match and may not be grouped cost
// time for every two of them.
Groups make_groups(const Matches& matches, const Cut& cut, std::span<const std::uint32_t> rank,
                   const Run& run);

// For each text, about how much it shares with a match of its own: the sum of what it shares with
// each (words or shingles) over their number plus a quarter; 0 without one.
std::vector<double> fullness(const Matches& matches, const Cut& cut);

// By text: all texts with its shingle set, ascending, if it is the first of them; else none.
Buckets twins_of(const Matches& matches);

// Whether texts with the shingle set of `first` match one another. By shares they do; a small set
// may share too few shingles even with itself.
bool twins_match(const Matches& matches, const Cut& cut, DocId first);

// On pair i of the matches.
Verdict verdict_of(const Matches& matches, const Cut& cut, std::size_t i);
// On two texts with the same shingle set.
Verdict verdict_of_twins(const Matches& matches, DocId a, DocId b);

}  // namespace wirecopy
