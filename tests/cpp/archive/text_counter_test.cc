#include "wirecopy/archive/text_counter.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace wirecopy {
namespace {

using Counts = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Counts take(TextCounter& counter) {
  Counts counts;
  counter.take([&](std::uint32_t text, std::uint32_t count) { counts.emplace_back(text, count); });
  return counts;
}

// Of `met` texts below `texts`, times `step`: multiples of large powers of two meet in a table.
Counts counted(TextCounter& counter, std::mt19937& rng, std::size_t met, std::uint32_t texts,
               std::uint32_t step) {
  std::map<std::uint32_t, std::size_t> places;
  Counts expected;
  for (std::size_t i = 0; i < met; ++i) {
    const auto text = static_cast<std::uint32_t>(rng() % texts) * step;
    counter.add(text);
    const auto [at, first] = places.try_emplace(text, expected.size());
    if (first) expected.emplace_back(text, 0);
    ++expected[at->second].second;
  }
  return expected;
}

TEST(TextCounter, CountsInTheOrderOfTheFirst) {
  TextCounter counter;
  std::mt19937 rng(1);
  for (int round = 0; round < 200; ++round) {
    const std::size_t met = rng() % 4000;
    const auto texts = static_cast<std::uint32_t>(1 + rng() % 3000);
    const std::uint32_t step = std::uint32_t{1} << (rng() % 20);
    const Counts expected = counted(counter, rng, met, texts, step);
    EXPECT_EQ(take(counter), expected);
    EXPECT_TRUE(take(counter).empty());
  }
}

TEST(TextCounter, ForgetsWhatWasMany) {
  TextCounter counter;
  std::mt19937 rng(2);
  for (const std::size_t met : {300'000, 10, 100'000, 0, 500}) {
    const Counts expected = counted(counter, rng, met, 1'000'000, 1);
    EXPECT_EQ(take(counter), expected) << met;
  }
}

TEST(TextCounter, HoldsTheLargestNumbers) {
  TextCounter counter;
  for (const std::uint32_t text : {0xFFFFFFFFu, 0u, 0xFFFFFFFEu, 0xFFFFFFFFu}) counter.add(text);
  EXPECT_EQ(take(counter), (Counts{{0xFFFFFFFF, 2}, {0, 1}, {0xFFFFFFFE, 1}}));
}

}  // namespace
}  // namespace wirecopy
