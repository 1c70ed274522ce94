// The look-up of some texts at once, in one segment of an archive after the other.
//
// The lists of two keys lie anywhere in a file, so to look one up is to wait for memory, or for the
// disk, which gives many of them in the time of one. Hence the lists of a block of texts are chosen
// before any is read, and each is asked for before its turn: from memory; and where the system does
// not hold them, from the disk, without what lies between them.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "wirecopy/archive/held.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/match/similarity.h"
#include "wirecopy/sketch/shingle_set.h"

namespace wirecopy {

struct Found {
  std::uint32_t row;       // of what was asked for
  std::uint32_t set_size;  // of the row: its different shingles; 0 without sets
  std::uint64_t place;     // of what matches it (snapshot.h)
  std::uint32_t shared;    // shingles; without sets, values of the signatures that agree
  friend bool operator==(const Found&, const Found&) = default;
};

struct Question {
  std::uint32_t row = 0;
  std::uint32_t words = 0;
  ShingleSet* shingles = nullptr;  // put in order as far as that is needed
  std::span<const std::uint32_t> signature = {};
  std::uint64_t before = std::numeric_limits<std::uint64_t>::max();  // places asked for
};

// One per thread: its counters take 4 bytes for each text of the largest segment.
class Lookup {
 public:
  // `rows`: questions that all look-ups will be asked, in all. The others must outlive it.
  Lookup(const Snapshot& snapshot, const Similarity& rule, std::size_t rows, HeldLimit& limit);

  // Adds each match of each question to `found`. There is at least one question.
  void ask(std::span<const Question> questions, std::vector<Found>& found);

 private:
  struct Asked {
    std::span<const std::uint64_t> keys;  // some of the first, or all
    std::size_t wanted = 0;    // a match has one of any so many of the keys; 0: there is none
    std::uint32_t unread = 0;  // keys at most, where so many were read
  };
  struct List {
    std::uint64_t key;
    Segment::Bucket bucket;
    std::uint32_t question;
  };
  struct Candidate {
    std::uint32_t question;
    std::uint32_t text;
    std::uint32_t lists;       // of those read, that it is in
    std::uint32_t needed = 0;  // shared shingles
  };

  void prepare(std::span<const Question> questions);
  std::uint32_t set_size(const Question& question);
  bool far_apart(std::size_t places, std::uint64_t bytes) const;
  void fetch_directory(const Segment& segment);
  void choose_lists(const Segment& segment, std::uint32_t number, const Question& question);
  void fetch_lists(const Segment& segment);
  void read_lists(const Snapshot::Part& part, std::span<const Question> questions);
  void keep_likely(const Segment& segment, std::span<const Question> questions);
  bool too_few_lists(const Candidate& one) const;
  bool hopeless(Candidate one, const Question& question, std::uint32_t theirs);
  void fetch_likely(const Segment& segment);
  std::uint32_t compare(const Segment& segment, const Candidate& one, const Question& question);
  std::uint32_t agreeing(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) const;

  const Snapshot& snapshot_;
  const ArchiveSettings& settings_;
  const Similarity rule_;
  const std::size_t rows_;
  const bool bands_;
  Held held_;
  std::vector<Asked> asked_;  // by question, as everything below
  std::vector<KeyScratch> band_keys_;
  std::vector<std::uint32_t> sorting_;
  std::vector<std::uint64_t> likely_;
  std::vector<List> lists_;
  std::vector<List> frequent_;
  std::vector<List> order_;            // the lists, by place
  std::vector<std::uint32_t> counts_;  // by text; all 0 between two questions
  std::vector<std::uint32_t> met_;
  std::vector<Candidate> candidates_;
};

}  // namespace wirecopy
