// Which lists of a segment (the texts that have one key) some questions have to read.
//
// A text that matches lacks so many of the keys of a question at most, so it is in one of any so
// many lists and one more (finder.h). A key that no text has counts like a list that was read, and
// is told by a filter at a small part of what reading one costs: so some more keys are looked at
// than lists are needed, and for most news, of which nothing is in the archive, no list is left to
// be read. Of the others those of rare keys are taken.
//
// What is needed of a block of questions is told before any of it is read (filters, directory,
// lists), so that it can be asked for before its turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/archive/fetching.h"
#include "wirecopy/archive/held.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/posting_index.h"
#include "wirecopy/archive/question.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/archive/segment.h"
#include "wirecopy/match/similarity.h"

namespace wirecopy {

struct KeyList {
  std::uint64_t key;
  PostingIndex::Bucket bucket;
  std::uint32_t question;
};

// One per thread.
class KeyLists {
 public:
  // `sorting`: scratch of the questions' shingles. All must outlive it.
  KeyLists(const ArchiveSettings& settings, const Similarity& rule, Held& held,
           SortScratch& sorting);

  // Takes the keys of the questions.
  void prepare(std::span<const Question> questions);
  // The lists that those must read in a segment whose first text is at place `first`, question by
  // question; and asks for them where the disk has them. Valid until the next.
  std::span<const KeyList> choose(const Segment& segment, std::uint64_t first,
                                  std::span<const Question> questions, const AtHand& at_hand);
  // Keys of a question at most whose lists were not chosen. Not told of bands.
  std::uint32_t unread(std::size_t question) const { return asked_[question].unread; }

 private:
  struct Asked {
    std::span<const std::uint64_t> keys;  // some of the first, or all
    std::size_t wanted;    // a match has one of any so many of the keys; 0: there is none
    std::uint32_t unread;  // keys at most, where so many were read
    // In the segment at hand:
    std::size_t lists;                // still wanted
    std::size_t looked_at;            // of the keys, in filters
    std::vector<std::uint64_t> held;  // of these, those that a text may have
  };

  std::span<const std::uint64_t> keys_for_filters(const Asked& asked) const;
  // Asks for what `ahead` does for the keys of all questions, where that is worth it.
  template <typename KeysOf, typename Address, typename Ahead>
  void fetch(const Segment& segment, const AtHand& at_hand, std::uint64_t bytes, KeysOf keys_of,
             Address address, Ahead ahead);
  void fetch_filters(const Segment& segment, const AtHand& at_hand);
  void look_at_filters(const PostingIndex& index, Asked& asked);
  void look_at(const PostingIndex& index, Asked& asked, std::size_t count);
  void fetch_directory(const Segment& segment, const AtHand& at_hand);
  void choose_lists(const PostingIndex& index, std::uint32_t number, const Question& question);
  void choose_frequent(std::size_t count);
  void fetch_lists(const Segment& segment, const AtHand& at_hand);

  const ArchiveSettings& settings_;
  const Similarity rule_;
  const bool bands_;
  Held& held_;
  SortScratch& sorting_;
  std::vector<Asked> asked_;  // by question, as the next; may be longer
  std::vector<KeyScratch> band_keys_;
  std::vector<std::uint64_t> fetched_;
  std::vector<KeyList> lists_;
  std::vector<KeyList> frequent_;
  std::vector<KeyList> order_;  // the lists, by place
};

}  // namespace wirecopy
