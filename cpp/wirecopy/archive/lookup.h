// The look-up of some texts at once, in one segment of an archive after the other.
//
// The lists of two keys lie anywhere in a file, so to look one up is to wait for memory, or for the
// disk, which gives many of them in the time of one. Hence the lists of a block of texts are chosen
// before any is read, and each is asked for before its turn: from memory; and where the system does
// not hold them, from the disk, without what lies between them.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wirecopy/archive/fetching.h"
#include "wirecopy/archive/held.h"
#include "wirecopy/archive/key_lists.h"
#include "wirecopy/archive/question.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

struct Found {
  std::uint32_t row;       // of what was asked for
  std::uint32_t set_size;  // of the row: its different shingles; 0 without sets
  std::uint64_t place;     // of what matches it (snapshot.h)
  std::uint32_t shared;    // shingles; without sets, values of the signatures that agree
  friend bool operator==(const Found&, const Found&) = default;
};

// One per thread: its counters take 4 bytes for each text of the largest segment.
class Lookup {
 public:
  // `rows`: questions that all look-ups will be asked, in all. The others must outlive it.
  Lookup(const Snapshot& snapshot, const Similarity& rule, std::size_t rows, HeldLimit& limit);
  Lookup(const Lookup&) = delete;  // its lists refer to it
  Lookup& operator=(const Lookup&) = delete;

  // Adds each match of each question to `found`. There is at least one question.
  void ask(std::span<const Question> questions, std::vector<Found>& found);

 private:
  struct Candidate {
    std::uint32_t question;
    std::uint32_t text;
    std::uint32_t lists;       // of those read, that it is in
    std::uint32_t needed = 0;  // shared shingles
  };

  std::uint32_t set_size(const Question& question);
  void read_lists(const Snapshot::Part& part, std::span<const Question> questions,
                  std::span<const KeyList> lists);
  void keep_likely(const Segment& segment, std::span<const Question> questions);
  bool too_few_lists(const Candidate& one) const;
  bool hopeless(Candidate one, const Question& question, std::uint32_t theirs);
  void fetch_likely(const Segment& segment, const AtHand& at_hand);
  std::uint32_t compare(const Segment& segment, const Candidate& one, const Question& question);
  std::uint32_t agreeing(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) const;

  const Snapshot& snapshot_;
  const ArchiveSettings& settings_;
  const Similarity rule_;
  const std::size_t rows_;
  Held held_;
  SortScratch sorting_;
  KeyLists key_lists_;
  std::vector<std::uint32_t> counts_;  // by text; all 0 between two questions
  std::vector<std::uint32_t> met_;
  std::vector<Candidate> candidates_;
};

}  // namespace wirecopy
