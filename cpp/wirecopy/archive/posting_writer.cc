#include "wirecopy/archive/posting_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "wirecopy/archive/folder.h"
#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/prefetch.h"
#include "wirecopy/sketch/hash_sort.h"

namespace wirecopy {
namespace {

constexpr std::uint64_t kPerBucket = 16;  // a line of cache or two
constexpr int kBucketBits = 9;            // of a bucket within its slice, at most
// Postings of a part: a few dozen of each text are gathered for one visit to its set, unless that
// takes too much memory.
constexpr std::uint64_t kPart = std::uint64_t{1} << 21;
constexpr std::uint64_t kLargePart = std::uint64_t{1} << 24;
constexpr std::uint64_t kLeastPart = std::uint64_t{1} << 16;
constexpr std::uint64_t kPerPosting = 8;  // bytes, as it is gathered
constexpr std::uint64_t kPerText = 32;
constexpr std::uint64_t kPerTextOfMany = 8;
constexpr std::size_t kLine = 8;                            // keys of a line of the cache
constexpr std::size_t kAhead = 8;                           // texts that memory is asked for
constexpr std::uint64_t kMapped = std::uint64_t{64} << 10;  // bytes of a set, where some are read

static_assert(kBucketBits + 8 * format::posting_shape(format::kVersion, format::kMostTexts).bytes <=
                  64,
              "a bucket and a posting are gathered as one number");

}  // namespace

// What is gathered is a posting behind the number of its bucket in its slice, ascending as those of
// the slice are, in the highest bits.
struct PostingWriter::Part {
  explicit Part(std::uint64_t most) : bytes(most * kPerPosting) {}

  // Slice after slice, each in the order of the texts.
  std::uint64_t* gathered() const { return reinterpret_cast<std::uint64_t*>(bytes.data()); }
  // As they are written: in place of what was gathered of these, and of those before them.
  char* postings() const { return bytes.data(); }

  Buffer bytes;
  std::vector<std::uint32_t> slice_ends;
  std::vector<std::uint64_t> sorted;   // a slice
  std::vector<std::uint32_t> ends;     // of buckets
  std::vector<std::uint64_t> filters;  // likewise
  KeyScratch keys;
  SortScratch scratch;
};

PostingWriter::PostingWriter(const Records& records, const ArchiveSettings& settings,
                             std::uint64_t memory, const Run& run)
    : records_(records),
      settings_(settings),
      memory_(memory),
      run_(run),
      sets_are_keys_(settings.keys == format::Keys::kShingles),
      shape_(format::posting_shape(format::kVersion, records.size())) {
  if (sets_are_keys_) {
    sets_.resize(records.size());
    KeyScratch unused;
    Forgetting forgetting(records, memory, 1);
    for (std::size_t i = 0; i < records.size(); ++i) {
      sets_[i] = keys_of(records, i, settings, unused);
      total_ += sets_[i].size();
      forgetting.read(sets_[i].size_bytes());
    }
  } else {
    std::uint64_t with_words = 0;
    for (std::size_t i = 0; i < records.size(); ++i) with_words += records.words(i) > 0;
    total_ = with_words * static_cast<std::uint64_t>(settings.banding.bands);
  }
  if (total_ > format::kMostPostings) {
    throw InputError("texts", "more than 4 billion shingles in one segment");
  }
  choose_bits();
  in_slice_ = count_slices();
}

std::span<const std::uint64_t> PostingWriter::keys(std::size_t text, KeyScratch& scratch) const {
  if (sets_are_keys_) return sets_[text];
  return keys_of(records_, text, settings_, scratch);
}

void PostingWriter::choose_bits() {
  bits_ = static_cast<int>(std::bit_width(total_ / kPerBucket));
  slice_bits_ = std::max(0, bits_ - kBucketBits);
}

std::vector<std::uint32_t> PostingWriter::count_slices() const {
  const std::size_t slices = std::size_t{1} << slice_bits_;
  std::vector<std::uint32_t> counts(slices);
  if (slices == 1) {
    counts[0] = static_cast<std::uint32_t>(total_);
    return counts;
  }
  const auto threads = static_cast<std::size_t>(run_.threads);
  std::vector<std::vector<std::uint32_t>> counted(threads);
  std::vector<KeyScratch> scratch(threads);
  std::vector<Forgetting> forgetting(threads, Forgetting(records_, memory_, run_.threads));
  parallel_for(run_, records_.size(), 1024, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    if (counted[worker].empty()) counted[worker].resize(slices);
    std::uint32_t* const mine = counted[worker].data();
    for (std::size_t i = begin; i < end; ++i) {
      std::size_t last = 0;
      bool ascending = true;
      const auto all = keys(i, scratch[worker]);
      forgetting[worker].read(all.size_bytes());
      for (const std::uint64_t key : all) {
        const std::size_t slice = slice_of(key);
        ascending &= slice >= last;
        last = slice;
        ++mine[slice];
      }
      // What is gathered would not be what was counted.
      if (sets_are_keys_ && !ascending) {
        throw ArchiveError("sets", "one is out of order; verify() tells which");
      }
    }
  });
  for (const std::vector<std::uint32_t>& mine : counted) {
    for (std::size_t i = 0; i < mine.size(); ++i) counts[i] += mine[i];
  }
  return counts;
}

