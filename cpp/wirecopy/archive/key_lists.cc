#include "wirecopy/archive/key_lists.h"

#include <algorithm>

#include "wirecopy/base/prefetch.h"

namespace wirecopy {

namespace {

// Reads of filters, and of the directory, that wait for memory at a time: more only wait for these.
constexpr std::size_t kAhead = 12;
constexpr std::uint32_t kRare = 32;  // postings: twice what a bucket has without frequent keys

// Keys that are looked at where so many lists are wanted: as most shingles of news are new, and a
// filter keeps nearly nine in ten of these out, some more of them are absent than lists are wanted.
constexpr std::size_t likely(std::size_t wanted) { return wanted + wanted / 3; }
// A filter is read in a small part of the time of a list: one in so many has to spare one.
constexpr std::size_t kWorthIt = 8;

void prefetch_buckets(const PostingIndex& index, std::span<const std::uint64_t> keys) {
  for (const std::uint64_t key : keys.first(std::min(kAhead, keys.size()))) {
    prefetch(index.bucket_address(key));
  }
}

}  // namespace

KeyLists::KeyLists(const ArchiveSettings& settings, const Similarity& rule, Held& held,
                   SortScratch& sorting)
    : settings_(settings),
      rule_(rule),
      bands_(settings.keys == format::Keys::kBands),
      held_(held),
      sorting_(sorting) {}

void KeyLists::prepare(std::span<const Question> questions) {
  if (asked_.size() < questions.size()) asked_.resize(questions.size());
  if (bands_ && band_keys_.size() < questions.size()) band_keys_.resize(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Question& question = questions[i];
    Asked& asked = asked_[i];
    asked.keys = {};
    asked.wanted = 0;
    asked.unread = 0;
    if (question.words == 0) continue;
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

std::span<const KeyList> KeyLists::choose(const Segment& segment, std::uint64_t first,
                                          std::span<const Question> questions,
                                          const AtHand& at_hand) {
  const PostingIndex index = segment.index();
  const auto count = static_cast<std::uint32_t>(questions.size());
  lists_.clear();
  for (std::uint32_t i = 0; i < asked_.size(); ++i) {
    Asked& asked = asked_[i];
    asked.lists = i < count && first < questions[i].before ? asked.wanted : 0;
    asked.looked_at = 0;
    asked.held.clear();
  }
  fetch_filters(segment, at_hand);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (asked_[i].lists > 0) look_at_filters(index, asked_[i]);
  }
  fetch_directory(segment, at_hand);
  prefetch_buckets(index, asked_[0].held);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + 1 < count) prefetch_buckets(index, asked_[i + 1].held);
    choose_lists(index, i, questions[i]);
  }
  fetch_lists(segment, at_hand);
  return lists_;
}

// Those that will be looked at, but for some of questions that have frequent ones.
std::span<const std::uint64_t> KeyLists::keys_for_filters(const Asked& asked) const {
  if (asked.lists == 0) return {};
  const std::size_t most = bands_ ? asked.lists : likely(asked.lists);
  return asked.keys.first(std::min(asked.keys.size(), most));
}

template <typename KeysOf, typename Address, typename Ahead>
void KeyLists::fetch(const Segment& segment, const AtHand& at_hand, std::uint64_t bytes,
                     KeysOf keys_of, Address address, Ahead ahead) {
  std::size_t count = 0;
  for (const Asked& asked : asked_) count += keys_of(asked).size();
  if (!at_hand.far_apart(count, bytes)) return;
  fetched_.clear();
  for (const Asked& asked : asked_) {
    const std::span<const std::uint64_t> keys = keys_of(asked);
    fetched_.insert(fetched_.end(), keys.begin(), keys.end());
  }
  if (!any_cold(segment, fetched_, address)) return;
  for (const std::uint64_t key : fetched_) ahead(key);
}

// Filters, from the disk.
void KeyLists::fetch_filters(const Segment& segment, const AtHand& at_hand) {
  const PostingIndex index = segment.index();
  if (!index.has_filters()) return;
  fetch(
      segment, at_hand, index.filter_bytes(),
      [&](const Asked& asked) { return keys_for_filters(asked); },
      [&](std::uint64_t key) { return index.filter_address(key); },
      [&](std::uint64_t key) { index.read_filter_ahead(key); });
}

