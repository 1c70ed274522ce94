#include "wirecopy/archive/finder.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <string>
#include <utility>

#include "wirecopy/archive/held.h"
#include "wirecopy/archive/reading.h"
#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

using Shingles = std::span<const std::uint64_t>;

// Questions that are asked together, and what they point to.
class Block {
 public:
  bool full() const { return used_ == kMost || keys_ >= kMostKeys; }
  std::span<const Question> questions() const { return {questions_.data(), used_}; }
  // Its `set` and signature will stay valid.
  void add(Question question, Shingles set) {
    question.shingles = &shingles_[used_];
    question.shingles->refer_to(set);
    put(question);
  }
  // Its shingles, in whatever order, and signature are copied.
  void add_copy(Question question, Shingles shingles) {
    question.shingles = &shingles_[used_];
    question.shingles->assign(shingles);
    std::vector<std::uint32_t>& signature = signatures_[used_];
    signature.assign(question.signature.begin(), question.signature.end());
    question.signature = signature;
    put(question);
  }
  void clear() { used_ = keys_ = 0; }

  static constexpr std::size_t kMost = 64;

 private:
  // A few long texts take the memory of many others.
  static constexpr std::size_t kMostKeys = std::size_t{1} << 16;

  void put(const Question& question) {
    questions_[used_++] = question;
    keys_ += question.shingles->most();
  }

  // By number in the block; what a block before left there keeps its memory.
  std::vector<Question> questions_ = std::vector<Question>(kMost);
  std::vector<ShingleSet> shingles_ = std::vector<ShingleSet>(kMost);
  std::vector<std::vector<std::uint32_t>> signatures_ =
      std::vector<std::vector<std::uint32_t>>(kMost);
  std::size_t used_ = 0;
  std::size_t keys_ = 0;
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
  return rows * (sizeof(std::uint32_t) + sizeof(Fingerprint)) +
         threads * largest * sizeof(std::uint32_t) + snapshot.places() * sizeof(std::uint64_t) +
         bytes / format::kPageBytes * sizeof(std::uint64_t);
}

// Of a match: twice while answers are put together, and a row of their table.
constexpr std::uint64_t kPerFound = 2 * sizeof(Found) + 128;

// Asks for every row; put(worker, row, answer, block) puts down what it measured of it, and the
// question.
template <typename Put>
Answer ask_all(const Snapshot& snapshot, std::size_t rows, const Similarity& rule,
               const Limits& limits, const Run& requested, Put put) {
  const std::uint64_t most = limits.max_found;
  require_answerable(snapshot.settings(), rule);
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  Answer answer;
  answer.words.resize(rows);
  answer.print.resize(rows);
  const auto threads = static_cast<std::size_t>(run.threads);
  HeldLimit limit(snapshot, limits.max_memory);
  limit.take(memory_beside(snapshot, rows, threads));
  std::deque<Lookup> lookups;
  for (std::size_t i = 0; i < threads; ++i) lookups.emplace_back(snapshot, rule, rows, limit);
  std::vector<Block> blocks(threads);
  std::vector<std::vector<Found>> found(threads);
  std::atomic<std::uint64_t> count{0};
  run.begin("matching", rows);
  // Large blocks, but some for each thread.
  const std::size_t step = std::clamp<std::size_t>(rows / (8 * threads), 1, Block::kMost);
  parallel_for(run, rows, step, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    const std::size_t before = found[worker].size();
    if (most > 0 && count.load(std::memory_order_relaxed) > most) return;
    Block& block = blocks[worker];
    block.clear();  // of a call that was stopped
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      put(worker, row, answer, block);
      if (!block.full() && row + 1 < end) continue;
      lookups[worker].ask(block.questions(), found[worker]);
      block.clear();
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
  const bool sets = snapshot.settings().sets;
  std::vector<TextMeter> meters;
  for (int i = 0; i < std::max(run.threads, 1); ++i) {
    meters.emplace_back(compared, whole, snapshot.settings());
  }
  return ask_all(snapshot, whole.size(), rule, limits, run,
                 [&](std::size_t worker, std::size_t row, Answer& answer, Block& block) {
                   const Measured measured = meters[worker].measure_unsorted(row);
                   answer.words[row] = measured.words;
                   answer.print[row] = measured.print;
                   block.add_copy({.row = static_cast<std::uint32_t>(row),
                                   .words = measured.words,
                                   .signature = measured.signature},
                                  sets ? measured.shingles : Shingles{});
                 });
}

Answer match_before(const Snapshot& snapshot, std::uint64_t first, const Similarity& rule,
                    const Limits& limits, const Run& run) {
  const ArchiveSettings& settings = snapshot.settings();
  return ask_all(snapshot, static_cast<std::size_t>(snapshot.places() - first), rule, limits, run,
                 [&](std::size_t, std::size_t row, Answer& answer, Block& block) {
                   const auto [part, text] = snapshot.at(first + row);
                   const Segment& segment = *part->segment;
                   answer.words[row] = segment.words(text);
                   answer.print[row] = segment.print(text);
                   Question question{.row = static_cast<std::uint32_t>(row),
                                     .words = answer.words[row],
                                     .before = first + row};
                   if (settings.keys == format::Keys::kBands) {
                     question.signature = segment.signature(text);
                   }
                   block.add(question, settings.sets ? segment.set(text) : Shingles{});
                 });
}

}  // namespace wirecopy
