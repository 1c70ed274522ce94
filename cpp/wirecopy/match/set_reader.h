// The shingle sets of chosen texts, held in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/chunks.h"
#include "wirecopy/match/compare.h"
#include "wirecopy/match/repeats.h"

namespace wirecopy {

struct ReadSets {
  std::vector<DocId> text;
  std::vector<std::uint32_t> size;    // of the whole set
  std::vector<Fingerprint> print;     // of the whole set
  std::vector<std::uint32_t> shared;  // members that are repeated in the corpus
  // These members, or all of them where no Repeats was given; none where not kept.
  std::vector<std::span<std::uint64_t>> members;
  std::vector<Chunks<std::uint64_t>> memory;
};

// Reads `wanted` into memory of `pool`. Without `keep`, what is measured stays and the members do
// not.
ReadSets read_sets(const TextColumn& texts, std::span<const DocId> wanted, int shingle_size,
                   const Repeats* repeats, bool keep, const std::shared_ptr<BufferPool>& pool,
                   const Run& run);

// Takes members that stand in more than `max_df` of the sets out of all of them, and out of their
// sizes.
void drop_frequent(ReadSets& sets, std::uint32_t max_df, const Run& run);

// One of `sets`, by index, to be compared; which side it is on, where there are two.
struct Chosen {
  const ReadSets* sets;
  std::size_t index;
  bool second_side;
};

Sets in_slots(std::vector<Chosen> chosen, bool two_sides);

}  // namespace wirecopy
