// Exact set-similarity join: every pair of sets that is alike enough, and no other.
//
// Members are put in one order, rare ones first. Two sets that share n members, seen in this order,
// share one among the first (size - n + 1) of each, so only these prefixes are looked up (prefix
// filter; Chaudhuri, Ganti and Kaushik, ICDE 2006). Sets are visited by size, and a set is found
// through a shorter prefix by larger ones than the one it looks with itself (Xiao, Wang, Lin and
// Yu, "Efficient similarity joins for near duplicate detection", WWW 2008).
#pragma once

#include "wirecopy/base/parallel.h"
#include "wirecopy/match/candidates.h"
#include "wirecopy/match/compare.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

Compared exact_join(const Sets& sets, const Similarity& similarity, const Run& run);

// The buckets that it compares by: any two sets that match share one (compare.h).
Buckets prefix_buckets(const Sets& sets, const Similarity& similarity, const Run& run);

}  // namespace wirecopy
