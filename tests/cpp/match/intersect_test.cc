#include "wirecopy/match/intersect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "every_cpu.h"

namespace wirecopy {
namespace {

TEST(Intersect, NeededIsTheLeastThatTheDefinitionAccepts) {
  for (const double threshold : {0.01, 0.1, 1.0 / 3, 0.5, 0.6, 2.0 / 3, 0.7, 0.8, 0.9, 0.95, 1.0}) {
    for (std::size_t a = 1; a < 60; ++a) {
      for (std::size_t b = a; b < 60; ++b) {
        std::uint32_t least = 1;
        const double total = static_cast<double>(a + b);
        while (least < a + b && least / (total - least) < threshold) ++least;
        EXPECT_EQ(shared_needed(a, b, threshold), least) << a << " " << b << " " << threshold;
      }
    }
  }
}

// Ascending and without repeats; values crowd at both ends of 64 bits and in a narrow range, so
// that neighbours, equal block ends and values above 2^63 all occur.
std::vector<std::uint64_t> random_set(std::mt19937_64& random, std::size_t draws,
                                      std::uint64_t range) {
  std::set<std::uint64_t> values;
  for (std::size_t i = 0; i < draws; ++i) {
    const std::uint64_t value = random() % range;
    values.insert(random() % 3 == 0 ? ~value : value);
  }
  return {values.begin(), values.end()};
}

void expect_count(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b,
                  std::uint32_t needed) {
  std::vector<std::uint64_t> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  const auto expected = both.size() >= needed ? static_cast<std::uint32_t>(both.size()) : 0u;
  ASSERT_EQ(count_shared(a, b, needed), expected) << a.size() << " " << b.size() << " " << needed;
  ASSERT_EQ(count_shared(b, a, needed), expected) << a.size() << " " << b.size() << " " << needed;
}

class CountShared : public OnEveryCpu {};

INSTANTIATE_TEST_SUITE_P(Paths, CountShared, testing::ValuesIn(available_cpu_paths()), cpu_name);

TEST_P(CountShared, IsExactOrZeroWhereTooFew) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 4000; ++round) {
    const std::uint64_t range = 1 + random() % 300;
    const auto a = random_set(random, random() % 200, range);
    const auto b = random_set(random, random() % 200, range);
    expect_count(a, b, static_cast<std::uint32_t>(random() % 160));
    expect_count(a, b, 0);
  }
}

TEST_P(CountShared, NeededIsMetExactlyAtTheCount) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    const auto a = random_set(random, 100, 150);
    const auto b = random_set(random, 100, 150);
    const std::uint32_t shared = count_shared(a, b, 0);
    for (std::uint32_t needed = shared < 2 ? 0 : shared - 2; needed < shared + 3; ++needed) {
      expect_count(a, b, needed);
    }
  }
}

TEST_P(CountShared, SetsOfVeryUnequalSize) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t range = 1 + random() % 20000;
    const auto a = random_set(random, random() % 40, range);
    const auto b = random_set(random, random() % 5000, range);
    expect_count(a, b, 0);
    expect_count(a, b, static_cast<std::uint32_t>(random() % 40));
  }
}

TEST_P(CountShared, EqualAndDisjointSets) {
  for (std::size_t n = 0; n < 100; ++n) {
    std::vector<std::uint64_t> even, odd;
    for (std::size_t i = 0; i < n; ++i) {
      even.push_back(2 * i);
      odd.push_back(2 * i + 1);
    }
    expect_count(even, even, static_cast<std::uint32_t>(n));
    expect_count(even, even, static_cast<std::uint32_t>(n) + 1);
    expect_count(even, odd, 0);
    expect_count(even, odd, 1);
  }
}

}  // namespace
}  // namespace wirecopy
