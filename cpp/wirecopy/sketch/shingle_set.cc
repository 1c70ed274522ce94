#include "wirecopy/sketch/shingle_set.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "wirecopy/sketch/hash_sort.h"

namespace wirecopy {

void ShingleSet::assign(std::span<const std::uint64_t> shingles) {
  shingles_.assign(shingles.begin(), shingles.end());
  set_ = {};
  least_ = 0;
  whole_ = false;
}

void ShingleSet::refer_to(std::span<const std::uint64_t> set) {
  set_ = set;
  whole_ = true;
}

// How many values their first bits have, of so many that two members rarely agree in them.
std::size_t ShingleSet::least(SortScratch& scratch) {
  if (whole_) return set_.size();
  if (least_ > 0) return least_;
  constexpr int kMostBits = 20;
  const int bits = std::min(static_cast<int>(std::bit_width(shingles_.size())) + 6, kMostBits);
  scratch.assign((std::size_t{1} << bits) / 16, std::uint16_t{0});
  for (const std::uint64_t v : shingles_) {
    std::uint16_t& seen = scratch[v >> (64 - bits + 4)];
    const auto at = static_cast<int>(v >> (64 - bits) & 15);
    least_ += static_cast<std::size_t>(~seen >> at & 1);
    seen = static_cast<std::uint16_t>(seen | 1 << at);
  }
  return least_;
}

std::span<const std::uint64_t> ShingleSet::all(SortScratch& scratch) {
  if (whole_) return set_;
  sorted_.resize(shingles_.size());
  set_ = sort_as_set(shingles_, sorted_, scratch);
  whole_ = true;
  return set_;
}

std::span<const std::uint64_t> ShingleSet::first(std::size_t count, SortScratch& scratch) {
  if (whole_) return set_;
  // As many are below a bound as its share of all numbers, give or take the root of that.
  const double share =
      (static_cast<double>(count) + 2 * std::sqrt(static_cast<double>(count)) + 4) /
      static_cast<double>(shingles_.size());
  constexpr double kWorthIt = 0.6;
  if (share > kWorthIt) return all(scratch);
  const auto bound = static_cast<std::uint64_t>(std::ldexp(share, 64));
  below_.resize(shingles_.size());
  std::size_t kept = 0;
  for (const std::uint64_t v : shingles_) {
    // Without a branch: the next value overwrites what was not below.
    below_[kept] = v;
    kept += v < bound;
  }
  // Sorting goes by the first bits, which are 0 in all of them.
  const int spare = std::countl_zero(bound);
  for (std::size_t i = 0; i < kept; ++i) below_[i] <<= spare;
  first_.resize(kept);
  const auto sorted = sort_as_set(std::span(below_).first(kept), first_, scratch);
  // By chance, or in a text that repeats itself.
  if (sorted.size() < count) return all(scratch);
  for (std::uint64_t& v : sorted) v >>= spare;
  return sorted;
}

}  // namespace wirecopy