// The first as many as lists are wanted; and some more, while these spare lists.
void KeyLists::look_at_filters(const PostingIndex& index, Asked& asked) {
  const std::size_t end = keys_for_filters(asked).size();
  for (const std::uint64_t key : asked.keys.first(std::min(kAhead, end))) {
    prefetch(index.filter_address(key));
  }
  look_at(index, asked, std::min(asked.lists, end));
  if (!index.has_filters()) return;
  while (asked.lists > 0 && asked.looked_at < end) {
    const std::size_t count = std::min(asked.lists, end - asked.looked_at);
    const std::size_t before = asked.lists;
    look_at(index, asked, count);
    if ((before - asked.lists) * kWorthIt < count) return;
  }
}

// So many more of the keys. Those that no text has count like lists that were read.
void KeyLists::look_at(const PostingIndex& index, Asked& asked, std::size_t count) {
  const std::size_t begin = asked.looked_at;
  std::size_t held = asked.held.size();
  asked.held.resize(held + count);
  asked.looked_at += count;
  for (std::size_t i = begin; i < asked.looked_at; ++i) {
    if (asked.keys.size() - i > kAhead) prefetch(index.filter_address(asked.keys[i + kAhead]));
    const std::uint64_t key = asked.keys[i];
    held_.note(index.filter_address(key), sizeof(std::uint64_t));
    // Without a branch: the next key overwrites what is not held.
    asked.held[held] = key;
    held += index.may_hold(key) ? 1u : 0u;
  }
  asked.lists -= asked.held.size() - held;
  asked.held.resize(held);
}

// Places in the directory of the keys whose lists are wanted, from the disk.
void KeyLists::fetch_directory(const Segment& segment, const AtHand& at_hand) {
  const PostingIndex index = segment.index();
  const auto wanted = [](const Asked& asked) {
    return std::span(asked.held).first(std::min(asked.held.size(), asked.lists));
  };
  fetch(
      segment, at_hand, index.directory_bytes(), wanted,
      [&](std::uint64_t key) { return index.bucket_address(key); },
      [&](std::uint64_t key) { index.read_bucket_ahead(key); });
}

// The lists that are wanted: the first that are rare, or else the rarest. How rare a key is, is
// told by its bucket, before any list is read.
void KeyLists::choose_lists(const PostingIndex& index, std::uint32_t number,
                            const Question& question) {
  Asked& asked = asked_[number];
  frequent_.clear();
  for (std::size_t next = 0; asked.lists > 0;) {
    if (next == asked.held.size()) {
      // Others, for those that were frequent.
      if (asked.keys.size() - asked.looked_at < asked.lists && !bands_) {
        asked.keys = question.shingles->all(sorting_);
      }
      const std::size_t count = std::min(asked.lists, asked.keys.size() - asked.looked_at);
      if (count == 0) break;
      look_at(index, asked, count);
      continue;
    }
    if (next + kAhead < asked.held.size()) {
      prefetch(index.bucket_address(asked.held[next + kAhead]));
    }
    const std::uint64_t key = asked.held[next++];
    held_.note(index.bucket_address(key), sizeof(std::uint32_t));
    const KeyList list{key, index.bucket(key), number};
    if (list.bucket.size() > kRare) {
      frequent_.push_back(list);
      continue;
    }
    if (list.bucket.size() > 0) lists_.push_back(list);
    --asked.lists;
  }
  choose_frequent(asked.lists);
}

// All of them, where there are not as many members as shingles.
void KeyLists::choose_frequent(std::size_t count) {
  count = std::min(count, frequent_.size());
  if (count == 0) return;
  const auto more = static_cast<std::ptrdiff_t>(count);
  std::ranges::nth_element(frequent_, frequent_.begin() + more - 1, {},
                           [](const KeyList& one) { return one.bucket.size(); });
  lists_.insert(lists_.end(), frequent_.begin(), frequent_.begin() + more);
}

// From the disk, in the order in which they lie there.
void KeyLists::fetch_lists(const Segment& segment, const AtHand& at_hand) {
  if (lists_.empty()) return;
  const PostingIndex index = segment.index();
  const auto address = [&](const KeyList& list) { return index.postings_address(list.bucket); };
  // Most are of the first keys of a text: they lie in the first part of the section.
  const auto [first, last] = std::ranges::minmax_element(
      lists_, {}, [](const KeyList& list) { return list.bucket.begin; });
  const std::uint64_t bytes =
      (std::uint64_t{last->bucket.begin} - first->bucket.begin) * index.posting_bytes();
  if (!at_hand.far_apart(lists_.size(), bytes)) return;
  if (!any_cold(segment, lists_, address)) return;
  order_.assign(lists_.begin(), lists_.end());
  std::ranges::sort(order_, {}, [](const KeyList& list) { return list.bucket.begin; });
  for (const KeyList& list : order_) index.read_postings_ahead(list.bucket);
}

}  // namespace wirecopy
