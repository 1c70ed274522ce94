#include "wirecopy/archive/finder.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "wirecopy/archive/held.h"
#include "wirecopy/archive/reading.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/prefetch.h"
#include "wirecopy/match/intersect.h"

namespace wirecopy {
namespace {

using format::Posting;

struct Question {
  std::uint32_t words = 0;
  std::uint32_t set_size = 0;
  std::span<const std::uint64_t> set;
  std::span<const std::uint32_t> signature;
  std::uint64_t before = std::numeric_limits<std::uint64_t>::max();  // places asked for
};

// The lists of postings that belong to the keys of a text, in one segment after the other. One per
// thread: its counters take 4 bytes for each text of the largest segment.
class Prober {
 public:
  Prober(const Snapshot& snapshot, const Similarity& rule, HeldLimit& limit)
      : snapshot_(snapshot), settings_(snapshot.settings()), rule_(rule), held_(limit) {}

  // Calls use(place, shared) for each match.
  template <typename Use>
  void ask(const Question& question, Use use) {
    if (question.words == 0) return;
    const bool bands = settings_.keys == format::Keys::kBands;
    const std::span<const std::uint64_t> keys =
        bands ? band_keys(question.signature, settings_.banding, scratch_) : question.set;
    if (!bands) hold(keys.data(), keys.size_bytes());  // of a text of the archive itself
    // A text has to be in so many of the lists to match: in one band, or by the rule. So it is in
    // one of any keys.size() - least + 1 of them.
    const std::uint32_t least = bands ? 1 : rule_.needed_as_larger(question.set_size);
    if (least == Similarity::kNever || least > keys.size()) return;
    for (const Snapshot::Part& part : snapshot_.parts()) {
      if (part.first >= question.before) break;
      find_lists(*part.segment, keys, keys.size() - least + 1);
      count_texts(part);
      const auto unread = bands ? Similarity::kNever : least - 1;
      for (const std::uint32_t text : met_) {
        const std::uint32_t count = std::exchange(counts_[text], 0);
        const std::uint64_t place = part.first + text;
        if (!part.has(text) || place >= question.before) continue;
        const std::uint32_t shared = compare(*part.segment, text, question, count, unread);
        if (shared > 0) use(place, shared);
      }
      met_.clear();
    }
  }

 private:
  struct Chosen {
    std::uint64_t key;
    Segment::Bucket bucket;
  };

  // The lists of `wanted` of the keys: the first that are rare, or else the rarest. How rare a key
  // is, is told by its bucket, before any list is read.
  void find_lists(const Segment& segment, std::span<const std::uint64_t> keys, std::size_t wanted) {
    constexpr std::size_t kAhead = 32;
    constexpr std::uint32_t kRare = 32;  // twice what a bucket has without frequent keys
    chosen_.clear();
    frequent_.clear();
    for (const std::uint64_t key : keys.first(std::min(kAhead, keys.size()))) {
      prefetch(segment.bucket_address(key));
    }
    for (std::size_t i = 0; i < keys.size() && chosen_.size() < wanted; ++i) {
      if (keys.size() - i > kAhead) prefetch(segment.bucket_address(keys[i + kAhead]));
      hold(segment.bucket_address(keys[i]), sizeof(std::uint32_t));
      const Chosen one{keys[i], segment.bucket(keys[i])};
      if (one.bucket.size() > kRare) {
        frequent_.push_back(one);
      } else if (one.bucket.size() > 0) {
        choose(segment, one);
      } else {
        --wanted;
      }
    }
    if (chosen_.size() < wanted) {
      const auto more = static_cast<std::ptrdiff_t>(wanted - chosen_.size());
      std::ranges::nth_element(frequent_, frequent_.begin() + more - 1, {},
                               [](const Chosen& one) { return one.bucket.size(); });
      for (auto one = frequent_.begin(); one != frequent_.begin() + more; ++one) {
        choose(segment, *one);
      }
    }
    lists_.clear();
    for (const Chosen& one : chosen_) {
      hold(segment.postings_address(one.bucket), one.bucket.size() * sizeof(Posting));
      const auto list = segment.with_key(one.bucket, one.key);
      if (!list.empty()) lists_.push_back(list);
    }
  }

