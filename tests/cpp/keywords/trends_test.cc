#include "wirecopy/keywords/trends.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace wirecopy {
namespace {

TEST(Wilson, PublishedValues) {
  // 15 of 148 (Newcombe 1998, table I): 0.0624 to 0.1605; and none of 20.
  const Interval some = wilson(15, 148, 1.959963984540054);
  EXPECT_NEAR(some.low, 0.0624, 5e-5);
  EXPECT_NEAR(some.high, 0.1605, 5e-5);
  const Interval none = wilson(0, 20, 1.959963984540054);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
  EXPECT_EQ(wilson(0, 0, 2).high, 1);
}

TEST(ChangePoints, AStepAndNoStep) {
  std::vector<double> counts(30, 2);
  const std::vector<double> exposure(30, 100);
  const double penalty = 2 * std::log(30);
  EXPECT_TRUE(change_points(counts, exposure, penalty, wirecopy::Run{}).empty());
  for (std::size_t t = 12; t < 20; ++t) counts[t] = 15;
  EXPECT_EQ(change_points(counts, exposure, penalty, wirecopy::Run{}),
            (std::vector<std::size_t>{12, 20}));
}

TEST(ChangePoints, PeriodsWithoutWordsDoNotCount) {
  std::vector<double> counts{2, 2, 2, 0, 0, 30, 30, 30};
  std::vector<double> exposure{100, 100, 100, 0, 0, 100, 100, 100};
  EXPECT_EQ(change_points(counts, exposure, 4, wirecopy::Run{}), (std::vector<std::size_t>{5}));
  EXPECT_TRUE(change_points({}, {}, 4, wirecopy::Run{}).empty());
}

TEST(Bursts, NestInLevels) {
  const std::vector<double> all(12, 100);
  const std::vector<double> relevant{2, 2, 2, 12, 12, 40, 40, 12, 2, 2, 2, 2};
  const std::vector<Burst> bursts = find_bursts(relevant, all, {.s = 2, .gamma = 1, .states = 3});
  ASSERT_EQ(bursts.size(), 2U);
  EXPECT_EQ(bursts[0].level, 1);
  EXPECT_EQ(bursts[0].begin, 5U);
  EXPECT_EQ(bursts[0].end, 7U);
  EXPECT_EQ(bursts[1].level, 2);
  EXPECT_EQ(bursts[1].begin, 5U);
  EXPECT_EQ(bursts[1].end, 7U);
  EXPECT_GT(bursts[0].weight, bursts[1].weight);
}

TEST(Bursts, NoneWithoutTextsOrRoomForAState) {
  EXPECT_TRUE(find_bursts({}, {}, {}).empty());
  EXPECT_TRUE(find_bursts(std::array{0.0, 0.0}, std::array{5.0, 5.0}, {}).empty());
  // In 60 % of all texts: twice that is no share.
  EXPECT_TRUE(find_bursts(std::array{5.0, 1.0}, std::array{5.0, 5.0}, {}).empty());
}

}  // namespace
}  // namespace wirecopy
