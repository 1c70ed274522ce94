#include "wirecopy/sketch/hash_sort.h"

#include <algorithm>
#include <cstddef>

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

// One counting pass on their top bits, with more buckets than values, leaves nearly all uniform
// values in place and the rest next to it; then an insertion sort over everything has little to do
// and few surprises for the branch predictor, unlike a sort a bucket.
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

std::span<std::uint64_t> sort_as_set(std::span<const std::uint64_t> values,
                                     std::span<std::uint64_t> out,
                                     std::vector<std::uint32_t>& scratch) {
  sort_hashes(values, out, scratch);
  return out.first(drop_repeats(out));
}

}  // namespace wirecopy
