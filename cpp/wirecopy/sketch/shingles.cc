#include "wirecopy/sketch/shingles.h"

#include <algorithm>
#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

// Ascending, without repeats. Hashes are uniform, so one counting pass on their top bits leaves
// buckets of about one value each, in which an insertion sort is next to free.
void sort_unique(std::span<const std::uint64_t> values, std::vector<std::uint64_t>& out) {
  constexpr std::size_t kSmall = 64;
  constexpr int kMaxBits = 12;
  const std::size_t n = values.size();
  out.resize(n);
  if (n <= kSmall) {
    std::copy(values.begin(), values.end(), out.begin());
    std::sort(out.begin(), out.end());
  } else {
    int bits = 6;
    while (bits < kMaxBits && (std::size_t{1} << bits) < n) ++bits;
    const int shift = 64 - bits;
    const std::size_t buckets = std::size_t{1} << bits;
    std::uint32_t starts[(1 << kMaxBits) + 1];
    std::fill_n(starts, buckets + 1, 0u);
    for (const std::uint64_t v : values) ++starts[(v >> shift) + 1];
    for (std::size_t i = 0; i < buckets; ++i) starts[i + 1] += starts[i];
    for (const std::uint64_t v : values) out[starts[v >> shift]++] = v;
    // starts[b] is now the end of bucket b.
    std::size_t begin = 0;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
      const std::size_t end = starts[bucket];
      if (end - begin > kSmall) {
        std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin),
                  out.begin() + static_cast<std::ptrdiff_t>(end));
      } else {
        for (std::size_t i = begin + 1; i < end; ++i) {
          const std::uint64_t v = out[i];
          std::size_t j = i;
          for (; j > begin && out[j - 1] > v; --j) out[j] = out[j - 1];
          out[j] = v;
        }
      }
      begin = end;
    }
  }
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace

Shingler::Shingler(int size) : size_(static_cast<std::size_t>(size)) {
  if (size < 1 || size > kMaxShingleSize) {
    throw InputError("shingle_size", "is " + std::to_string(size) + "; must be from 1 to " +
                                         std::to_string(kMaxShingleSize) + " words");
  }
}

std::span<const std::uint64_t> Shingler::sequence(std::string_view text) {
  words_.scan(text);
  const std::size_t words = words_.size();
  if (words == 0) return {};
  const std::uint64_t* hashes = word_hasher_.hash(words_);
  const std::size_t count = words < size_ ? 1 : words - size_ + 1;
  const std::size_t length = std::min(words, size_);
  if (hashes_.size() < count) hashes_.resize(count + count / 2);
  hash_windows(hashes, length, count, hashes_.data());
  return {hashes_.data(), count};
}

std::span<const std::uint64_t> Shingler::set(std::string_view text) {
  sort_unique(sequence(text), sorted_);
  return sorted_;
}

}  // namespace wirecopy