std::vector<PostingWriter::Slices> PostingWriter::choose_parts() const {
  const std::uint64_t texts = records_.size();
  const std::uint64_t wanted =
      std::max({kPart, std::min(kPerText * texts, kLargePart), kPerTextOfMany * texts});
  // Half of the memory; the other is for what is mapped of the records.
  const std::uint64_t room = memory_ / 2 / kPerPosting / static_cast<std::uint64_t>(run_.threads);
  const std::uint64_t most = std::min(wanted, std::max(room, kLeastPart));
  std::vector<Slices> parts;
  for (std::size_t i = 0; i < in_slice_.size(); ++i) {
    if (parts.empty() || parts.back().postings + in_slice_[i] > most) parts.push_back({i, i, 0});
    ++parts.back().end;
    parts.back().postings += in_slice_[i];
  }
  return parts;
}

void PostingWriter::each_part(const Use& use) {
  const std::vector<Slices> parts = choose_parts();
  const auto threads = static_cast<std::size_t>(run_.threads);
  const std::uint64_t most = std::ranges::max_element(parts, {}, &Slices::postings)->postings;
  std::vector<Part> made;
  for (std::size_t i = 0; i < std::min(threads, parts.size()); ++i) made.emplace_back(most);
  run_.begin("indexing", parts.size());
  for (std::size_t begin = 0; begin < parts.size(); begin += made.size()) {
    const std::size_t count = std::min(made.size(), parts.size() - begin);
    parallel_for(run_, count, 1, [&](int, std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) make(parts[begin + i], made[i]);
    });
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t bytes =
          parts[begin + i].postings * static_cast<std::uint64_t>(shape_.bytes);
      use({made[i].postings(), bytes}, made[i].ends, made[i].filters);
    }
    run_.advance(count);
  }
}

void PostingWriter::make(const Slices& slices, Part& part) const {
  gather(slices, part);
  sort(slices, part);
}

void PostingWriter::gather(const Slices& slices, Part& part) const {
  part.slice_ends.resize(slices.end - slices.begin);
  std::uint32_t sum = 0;
  for (std::size_t i = slices.begin; i < slices.end; ++i) {
    part.slice_ends[i - slices.begin] = sum;  // begins move to ends
    sum += in_slice_[i];
  }
  const int unused = 64 - (bits_ - slice_bits_) - 8 * shape_.bytes;
  const std::uint64_t of_key = ~std::uint64_t{0} << (shape_.text_bits + unused);
  std::uint64_t* const gathered = part.gathered();
  std::uint32_t* const ends = part.slice_ends.data();
  const auto put = [&](std::uint64_t key, std::uint64_t text) {
    std::uint64_t* const at = gathered + ends[slice_of(key) - slices.begin]++;
    // The slices of a part are too many for the nearest cache.
    prefetch_to_write(at + kLine);
    *at = ((key << slice_bits_) & of_key) | text;
  };
  Forgetting forgetting(records_, memory_, run_.threads);
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (i % 1024 == 0) run_.check();
    const std::uint64_t text = std::uint64_t{i} << unused;
    const auto all = keys(i, part.keys);
    forgetting.read(std::min<std::uint64_t>(all.size_bytes(), kMapped));
    if (!sets_are_keys_) {
      for (const std::uint64_t key : all) {
        const std::size_t slice = slice_of(key);
        if (slice >= slices.begin && slice < slices.end) put(key, text);
      }
      continue;
    }
    if (i + kAhead < records_.size()) {
      // And a line before and after, as they are not spread quite so evenly.
      const std::span<const std::uint64_t> later = sets_[i + kAhead];
      const std::size_t begin = later.size() * slices.begin >> slice_bits_;
      const std::size_t end =
          std::min((later.size() * slices.end >> slice_bits_) + kLine, later.size());
      const std::size_t from = begin - std::min(begin, kLine);
      prefetch(later.data() + from, (end - from) * sizeof(std::uint64_t));
    }
    // Members are ascending and spread evenly: where those of a part begin is found by a guess.
    std::size_t at = all.size() * slices.begin >> slice_bits_;
    while (at > 0 && slice_of(all[at - 1]) >= slices.begin) --at;
    while (at < all.size() && slice_of(all[at]) < slices.begin) ++at;
    for (; at < all.size() && slice_of(all[at]) < slices.end; ++at) put(all[at], text);
  }
}

void PostingWriter::sort(const Slices& slices, Part& part) const {
  const int bucket_bits = bits_ - slice_bits_;
  const std::size_t buckets = std::size_t{1} << bucket_bits;
  const int unused = 64 - 8 * shape_.bytes;
  part.ends.assign((slices.end - slices.begin) * buckets, 0);
  part.filters.assign(part.ends.size(), 0);
  const std::uint64_t* const gathered = part.gathered();
  char* posting = part.postings();
  std::uint32_t begin = 0;
  std::uint32_t* ends = part.ends.data();
  std::uint64_t* filters = part.filters.data();
  for (const std::uint32_t end : part.slice_ends) {
    part.sorted.resize(end - begin);
    sort_hashes({gathered + begin, gathered + end}, part.sorted, part.scratch);
    for (const std::uint64_t one : part.sorted) {
      const std::uint64_t bucket = bucket_bits == 0 ? 0 : one >> (64 - bucket_bits);
      const std::uint64_t in_bucket = one << bucket_bits;
      // What is too much is written over by the next, or was read: postings have fewer bytes.
      const std::uint64_t number = in_bucket >> unused;
      std::memcpy(posting, &number, sizeof number);
      posting += shape_.bytes;
      ends[bucket] = ++begin;
      filters[bucket] |= format::filter_bits(static_cast<std::uint32_t>(in_bucket >> 32));
    }
    ends += buckets;
    filters += buckets;
  }
  // Those that are empty end where the one before does.
  std::uint32_t last = 0;
  for (std::uint32_t& end : part.ends) end = last = std::max(last, end);
}

}  // namespace wirecopy
