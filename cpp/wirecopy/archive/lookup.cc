#include "wirecopy/archive/lookup.h"

#include <algorithm>
#include <utility>

#include "wirecopy/base/prefetch.h"
#include "wirecopy/match/intersect.h"

namespace wirecopy {

using format::Posting;

namespace {

// Reads of the directory, and of lists, that wait for memory at a time.
constexpr std::size_t kAhead = 32;
constexpr std::size_t kListsAhead = 24;

// Keys that are looked at for `wanted` that are not frequent.
constexpr std::size_t likely(std::size_t wanted) { return wanted + wanted / 8; }

// Of news most shingles are new: filters let one in so many through, or fewer.
constexpr std::size_t kKeptOut = 4;
constexpr std::size_t kFilterBytes = sizeof(std::uint64_t);
constexpr std::uint32_t kRare = 32;  // postings: twice what a bucket has without frequent keys

// Whether some of the places, taken evenly, are not held by the system: then asking for all of them
// before they are read is worth a system call for each.
template <typename Places, typename Address>
bool any_cold(const Segment& segment, const Places& places, Address address) {
  constexpr std::size_t kSample = 2;
  const std::size_t step = std::max<std::size_t>(places.size() / kSample, 1);
  for (std::size_t i = 0; i < places.size(); i += step) {
    if (!segment.in_memory(address(places[i]))) return true;
  }
  return false;
}

}  // namespace

Lookup::Lookup(const Snapshot& snapshot, const Similarity& rule, std::size_t rows, HeldLimit& limit)
    : snapshot_(snapshot),
      settings_(snapshot.settings()),
      rule_(rule),
      rows_(rows),
      bands_(settings_.keys == format::Keys::kBands),
      held_(limit) {}

void Lookup::ask(std::span<const Question> questions, std::vector<Found>& found) {
  prepare(questions);
  for (const Snapshot::Part& part : snapshot_.parts()) {
    const Segment& segment = *part.segment;
    lists_.clear();
    fetch_directory(segment);
    for (std::uint32_t i = 0; i < questions.size(); ++i) {
      if (part.first < questions[i].before) choose_lists(segment, i, questions[i]);
    }
    fetch_lists(segment);
    read_lists(part, questions);
    if (settings_.sets) keep_likely(segment, questions);
    fetch_likely(segment);
    for (const Candidate& one : candidates_) {
      const Question& question = questions[one.question];
      const std::uint32_t shared = compare(segment, one, question);
      if (shared == 0) continue;
      const std::uint32_t size = settings_.sets ? set_size(question) : 0;
      found.push_back({question.row, size, part.first + one.text, shared});
    }
  }
}

void Lookup::prepare(std::span<const Question> questions) {
  asked_.assign(questions.size(), {});
  if (bands_ && band_keys_.size() < questions.size()) band_keys_.resize(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Question& question = questions[i];
    if (question.words == 0) continue;
    Asked& asked = asked_[i];
    if (bands_) {
      // A text has to be in one of the lists to match.
      asked.keys = band_keys(question.signature, settings_.banding, band_keys_[i]);
      asked.wanted = asked.keys.size();
      continue;
    }
    // It has to share `least` of the shingles, so it is in one of any most - least + 1 lists. That
    // number does not fall where `most` is more than there are.
    const auto most = static_cast<std::uint32_t>(question.shingles->most());
    const std::uint32_t least = rule_.needed_as_larger(most);
    if (least == Similarity::kNever) continue;
    asked.wanted = most - least + 1;
    asked.unread = least - 1;
    asked.keys = question.shingles->first(likely(asked.wanted), sorting_);
    held_.note(asked.keys.data(), asked.keys.size_bytes());  // may lie in the archive
  }
}

std::uint32_t Lookup::set_size(const Question& question) {
  return static_cast<std::uint32_t>(question.shingles->all(sorting_).size());
}

// Whether so many places, among so many bytes of a file, which the questions at hand ask for,
// should be read one by one: where all questions together ask for much of that, it is faster to let
// the system read ahead.
bool Lookup::far_apart(std::size_t places, std::uint64_t bytes) const {
  constexpr std::uint64_t kPages = 2;  // of the system, that a place lies in
  const std::uint64_t all = std::uint64_t{places} * rows_ / asked_.size();
  return all * kPages * format::kPageBytes < bytes / 2;
}

// The filters and the places in the directory of the keys that will be looked at, from the disk.
void Lookup::fetch_directory(const Segment& segment) {
  const auto looked_at = [](const Asked& asked) {
    return asked.keys.first(std::min(asked.keys.size(), likely(asked.wanted)));
  };
  likely_.clear();
  for (const Asked& asked : asked_) {
    const auto keys = looked_at(asked);
    likely_.insert(likely_.end(), keys.begin(), keys.end());
  }
  const auto cold = [&](format::Kind kind, auto address) {
    return far_apart(likely_.size(), segment.bytes_of(kind)) && any_cold(segment, likely_, address);
  };
  if (segment.has_filters()) {
    const auto filter = [&](std::uint64_t key) { return segment.filter_address(key); };
    if (cold(format::Kind::kFilters, filter)) {
      for (const std::uint64_t key : likely_) segment.read_filter_ahead(key);
    }
    // What these keep out will not be looked up.
    if (!far_apart(likely_.size() / kKeptOut, segment.bytes_of(format::Kind::kDirectory))) return;
    for (const std::uint64_t key : likely_) held_.note(segment.filter_address(key), kFilterBytes);
    std::erase_if(likely_, [&](std::uint64_t key) { return !segment.may_hold(key); });
  }
  const auto bucket = [&](std::uint64_t key) { return segment.bucket_address(key); };
  if (cold(format::Kind::kDirectory, bucket)) {
    for (const std::uint64_t key : likely_) segment.read_bucket_ahead(key);
  }
}

// The lists of `wanted` of the keys: the first that are rare, or else the rarest. A key that no
// text has is told by a filter, and how rare another is by its bucket, before any list is read.
void Lookup::choose_lists(const Segment& segment, std::uint32_t number, const Question& question) {
  Asked& asked = asked_[number];
  std::span<const std::uint64_t>& keys = asked.keys;
  std::size_t wanted = asked.wanted;
  const std::size_t before = lists_.size();
  const auto chosen = [&] { return lists_.size() - before; };
  frequent_.clear();
  for (const std::uint64_t key : keys.first(std::min({kAhead, keys.size(), wanted}))) {
    prefetch(segment.filter_address(key));
  }
  for (std::size_t next = 0;;) {
    likely_.clear();
    while (chosen() + likely_.size() < wanted) {
      if (next == keys.size() && !bands_) keys = question.shingles->all(sorting_);
      if (next == keys.size()) break;
      if (keys.size() - next > kAhead) prefetch(segment.filter_address(keys[next + kAhead]));
      const std::uint64_t key = keys[next++];
      held_.note(segment.filter_address(key), kFilterBytes);
      if (segment.may_hold(key)) {
        prefetch(segment.bucket_address(key));
        likely_.push_back(key);
      } else {
        --wanted;
      }
    }
    if (likely_.empty()) break;
    for (const std::uint64_t key : likely_) {
      held_.note(segment.bucket_address(key), sizeof(std::uint32_t));
      const List list{key, segment.bucket(key), number};
      if (list.bucket.size() > kRare) {
        frequent_.push_back(list);
      } else if (list.bucket.size() > 0) {
        lists_.push_back(list);
      } else {
        --wanted;
      }
    }
  }
  if (chosen() < wanted) {
    // All of them, where there are not as many members as shingles.
    const std::size_t missing = std::min(wanted - chosen(), frequent_.size());
    if (missing == 0) return;
    const auto more = static_cast<std::ptrdiff_t>(missing);
    std::ranges::nth_element(frequent_, frequent_.begin() + more - 1, {},
                             [](const List& one) { return one.bucket.size(); });
    lists_.insert(lists_.end(), frequent_.begin(), frequent_.begin() + more);
  }
}

// From the disk, in the order in which they lie there.
void Lookup::fetch_lists(const Segment& segment) {
  const auto address = [&](const List& list) { return segment.postings_address(list.bucket); };
  if (lists_.empty()) return;
  // Most are of the first keys of a text: they lie in the first part of the section.
  const auto [first, last] =
      std::ranges::minmax_element(lists_, {}, [](const List& list) { return list.bucket.begin; });
  const std::uint64_t bytes =
      (std::uint64_t{last->bucket.begin} - first->bucket.begin) * sizeof(Posting);
  if (!far_apart(lists_.size(), bytes)) return;
  if (!any_cold(segment, lists_, address)) return;
  order_.assign(lists_.begin(), lists_.end());
  std::ranges::sort(order_, {}, [](const List& list) { return list.bucket.begin; });
  for (const List& list : order_) segment.read_postings_ahead(list.bucket);
}

// Which texts are in how many of the lists of a question.
void Lookup::read_lists(const Snapshot::Part& part, std::span<const Question> questions) {
  const Segment& segment = *part.segment;
  candidates_.clear();
  if (counts_.size() < segment.size()) counts_.resize(segment.size());
  for (std::size_t i = 0; i < lists_.size(); ++i) {
    if (i + kListsAhead < lists_.size()) segment.prefetch_postings(lists_[i + kListsAhead].bucket);
    const List& list = lists_[i];
    held_.note(segment.postings_address(list.bucket), list.bucket.size() * sizeof(Posting));
    for (const Posting& posting : segment.with_key(list.bucket, list.key)) {
      if (posting.text >= segment.size()) {
        throw ArchiveError(segment.name(), "block 'postings': names a text that there is not");
      }
      if (counts_[posting.text]++ == 0) met_.push_back(posting.text);
    }
    if (i + 1 < lists_.size() && lists_[i + 1].question == list.question) continue;
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
  return !bands_ && one.lists + std::uint64_t{asked_[one.question].unread} < one.needed;
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

void Lookup::fetch_likely(const Segment& segment) {
  const auto compared = [&](const Candidate& one) {
    return settings_.sets ? segment.set_address(one.text) : segment.signature_address(one.text);
  };
  for (const Candidate& one : candidates_) prefetch(compared(one));
  const auto kind = settings_.sets ? format::Kind::kSets : format::Kind::kSignatures;
  if (!far_apart(candidates_.size(), segment.bytes_of(kind))) return;
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
