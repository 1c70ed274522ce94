#include "wirecopy/sketch/hash_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace wirecopy {
namespace {

using Values = std::vector<std::uint64_t>;

struct Kind {
  std::string name;
  std::uint64_t (*value)(std::mt19937_64& rng, std::size_t i, std::size_t n);
};

const Kind kKinds[] = {
    {"uniform", [](std::mt19937_64& rng, std::size_t, std::size_t) { return rng(); }},
    {"equal", [](std::mt19937_64&, std::size_t, std::size_t) { return ~std::uint64_t{0}; }},
    {"few", [](std::mt19937_64& rng, std::size_t, std::size_t) { return rng() % 7 << 61; }},
    {"one bucket", [](std::mt19937_64& rng, std::size_t, std::size_t) { return rng() >> 40; }},
    {"descending",
     [](std::mt19937_64&, std::size_t i, std::size_t n) { return std::uint64_t{n} - i; }},
    {"half in one bucket", [](std::mt19937_64& rng, std::size_t i,
                              std::size_t) { return i % 2 == 0 ? rng() : rng() >> 30; }},
};

// Around the ends of what is sorted without buckets, and of 16-bit counts.
const std::size_t kSizes[] = {0,    1,     2,     3,     15,    16,    17,    18,    31,
                              32,   33,    127,   128,   129,   430,   1000,  4095,  4096,
                              4097, 32767, 32768, 65534, 65535, 65536, 65537, 70'000};

TEST(HashSort, IsThatOfTheLibrary) {
  std::mt19937_64 rng(3);
  SortScratch scratch;
  for (const Kind& kind : kKinds) {
    for (const std::size_t n : kSizes) {
      Values values(n);
      for (std::size_t i = 0; i < n; ++i) values[i] = kind.value(rng, i, n);
      Values expected = values;
      std::ranges::sort(expected);
      Values out(n);
      sort_hashes(values, out, scratch);
      EXPECT_EQ(out, expected) << kind.name << " " << n;
      const auto set = sort_as_set(values, out, scratch);
      expected.erase(std::ranges::unique(expected).begin(), expected.end());
      EXPECT_TRUE(std::ranges::equal(set, expected)) << kind.name << " " << n;
    }
  }
}

TEST(HashSort, OfEverySizeAfterAnother) {
  std::mt19937_64 rng(4);
  SortScratch scratch;
  for (std::size_t n = 600; n > 0; --n) {
    Values values(n);
    for (std::uint64_t& v : values) v = rng();
    Values out(n);
    sort_hashes(values, out, scratch);
    std::ranges::sort(values);
    EXPECT_EQ(out, values) << n;
  }
}

}  // namespace
}  // namespace wirecopy
