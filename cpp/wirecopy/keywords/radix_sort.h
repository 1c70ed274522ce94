// Sorting many small records by a 64-bit key, in time linear in their number.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "wirecopy/base/buffer.h"

namespace wirecopy {

struct Keyed {
  std::uint64_t key;
  std::uint32_t value;
};

// A digit has so many bits at most: the places of all its values stay in the first cache.
inline constexpr unsigned kRadixBits = 12;

// Fewer than 2^32 records. Ascending by key, equals in the order in which they stand. Digits that
// all keys share cost nothing but the look at them.
template <typename Record, typename KeyOf>
void radix_sort(std::vector<Record>& records, std::vector<Record>& scratch, KeyOf key_of) {
  std::uint64_t all = ~std::uint64_t{0};
  std::uint64_t any = 0;
  for (const Record& record : records) {
    all &= key_of(record);
    any |= key_of(record);
  }
  const std::uint64_t varying = records.empty() ? 0 : all ^ any;
  if (varying == 0) return;
  const auto bits = static_cast<unsigned>(std::bit_width(varying));
  const unsigned rounds = (bits + kRadixBits - 1) / kRadixBits;
  const unsigned of_round = (bits + rounds - 1) / rounds;
  const std::uint64_t mask = (std::uint64_t{1} << of_round) - 1;
  reserve_huge(scratch, records.size());
  scratch.resize(records.size());
  std::array<std::uint32_t, std::size_t{1} << kRadixBits> at;
  for (unsigned shift = 0; shift < bits; shift += of_round) {
    if ((varying >> shift & mask) == 0) continue;
    std::fill_n(at.begin(), mask + 1, 0);
    for (const Record& record : records) ++at[key_of(record) >> shift & mask];
    std::uint32_t sum = 0;
    for (std::size_t digit = 0; digit <= mask; ++digit) sum += std::exchange(at[digit], sum);
    Record* const to = scratch.data();
    for (const Record& record : records) to[at[key_of(record) >> shift & mask]++] = record;
    records.swap(scratch);
  }
}

// The numbers that `each` calls its argument with, as (key, number), in the order of their keys;
// equals in the order in which they come. Keys are below 2^key_bits, numbers below 2^number_bits;
// `most` says how many to make room for.
template <typename Each>
std::vector<std::uint32_t> sorted_by_key(std::size_t most, unsigned key_bits, unsigned number_bits,
                                         Each each) {
  std::vector<std::uint32_t> order;
  const auto sort = [&](auto& records, auto make, auto key_of, auto number_of) {
    auto scratch = records;
    reserve_huge(records, most);
    each([&](std::uint64_t key, std::uint32_t number) { records.push_back(make(key, number)); });
    radix_sort(records, scratch, key_of);
    reserve_huge(order, records.size());
    for (const auto& record : records) order.push_back(number_of(record));
  };
  if (key_bits + number_bits <= 64) {
    // A key and its number fit one word, which is half as much to move.
    std::vector<std::uint64_t> records;
    const std::uint64_t of_number = (std::uint64_t{1} << number_bits) - 1;
    sort(
        records,
        [&](std::uint64_t key, std::uint32_t number) { return key << number_bits | number; },
        [&](std::uint64_t record) { return record >> number_bits; },
        [&](std::uint64_t record) { return static_cast<std::uint32_t>(record & of_number); });
  } else {
    std::vector<Keyed> records;
    sort(
        records, [](std::uint64_t key, std::uint32_t number) { return Keyed{key, number}; },
        [](const Keyed& record) { return record.key; },
        [](const Keyed& record) { return record.value; });
  }
  return order;
}

// Numbers below 2^bits, fewer than 2^32 of them, ascending.
template <std::unsigned_integral Number>
void radix_sort_numbers(std::vector<Number>& numbers, std::vector<Number>& scratch, unsigned bits) {
  const unsigned rounds = (bits + kRadixBits - 1) / kRadixBits;
  if (rounds == 0) return;
  const unsigned of_round = (bits + rounds - 1) / rounds;
  const auto mask = static_cast<Number>((Number{1} << of_round) - 1);
  scratch.resize(numbers.size());
  std::array<std::uint32_t, std::size_t{1} << kRadixBits> at;
  for (unsigned shift = 0; shift < bits; shift += of_round) {
    std::fill_n(at.begin(), std::size_t{mask} + 1, 0);
    for (const Number number : numbers) ++at[number >> shift & mask];
    std::uint32_t sum = 0;
    for (std::size_t digit = 0; digit <= mask; ++digit) sum += std::exchange(at[digit], sum);
    Number* const to = scratch.data();
    for (const Number number : numbers) to[at[number >> shift & mask]++] = number;
    numbers.swap(scratch);
  }
}

}  // namespace wirecopy
