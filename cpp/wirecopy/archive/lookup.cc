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
      if (part.first < questions[i].before) choose_lists(segment, i);
    }
    fetch_lists(segment);
    read_lists(part, questions);
    if (settings_.sets) keep_likely(segment, questions);
    fetch_likely(segment);
    for (const Candidate& one : candidates_) {
      const Question& question = questions[one.question];
      const std::uint32_t shared = compare(segment, one, question);
      if (shared > 0) found.push_back({question.row, part.first + one.text, shared});
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
    asked.keys =
        bands_ ? band_keys(question.signature, settings_.banding, band_keys_[i]) : question.set;
    if (!bands_) held_.note(asked.keys.data(), asked.keys.size_bytes());  // may lie in the archive
    // A text has to be in so many of the lists to match: in one band, or by the rule. So it is in
    // one of any keys.size() - least + 1 of them.
    asked.least = bands_ ? 1 : rule_.needed_as_larger(question.set_size);
    if (asked.least == Similarity::kNever || asked.least > asked.keys.size()) continue;
    asked.wanted = asked.keys.size() - asked.least + 1;
  }
}

// Whether so many places, among so many bytes of a file, which the questions at hand ask for,
// should be read one by one: where all questions together ask for much of that, it is faster to let
// the system read ahead.
bool Lookup::far_apart(std::size_t places, std::uint64_t bytes) const {
  constexpr std::uint64_t kPages = 2;  // of the system, that a place lies in
  const std::uint64_t all = std::uint64_t{places} * rows_ / asked_.size();
  return all * kPages * format::kPageBytes < bytes / 2;
}

void Lookup::fetch_directory(const Segment& segment) {
  constexpr std::size_t kMore = 8;  // one in so many, for those that are frequent
  const auto likely = [](const Asked& asked) {
    return asked.keys.first(std::min(asked.keys.size(), asked.wanted + asked.wanted / kMore));
  };
  const auto first = [&](const Asked& asked) {
    return segment.bucket_address(asked.keys.empty() ? 0 : asked.keys[0]);
  };
  std::size_t places = 0;
  for (const Asked& asked : asked_) places += likely(asked).size();
  if (!far_apart(places, segment.bytes_of(format::Kind::kDirectory))) return;
  if (!any_cold(segment, asked_, first)) return;
  for (const Asked& asked : asked_) {
    for (const std::uint64_t key : likely(asked)) segment.read_bucket_ahead(key);
  }
}

// The lists of `wanted` of the keys: the first that are rare, or else the rarest. How rare a key
// is, is told by its bucket, before any list is read.
void Lookup::choose_lists(const Segment& segment, std::uint32_t question) {
  const auto keys = asked_[question].keys;
  std::size_t wanted = asked_[question].wanted;
  const std::size_t before = lists_.size();
  const auto chosen = [&] { return lists_.size() - before; };
  frequent_.clear();
  for (const std::uint64_t key : keys.first(std::min({kAhead, keys.size(), wanted}))) {
    prefetch(segment.bucket_address(key));
  }
  for (std::size_t i = 0; i < keys.size() && chosen() < wanted; ++i) {
    if (keys.size() - i > kAhead) prefetch(segment.bucket_address(keys[i + kAhead]));
    held_.note(segment.bucket_address(keys[i]), sizeof(std::uint32_t));
    const List list{keys[i], segment.bucket(keys[i]), question};
    if (list.bucket.size() > kRare) {
      frequent_.push_back(list);
    } else if (list.bucket.size() > 0) {
      lists_.push_back(list);
    } else {
      --wanted;
    }
  }
  if (chosen() < wanted) {
    const auto more = static_cast<std::ptrdiff_t>(wanted - chosen());
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
    one.needed = rule_.needed(questions[one.question].set_size, segment.set_size(one.text));
    if (one.needed == Similarity::kNever) continue;
    const std::uint64_t unread = asked_[one.question].least - 1;
    if (!bands_ && one.lists + unread < one.needed) continue;
    candidates_[kept++] = one;
  }
  candidates_.resize(kept);
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
  const std::uint32_t shared = count_shared(segment.set(one.text), question.set, one.needed);
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
