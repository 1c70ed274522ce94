#include "wirecopy/archive/lookup.h"

#include <algorithm>
#include <utility>

#include "wirecopy/base/prefetch.h"
#include "wirecopy/match/intersect.h"

namespace wirecopy {

namespace {

// Lists, and sets, whose reading waits for memory at a time.
constexpr std::size_t kListsAhead = 24;

}  // namespace

Lookup::Lookup(const Snapshot& snapshot, const Similarity& rule, std::size_t rows, HeldLimit& limit)
    : snapshot_(snapshot),
      settings_(snapshot.settings()),
      rule_(rule),
      rows_(rows),
      held_(limit),
      key_lists_(settings_, rule, held_, sorting_) {}

void Lookup::ask(std::span<const Question> questions, std::vector<Found>& found) {
  const AtHand at_hand{.now = questions.size(), .all = rows_};
  key_lists_.prepare(questions);
  for (const Snapshot::Part& part : snapshot_.parts()) {
    const Segment& segment = *part.segment;
    read_lists(part, questions, key_lists_.choose(segment, part.first, questions, at_hand));
    if (settings_.sets) keep_likely(segment, questions);
    fetch_likely(segment, at_hand);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const Candidate& one = candidates_[i];
      if (settings_.sets && i + 1 < candidates_.size()) {
        segment.prefetch_set(candidates_[i + 1].text);
      }
      const Question& question = questions[one.question];
      const std::uint32_t shared = compare(segment, one, question);
      if (shared == 0) continue;
      const std::uint32_t size = settings_.sets ? set_size(question) : 0;
      found.push_back({question.row, size, part.first + one.text, shared});
    }
  }
}

std::uint32_t Lookup::set_size(const Question& question) {
  return static_cast<std::uint32_t>(question.shingles->all(sorting_).size());
}

// Which texts are in how many of the lists of a question.
void Lookup::read_lists(const Snapshot::Part& part, std::span<const Question> questions,
                        std::span<const KeyList> lists) {
  const Segment& segment = *part.segment;
  const PostingIndex index = segment.index();
  candidates_.clear();
  if (counts_.size() < segment.size()) counts_.resize(segment.size());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (i + kListsAhead < lists.size()) index.prefetch_postings(lists[i + kListsAhead].bucket);
    const KeyList& list = lists[i];
    held_.note(index.postings_address(list.bucket), index.bytes_of(list.bucket));
    const Postings postings = index.with_key(list.bucket, list.key);
    for (std::size_t k = 0; k < postings.size(); ++k) {
      const std::uint32_t text = postings.text(k);
      if (text >= segment.size()) {
        throw ArchiveError(segment.name(), "block 'postings': names a text that there is not");
      }
      if (counts_[text]++ == 0) met_.push_back(text);
    }
    if (i + 1 < lists.size() && lists[i + 1].question == list.question) continue;
    for (const std::uint32_t text : met_) {
      const std::uint32_t count = std::exchange(counts_[text], 0);
      if (part.has(text) && part.first + text < questions[list.question].before) {
        candidates_.push_back({list.question, text, count});
      }
    }
    met_.clear();
  }
}

// Keeps those that may share enough, by their sizes and the lists that were not read.
void Lookup::keep_likely(const Segment& segment, std::span<const Question> questions) {
  for (const Candidate& one : candidates_) segment.prefetch_set_size(one.text);
  std::size_t kept = 0;
  for (Candidate one : candidates_) {
    const Question& question = questions[one.question];
    const std::uint32_t theirs = segment.set_size(one.text);
    if (!question.shingles->whole() && hopeless(one, question, theirs)) continue;
    one.needed = rule_.needed(set_size(question), theirs);
    if (one.needed == Similarity::kNever || too_few_lists(one)) continue;
    candidates_[kept++] = one;
  }
  candidates_.resize(kept);
}

bool Lookup::too_few_lists(const Candidate& one) const {
  return settings_.keys == format::Keys::kShingles &&
         one.lists + std::uint64_t{key_lists_.unread(one.question)} < one.needed;
}

// Whether a candidate shares too little, whatever size between the two bounds the set of the
// question has. With a member less than at most, that much less was unread, but what is needed
// falls by one at most. Where the sizes differ too much to match, those further apart do too.
bool Lookup::hopeless(Candidate one, const Question& question, std::uint32_t theirs) {
  const auto most = static_cast<std::uint32_t>(question.shingles->most());
  one.needed = rule_.needed(most, theirs);
  if (one.needed != Similarity::kNever) return too_few_lists(one);
  if (most <= theirs) return true;
  const auto least = static_cast<std::uint32_t>(question.shingles->least(sorting_));
  return theirs <= least && rule_.needed(least, theirs) == Similarity::kNever;
}

void Lookup::fetch_likely(const Segment& segment, const AtHand& at_hand) {
  const auto compared = [&](const Candidate& one) {
    return settings_.sets ? segment.set_address(one.text) : segment.signature_address(one.text);
  };
  for (const Candidate& one : candidates_) prefetch(compared(one));
  const auto kind = settings_.sets ? format::Kind::kSets : format::Kind::kSignatures;
  if (!at_hand.far_apart(candidates_.size(), segment.bytes_of(kind))) return;
  if (!any_cold(segment, candidates_, compared)) return;
  for (const Candidate& one : candidates_) {
    if (settings_.sets) {
      segment.read_set_ahead(one.text);
    } else {
      segment.read_signature_ahead(one.text);
    }
  }
}

// What the two share; 0 where that is no match.
std::uint32_t Lookup::compare(const Segment& segment, const Candidate& one,
                              const Question& question) {
  if (!settings_.sets) {
    held_.note(segment.signature_address(one.text), question.signature.size_bytes());
    return agreeing(segment.signature(one.text), question.signature);
  }
  held_.note(segment.set_address(one.text), segment.set_size(one.text) * sizeof(std::uint64_t));
  const std::uint32_t shared =
      count_shared(segment.set(one.text), question.shingles->all(sorting_), one.needed);
  return shared < one.needed ? 0 : shared;
}

std::uint32_t Lookup::agreeing(std::span<const std::uint32_t> a,
                               std::span<const std::uint32_t> b) const {
  std::uint32_t same = 0;
  for (std::size_t i = 0; i < a.size(); ++i) same += a[i] == b[i];
  const double share = static_cast<double>(same) / static_cast<double>(a.size());
  return share >= rule_.threshold ? same : 0;
}

}  // namespace wirecopy
