// From candidates to pairs: every two sets that share a bucket are compared, once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/candidates.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

// Two texts, a < b, and how many shingles they share.
struct Pair {
  DocId a;
  DocId b;
  std::uint32_t shared;
  friend bool operator==(const Pair&, const Pair&) = default;
  static bool by_rows(const Pair& x, const Pair& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; }
};

// The sets to compare, in slots: ascending by size, then by text.
struct Sets {
  std::vector<DocId> text;
  std::vector<std::uint32_t> size;
  // Ascending. Those members that the set can share with another one; or all.
  std::vector<std::span<const std::uint64_t>> members;
  // Where not empty, only pairs of one set of each side are wanted.
  std::vector<bool> second_side;

  std::size_t count() const { return text.size(); }
  bool wanted(std::size_t a, std::size_t b) const {
    return second_side.empty() || second_side[a] != second_side[b];
  }
};

struct Compared {
  std::vector<Pair> pairs;       // ascending by (a, b)
  std::uint64_t candidates = 0;  // pairs of sets compared member by member
  bool too_many = false;         // more pairs than were asked for: none of them is listed
};

// `buckets` hold seats (candidates.h). No list of candidates is kept: a set's partners are
// gathered, compared and forgotten, so a corpus of look-alikes costs time and not memory; as long
// as the pairs themselves are no more than `max_pairs` (0: no limit).
Compared compare(const Sets& sets, const Buckets& buckets, const Similarity& similarity,
                 std::uint64_t max_pairs, const Run& run);

// Which buckets each slot stands in.
Buckets buckets_of_slots(const Buckets& buckets, std::size_t slots);

}  // namespace wirecopy