  void choose(const Segment& segment, const Chosen& one) {
    const auto at = static_cast<const char*>(segment.postings_address(one.bucket));
    prefetch(at);
    prefetch(at + 64);
    chosen_.push_back(one);
  }

  // In how many of the lists each text is.
  void count_texts(const Snapshot::Part& part) {
    if (counts_.size() < part.segment->size()) counts_.resize(part.segment->size());
    for (const auto& list : lists_) {
      hold(list.data(), list.size_bytes());
      for (const Posting& posting : list) {
        if (posting.text >= part.segment->size()) {
          throw ArchiveError(part.segment->name(),
                             "block 'postings': names a text that there is not");
        }
        if (counts_[posting.text]++ == 0) met_.push_back(posting.text);
      }
    }
  }

  // What is shared with a text that is in `count` of the lists read, with `unread` more; 0 where
  // that is no match.
  std::uint32_t compare(const Segment& segment, std::uint32_t text, const Question& question,
                        std::uint32_t count, std::uint32_t unread) {
    if (!settings_.sets) {
      const auto signature = segment.signature(text);
      hold(signature.data(), signature.size_bytes());
      return agreeing(signature, question.signature);
    }
    const std::uint32_t size = segment.set_size(text);
    const std::uint32_t needed = rule_.needed(question.set_size, size);
    if (needed == Similarity::kNever) return 0;
    if (unread != Similarity::kNever && std::uint64_t{count} + unread < needed) return 0;
    const auto set = segment.set(text);
    hold(set.data(), set.size_bytes());
    const std::uint32_t shared = count_shared(set, question.set, needed);
    return shared < needed ? 0 : shared;
  }

  std::uint32_t agreeing(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) const {
    std::uint32_t same = 0;
    for (std::size_t i = 0; i < a.size(); ++i) same += a[i] == b[i];
    const double share = static_cast<double>(same) / static_cast<double>(a.size());
    return share >= rule_.threshold ? same : 0;
  }

  void hold(const void* at, std::size_t bytes) { held_.note(at, bytes); }

  const Snapshot& snapshot_;
  const ArchiveSettings& settings_;
  const Similarity rule_;
  Held held_;
  KeyScratch scratch_;
  std::vector<Chosen> chosen_;
  std::vector<Chosen> frequent_;
  std::vector<std::span<const Posting>> lists_;
  std::vector<std::uint32_t> counts_;  // by text; all 0 between two segments
  std::vector<std::uint32_t> met_;
};

// Bytes of what is beside the sets and postings that are read: of an answer before anything is
// found, of counters, of where sets end, and of the checksums of pages.
std::uint64_t memory_beside(const Snapshot& snapshot, std::size_t rows, std::size_t threads) {
  std::uint64_t largest = 0;
  std::uint64_t bytes = 0;
  for (const Snapshot::Part& part : snapshot.parts()) {
    largest = std::max<std::uint64_t>(largest, part.segment->size());
    bytes += part.segment->file_bytes();
  }
  return rows * (2 * sizeof(std::uint32_t) + sizeof(Fingerprint)) +
         threads * largest * sizeof(std::uint32_t) + snapshot.places() * sizeof(std::uint64_t) +
         bytes / format::kPageBytes * sizeof(std::uint64_t);
}

// Of a match: twice while answers are put together, and a row of their table.
constexpr std::uint64_t kPerFound = 2 * sizeof(Found) + 128;

// Asks for every row; question(worker, row, answer) reads it and puts down what it measured.
template <typename Read>
Answer ask_all(const Snapshot& snapshot, std::size_t rows, const Similarity& rule,
               const Limits& limits, const Run& requested, Read question) {
  const std::uint64_t most = limits.max_found;
  require_answerable(snapshot.settings(), rule);
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  Answer answer;
  answer.words.resize(rows);
  answer.set_size.resize(rows);
  answer.print.resize(rows);
  const auto threads = static_cast<std::size_t>(run.threads);
  HeldLimit limit(snapshot, limits.max_memory);
  limit.take(memory_beside(snapshot, rows, threads));
  std::vector<Prober> probers(threads, Prober(snapshot, rule, limit));
  std::vector<std::vector<Found>> found(threads);
  std::atomic<std::uint64_t> count{0};
  run.begin("matching", rows);
  parallel_for(run, rows, 8, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    const std::size_t before = found[worker].size();
    if (most > 0 && count.load(std::memory_order_relaxed) > most) return;
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      const Question asked = question(worker, row, answer);
      answer.words[row] = asked.words;
      answer.set_size[row] = asked.set_size;
      probers[worker].ask(asked, [&](std::uint64_t place, std::uint32_t shared) {
        found[worker].push_back({static_cast<std::uint32_t>(row), place, shared});
      });
    }
    const std::size_t more = found[worker].size() - before;
    count.fetch_add(more, std::memory_order_relaxed);
    limit.take(more * kPerFound);
    run.advance(end - begin);
  });
  if (most > 0 && count.load() > most) {
    throw InputError("texts", "more than " + std::to_string(most) +
                                  " pairs match, too many to list: ask for a higher threshold");
  }
  if (limit.limited()) snapshot.forget();
  for (const std::vector<Found>& some : found) {
    answer.found.insert(answer.found.end(), some.begin(), some.end());
  }
  std::ranges::sort(answer.found, [](const Found& x, const Found& y) {
    return x.row != y.row ? x.row < y.row : x.place < y.place;
  });
  return answer;
}

}  // namespace

