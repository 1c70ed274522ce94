#include "wirecopy/archive/posting_writer.h"

#include <algorithm>
#include <bit>

#include "wirecopy/archive/folder.h"
#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/prefetch.h"
#include "wirecopy/sketch/hash_sort.h"

namespace wirecopy {

using format::Posting;

namespace {

constexpr std::uint64_t kPerBucket = 16;  // two lines of cache
constexpr int kBucketBits = 8;            // of a bucket within its slice, at most
// Postings of a part: a few dozen of each text are gathered for one visit to its set, unless that
// takes too much memory.
constexpr std::uint64_t kPart = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargePart = std::uint64_t{1} << 24;
constexpr std::uint64_t kLeastPart = std::uint64_t{1} << 16;
constexpr std::uint64_t kPerPosting = 16;  // bytes: gathered and sorted
constexpr std::uint64_t kPerText = 32;
constexpr std::uint64_t kPerTextOfMany = 8;
constexpr int kKeyBits = 32;                                // of a key in its posting
constexpr std::size_t kAhead = 8;                           // texts that memory is asked for
constexpr std::uint64_t kMapped = std::uint64_t{64} << 10;  // bytes of a set, where some are read

}  // namespace

// A key and its text as one number, ascending as the postings of the slice are: the bits of the key
// behind those of the slice, as far as they are kept, and in place of the others the text.
struct PostingWriter::Part {
  std::vector<std::uint64_t> gathered;  // slice after slice, each in the order of the texts
  std::vector<std::uint32_t> slice_ends;
  std::vector<std::uint64_t> sorted;  // a slice
  std::vector<Posting> postings;
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
      sets_are_keys_(settings.keys == format::Keys::kShingles) {
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
  // What is kept of a key, and the text, fit into 64 bits.
  const int text_bits = static_cast<int>(std::bit_width(records_.size()));
  slice_bits_ = std::max(0, bits_ - std::min(kBucketBits, 64 - kKeyBits - text_bits));
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
  std::vector<Part> made(std::min(threads, parts.size()));
  run_.begin("indexing", parts.size());
  for (std::size_t begin = 0; begin < parts.size(); begin += made.size()) {
    const std::size_t count = std::min(made.size(), parts.size() - begin);
    parallel_for(run_, count, 1, [&](int, std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) make(parts[begin + i], made[i]);
    });
    for (std::size_t i = 0; i < count; ++i) use(made[i].postings, made[i].ends, made[i].filters);
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
  reserve_huge(part.gathered, sum);
  part.gathered.resize(sum);
  const int kept = bits_ - slice_bits_ + kKeyBits;
  const std::uint64_t without_key = ~std::uint64_t{0} >> kept;
  Forgetting forgetting(records_, memory_, run_.threads);
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (i % 1024 == 0) run_.check();
    if (sets_are_keys_ && i + kAhead < records_.size()) {
      const std::span<const std::uint64_t> later = sets_[i + kAhead];
      const std::size_t begin = later.size() * slices.begin >> slice_bits_;
      const std::size_t end = later.size() * slices.end >> slice_bits_;
      prefetch(later.data() + begin, (end - begin) * sizeof(std::uint64_t));
    }
    const auto all = keys(i, part.keys);
    forgetting.read(std::min<std::uint64_t>(all.size_bytes(), kMapped));
    std::size_t at = 0;
    if (sets_are_keys_) {
      // Members are ascending and spread evenly: where those of a part begin is found by a guess.
      at = all.size() * slices.begin >> slice_bits_;
      while (at > 0 && slice_of(all[at - 1]) >= slices.begin) --at;
    }
    for (; at < all.size(); ++at) {
      const std::size_t slice = slice_of(all[at]);
      if (slice < slices.begin) continue;
      if (slice < slices.end) {
        part.gathered[part.slice_ends[slice - slices.begin]++] =
            ((all[at] << slice_bits_) & ~without_key) | i;
      } else if (sets_are_keys_) {
        break;
      }
    }
  }
}

void PostingWriter::sort(const Slices& slices, Part& part) const {
  const int bucket_bits = bits_ - slice_bits_;
  const std::size_t buckets = std::size_t{1} << bucket_bits;
  const std::uint64_t text_mask = ~std::uint64_t{0} >> (bucket_bits + kKeyBits);
  reserve_huge(part.postings, part.gathered.size());
  part.postings.resize(part.gathered.size());
  part.ends.assign((slices.end - slices.begin) * buckets, 0);
  part.filters.assign(part.ends.size(), 0);
  std::uint32_t begin = 0;
  std::uint32_t* ends = part.ends.data();
  std::uint64_t* filters = part.filters.data();
  for (const std::uint32_t end : part.slice_ends) {
    const std::span gathered = std::span(part.gathered).subspan(begin, end - begin);
    part.sorted.resize(gathered.size());
    sort_hashes(gathered, part.sorted, part.scratch);
    for (const std::uint64_t one : part.sorted) {
      const auto key = static_cast<std::uint32_t>((one << bucket_bits) >> kKeyBits);
      const std::uint64_t bucket = bucket_bits == 0 ? 0 : one >> (64 - bucket_bits);
      part.postings[begin++] = {static_cast<std::uint32_t>(one & text_mask), key};
      ends[bucket] = begin;
      filters[bucket] |= format::filter_bits(key);
    }
    ends += buckets;
    filters += buckets;
  }
  // Those that are empty end where the one before does.
  std::uint32_t last = 0;
  for (std::uint32_t& end : part.ends) end = last = std::max(last, end);
}

}  // namespace wirecopy
