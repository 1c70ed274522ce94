#include "wirecopy/sketch/shingle_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

namespace wirecopy {
namespace {

// Some of them repeated; `limit` makes them all small, as no hashes are.
std::vector<std::uint64_t> make(std::size_t count, std::size_t repeats, std::uint64_t limit,
                                std::mt19937_64& random) {
  std::vector<std::uint64_t> values;
  for (std::size_t i = 0; i < count; ++i) {
    const bool again = i > 0 && random() % 100 < repeats;
    values.push_back(again ? values[random() % i] : random() % limit);
  }
  return values;
}

TEST(ShingleSet, IsASetHoweverFarItIsAskedFor) {
  std::mt19937_64 random(3);
  SortScratch scratch;
  ShingleSet set;
  for (int round = 0; round < 2000; ++round) {
    const std::size_t count = random() % (round % 10 == 0 ? 3000 : 60);
    const std::uint64_t limit = round % 7 == 0 ? 100 : ~std::uint64_t{0};
    const auto values = make(count, round % 5 == 0 ? 95 : 5, limit, random);
    const std::set<std::uint64_t> members(values.begin(), values.end());
    const std::vector<std::uint64_t> expected(members.begin(), members.end());
    set.assign(values);
    EXPECT_EQ(set.most(), values.size());
    EXPECT_FALSE(set.whole());
    EXPECT_LE(set.least(scratch), expected.size());
    EXPECT_GE(set.least(scratch), std::min<std::size_t>(count, 1));
    const std::size_t wanted = random() % (count + 2);
    const auto first = set.first(wanted, scratch);
    ASSERT_LE(first.size(), expected.size());
    EXPECT_GE(first.size(), std::min(wanted, expected.size()));
    EXPECT_TRUE(std::ranges::equal(first, std::span(expected).first(first.size())));
    EXPECT_TRUE(std::ranges::equal(set.all(scratch), expected));
    EXPECT_TRUE(set.whole());
    EXPECT_EQ(set.most(), expected.size());
    EXPECT_EQ(set.least(scratch), expected.size());
    // Still there.
    EXPECT_TRUE(std::ranges::equal(first, std::span(expected).first(first.size())));
    EXPECT_TRUE(std::ranges::equal(set.first(wanted, scratch), expected));
  }
}

TEST(ShingleSet, OfNewsOnlyWhatIsAskedForIsPutInOrder) {
  std::mt19937_64 random(4);
  SortScratch scratch;
  ShingleSet set;
  set.assign(make(1000, 0, ~std::uint64_t{0}, random));
  const auto first = set.first(200, scratch);
  EXPECT_GE(first.size(), 200);
  EXPECT_LT(first.size(), 300);
  EXPECT_FALSE(set.whole());
  EXPECT_GE(set.least(scratch), 980);
}

TEST(ShingleSet, RefersToASet) {
  const std::vector<std::uint64_t> members = {1, 5, 9};
  SortScratch scratch;
  ShingleSet set;
  EXPECT_TRUE(set.whole());
  EXPECT_EQ(set.most(), 0);
  set.refer_to(members);
  EXPECT_TRUE(set.whole());
  EXPECT_EQ(set.all(scratch).data(), members.data());
  EXPECT_EQ(set.first(1, scratch).size(), 3);
}

}  // namespace
}  // namespace wirecopy