void require_answerable(const ArchiveSettings& settings, const Similarity& rule) {
  // Written so that NaN fails too.
  if (rule.measure == Measure::kOverlap) {
    if (!(rule.threshold >= 1 && rule.threshold <= 1e9 &&
          rule.threshold == static_cast<double>(static_cast<std::int64_t>(rule.threshold)))) {
      throw InputError("threshold", "must be a whole number of shingles, at least 1");
    }
  } else if (!(rule.threshold > 0 && rule.threshold <= 1)) {
    throw InputError("threshold", "must be above 0 and at most 1");
  }
  if (!(rule.min_ratio >= 0 && rule.min_ratio <= 1)) {
    throw InputError("min_ratio", "must be from 0 to 1");
  }
  if (settings.keys == format::Keys::kShingles) return;
  if (rule.measure != Measure::kJaccard) {
    throw InputError("measure",
                     "the archive finds texts by MinHash, which estimates Jaccard "
                     "similarity and no other measure");
  }
  if (rule.threshold < settings.threshold) {
    throw InputError("threshold", "is below " + std::to_string(settings.threshold) +
                                      ", which the bands of this archive were chosen for");
  }
  if (!settings.sets && (rule.min_shared > 1 || rule.min_ratio > 0)) {
    throw InputError("min_shared", "and min_ratio need sets, which this archive does not keep");
  }
}

Answer match_texts(const Snapshot& snapshot, const TextColumn& compared, const TextColumn& whole,
                   const Similarity& rule, const Limits& limits, const Run& run) {
  std::vector<TextMeter> meters;
  for (int i = 0; i < std::max(run.threads, 1); ++i) {
    meters.emplace_back(compared, whole, snapshot.settings());
  }
  return ask_all(snapshot, whole.size(), rule, limits, run,
                 [&](std::size_t worker, std::size_t row, Answer& answer) {
                   const Measured measured = meters[worker].measure(row);
                   answer.print[row] = measured.print;
                   Question question;
                   question.words = measured.words;
                   question.set_size = static_cast<std::uint32_t>(measured.set.size());
                   question.set = measured.set;
                   question.signature = measured.signature;
                   return question;
                 });
}

Answer match_before(const Snapshot& snapshot, std::uint64_t first, const Similarity& rule,
                    const Limits& limits, const Run& run) {
  const ArchiveSettings& settings = snapshot.settings();
  return ask_all(snapshot, static_cast<std::size_t>(snapshot.places() - first), rule, limits, run,
                 [&](std::size_t, std::size_t row, Answer& answer) {
                   const auto [part, text] = snapshot.at(first + row);
                   const Segment& segment = *part->segment;
                   answer.print[row] = segment.print(text);
                   Question question;
                   question.words = segment.words(text);
                   question.set_size = segment.set_size(text);
                   question.before = first + row;
                   if (settings.sets) question.set = segment.set(text);
                   if (settings.keys == format::Keys::kBands) {
                     question.signature = segment.signature(text);
                   }
                   return question;
                 });
}

}  // namespace wirecopy
