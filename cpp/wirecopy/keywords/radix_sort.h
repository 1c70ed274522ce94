// Sorting many small records by a 64-bit key, in time linear in their number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wirecopy {

struct Keyed {
  std::uint64_t key;
  std::uint32_t value;
};

// A digit has this many bits: the places of all its values stay in the first cache.
inline constexpr unsigned kRadixBits = 11;

// Fewer than 2^32 records. Ascending by key, equals in the order in which they stand. Digits that
// all keys share cost nothing but the look at them.
template <typename Record, typename KeyOf>
void radix_sort(std::vector<Record>& records, std::vector<Record>& scratch, KeyOf key_of) {
  constexpr unsigned kBits = kRadixBits;
  constexpr std::size_t kDigits = (64 + kBits - 1) / kBits;
  constexpr std::size_t kValues = std::size_t{1} << kBits;
  const auto digit = [](std::uint64_t key, std::size_t d) {
    return static_cast<std::size_t>(key >> (d * kBits)) & (kValues - 1);
  };
  std::uint64_t all = ~std::uint64_t{0};
  std::uint64_t any = 0;
  for (const Record& record : records) {
    all &= key_of(record);
    any |= key_of(record);
  }
  const std::uint64_t varying = records.empty() ? 0 : all ^ any;
  scratch.resize(records.size());
  std::array<std::uint32_t, kValues> at;
  for (std::size_t d = 0; d < kDigits; ++d) {
    if (digit(varying, d) == 0) continue;
    at.fill(0);
    for (const Record& record : records) ++at[digit(key_of(record), d)];
    std::uint32_t sum = 0;
    for (std::uint32_t& place : at) sum += std::exchange(place, sum);
    Record* const to = scratch.data();
    for (const Record& record : records) to[at[digit(key_of(record), d)]++] = record;
    records.swap(scratch);
  }
}

}  // namespace wirecopy
