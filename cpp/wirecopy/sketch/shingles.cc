#include "wirecopy/sketch/shingles.h"

#include <algorithm>
#include <limits>
#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

void insertion_sort(std::span<std::uint64_t> values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    const std::uint64_t v = values[i];
    std::size_t j = i;
    for (; j > 0 && values[j - 1] > v; --j) values[j] = values[j - 1];
    values[j] = v;
  }
}

// Copies `values` to `out`, of the same size, ascending. Hashes are uniform, so one counting pass
// on their top bits, with more buckets than values, leaves nearly all of them in place and the rest
// next to it; then an insertion sort over everything has little to do and few surprises for the
// branch predictor, unlike a sort a bucket.
void sort_hashes(std::span<const std::uint64_t> values, std::span<std::uint64_t> out,
                 std::vector<std::uint32_t>& bucket_begins) {
  constexpr std::size_t kSmall = 16;
  constexpr int kMinBits = 5;
  constexpr int kMaxBits = 15;
  const std::size_t n = values.size();
  if (n <= kSmall) {
    std::copy(values.begin(), values.end(), out.begin());
    insertion_sort(out);
    return;
  }
  int bits = kMinBits;
  while (bits < kMaxBits && (std::size_t{1} << bits) < 2 * n) ++bits;
  const int shift = 64 - bits;
  const std::size_t buckets = std::size_t{1} << bits;
  bucket_begins.assign(buckets, 0u);
  std::uint32_t* begins = bucket_begins.data();
  for (const std::uint64_t v : values) ++begins[v >> shift];
  std::uint32_t sum = 0;
  std::uint32_t largest = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    const std::uint32_t count = begins[b];
    begins[b] = sum;
    sum += count;
    largest = std::max(largest, count);
  }
  for (const std::uint64_t v : values) out[begins[v >> shift]++] = v;
  if (largest > kSmall) {
    // A long text, or one that repeats itself. begins[b] is the end of bucket b now.
    std::size_t begin = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
      const std::size_t end = begins[b];
      if (end - begin > kSmall) {
        std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin),
                  out.begin() + static_cast<std::ptrdiff_t>(end));
      }
      begin = end;
    }
  }
  insertion_sort(out);
}

// The size of what is left of ascending values without repeats.
std::size_t drop_repeats(std::span<std::uint64_t> values) {
  if (values.empty()) return 0;
  std::size_t kept = 0;
  for (const std::uint64_t v : values) {
    // Without a branch: the next value overwrites what was equal.
    kept += v != values[kept];
    values[kept] = v;
  }
  return kept + 1;
}

}  // namespace

Shingler::Shingler(int size, ShingleUnit unit)
    : size_(static_cast<std::size_t>(size)), unit_(unit) {
  if (size < 1 || size > kMaxShingleSize) {
    throw InputError("shingle_size", "is " + std::to_string(size) + "; must be from 1 to " +
                                         std::to_string(kMaxShingleSize) +
                                         (unit == ShingleUnit::kWords ? " words" : " characters"));
  }
}

std::span<const std::uint64_t> Shingler::sequence(std::string_view text) {
  words_.scan(text);
  units_ = 0;
  shingles_ = 0;
  if (words_.size() != 0) {
    if (unit_ == ShingleUnit::kWords) {
      hash_words_of_text();
    } else {
      hash_characters_of_text();
    }
  }
  return {hashes_.data(), shingles_};
}

void Shingler::hash_words_of_text() {
  units_ = words_.size();
  const std::size_t length = std::min(units_, size_);
  shingles_ = units_ - length + 1;
  if (hashes_.size() < shingles_) hashes_.resize(shingles_ + shingles_ / 2);
  hash_windows(word_hasher_.hash(words_), length, shingles_, hashes_.data());
}

void Shingler::hash_characters_of_text() {
  joined_.clear();
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (i != 0) joined_ += ' ';
    joined_ += words_[i];
  }
  if (joined_.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("texts", "a text whose folded form is 4 GiB or more; split it");
  }
  char_begins_.clear();
  for (std::size_t at = 0; at < joined_.size(); ++at) {
    const bool inside = (static_cast<std::uint8_t>(joined_[at]) & 0xC0u) == 0x80u;
    if (!inside) char_begins_.push_back(static_cast<std::uint32_t>(at));
  }
  units_ = char_begins_.size();
  char_begins_.push_back(static_cast<std::uint32_t>(joined_.size()));
  const std::size_t length = std::min(units_, size_);
  shingles_ = units_ - length + 1;
  if (hashes_.size() < shingles_) hashes_.resize(shingles_ + shingles_ / 2);
  const std::string_view joined = joined_;
  for (std::size_t i = 0; i < shingles_; ++i) {
    const std::size_t begin = char_begins_[i];
    hashes_[i] = hash_bytes(joined.substr(begin, char_begins_[i + length] - begin));
  }
}

std::span<const std::uint64_t> Shingler::as_set(std::span<const std::uint64_t> shingles) {
  if (sorted_.size() < shingles.size()) sorted_.resize(shingles.size() + shingles.size() / 2);
  const std::span<std::uint64_t> sorted(sorted_.data(), shingles.size());
  sort_hashes(shingles, sorted, bucket_begins_);
  return sorted.first(drop_repeats(sorted));
}

std::span<const std::uint64_t> Shingler::set(std::string_view text) {
  return as_set(sequence(text));
}

}  // namespace wirecopy
