// The search for matches in parts: what each task of a cluster does with the part of a corpus that
// came to it. Between tasks travel records of fixed layout, end to end, so that a cluster moves a
// few blocks of bytes and not a row for each key.
//
// What comes out are edges: texts joined by them, directly or through others, are a component, and
// every match of a text is in its component. dedup() then works on whole components, so that here a
// pair too many costs time and never an answer. That is why sets travel as the upper halves of
// their shingles: equal shingles have equal halves. Keys are made of whole shingles, where the sets
// are, or in a large corpus each would be met by many that only have its half. Sets are told apart
// by 64 bits; among n of them two share a number with a chance of about n^2 / 2^65, and one is then
// compared for both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/banding.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy::parts {

// A shingle set, by the XXH3-64 of its shingles.
using Node = std::uint64_t;
// Where a record is wanted next: a part of the nodes, or a task on a heap (meet()).
using Target = std::uint64_t;

inline constexpr std::uint32_t kMostParts = 1u << 24;

// Sets end to end: of each its shingles, ascending.
struct NodeSets {
  std::vector<Node> node;
  std::vector<std::size_t> starts{0};
  std::vector<std::uint64_t> shingles;

  std::size_t size() const { return node.size(); }
  std::span<const std::uint64_t> operator[](std::size_t i) const {
    return std::span(shingles).subspan(starts[i], starts[i + 1] - starts[i]);
  }
};

// Borrowed ones.
struct NodeSetsView {
  std::span<const Node> node;
  std::span<const std::size_t> starts;
  std::span<const std::uint64_t> shingles;

  std::size_t size() const { return node.size(); }
  std::span<const std::uint64_t> operator[](std::size_t i) const {
    return shingles.subspan(starts[i], starts[i + 1] - starts[i]);
  }
};

struct Packed {
  NodeSets sets;                       // of each text; empty where it has no words
  std::vector<std::uint64_t> content;  // XXH3-64 of each text; 0 of an empty one
};

Packed pack_sets(const TextColumn& texts, int shingle_size, const Run& run);

// ---- records ------------------------------------------------------------------------------------

// A key that a set looks for others by; `indexed` as a seat's (candidates.h). Of its 64 bits these
// are the lower half; the part that it is sent to tells some of the others.
struct KeyRecord {
  std::uint32_t key;
  std::uint32_t size_indexed;  // size of the set, times 2, plus whether it is indexed
  Node node;

  std::uint32_t size() const { return size_indexed >> 1; }
  bool indexed() const { return (size_indexed & 1) != 0; }
};

// Two sets to be compared, a < b; or, compared, an edge.
struct PairRecord {
  Node a;
  Node b;
  friend auto operator<=>(const PairRecord&, const PairRecord&) = default;
};

// That the set of a node is wanted somewhere.
struct RequestRecord {
  Node node;
  Target target;
  friend auto operator<=>(const RequestRecord&, const RequestRecord&) = default;
};

// A heap is a bucket with too many sets to list their pairs: the sets themselves are brought
// together. In several blocks where they are too many for one task: this is the task on two of
// them, or on one with itself.
struct HeapRecord {
  Target target;
  std::uint64_t bucket;
  std::uint32_t blocks;
  std::uint32_t first;
  std::uint32_t second;
  std::uint32_t unused = 0;
  friend auto operator<=>(const HeapRecord&, const HeapRecord&) = default;
};

static_assert(sizeof(KeyRecord) == 16 && sizeof(PairRecord) == 16 && sizeof(RequestRecord) == 16 &&
              sizeof(HeapRecord) == 32);

// Bytes for each of several targets, end to end; only targets that get some.
struct Blobs {
  std::vector<std::uint64_t> target;
  std::vector<std::int64_t> starts{0};
  std::string bytes;
};

// ---- steps --------------------------------------------------------------------------------------

// Sets as records (node, size, halves), by the part that their node is of; equal ones once. Two
// shingles of one half are there twice, so that a set has its true size, and two sets share no
// fewer halves than shingles.
Blobs spread_sets(const NodeSetsView& sets, std::uint32_t parts);

// Keys by part: those of find_matches() with the same bands and seed, which keeps 32 bits of each,
// and so has some candidates more by chance. Equal sets have theirs once, here and below.
Blobs band_keys(const NodeSetsView& sets, std::uint32_t parts, const Banding& banding,
                std::uint64_t seed);

// The `most` most frequent shingles that are in `least` sets or more, the most frequent first, and
// in how many sets.
struct Frequent {
  std::vector<std::uint64_t> shingle;
  std::vector<std::uint64_t> count;
};
Frequent frequent_shingles(const NodeSetsView& sets, std::uint64_t least, std::size_t most);

// Keys by part: the prefixes of the exact join (join.h). Shingles in `frequent` (the most frequent
// first) come last in the order, all others by their number; any order gives the same matches.
Blobs prefix_keys(const NodeSetsView& sets, std::uint32_t parts, const Similarity& rule,
                  std::span<const std::uint64_t> frequent);

struct MeetOptions {
  Similarity rule;
  std::uint32_t part = 0;
  std::uint32_t parts = 1;
  // Sets that one task on a heap holds at most.
  std::uint32_t block = 20'000;
  // Where above 0, sets of a larger bucket are compared in blocks of this many only.
  std::uint32_t max_bucket = 0;
};

struct Met {
  Blobs pairs;     // by part of their a
  Blobs requests;  // by part of their node
  std::vector<HeapRecord> heaps;
  std::uint64_t buckets = 0;       // with two sets or more
  std::uint64_t largest = 0;       // sets in one bucket
  std::uint64_t together = 0;      // pairs of sets in one bucket, counted for each bucket
  std::uint64_t capped = 0;        // buckets not compared in full
  std::uint64_t not_compared = 0;  // pairs in them that were left out
};

// The keys of one part meet: sets that share one are pairs, or heaps. Pairs that cannot match by
// their sizes are dropped.
Met meet(std::vector<KeyRecord> keys, const MeetOptions& options, const Run& run);

// The sets that were asked for, by who asked. `sets` and `requests` are of one part.
Blobs serve(std::string_view sets, std::vector<RequestRecord> requests);

struct Joined {
  std::vector<PairRecord> edges;  // no more than sets: what they connect is connected
  std::uint64_t candidates = 0;   // different pairs, without those in heaps
  std::uint64_t compared = 0;     // pairs whose sets were compared: not those connected already
};

// Compares pairs, and the sets of heaps with each other, until what matches is connected.
Joined verify(std::string_view sets, std::vector<PairRecord> pairs,
              std::span<const HeapRecord> heaps, const Similarity& rule, const Run& run);

// For each node of `edges` the least node that it is connected with: (node, least).
std::vector<PairRecord> components(std::span<const PairRecord> edges);

}  // namespace wirecopy::parts
