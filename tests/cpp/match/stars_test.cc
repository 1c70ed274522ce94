#include "wirecopy/match/stars.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace wirecopy {
namespace {

// Texts of a few moulds: some words of each are replaced, and some texts stand twice.
std::vector<std::string> crowd(std::mt19937& random) {
  std::vector<std::string> texts;
  for (int mould = 0; mould < 3; ++mould) {
    const std::size_t count = random() % 12;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t every = 10 + random() % 20;
      std::string text;
      for (std::size_t word = 0; word < 60; ++word) {
        const bool own = (word + i) % every == 0;
        text += own ? "x" + std::to_string(random() % 5) : "m" + std::to_string(mould);
        text += "w" + std::to_string(word) + " ";
      }
      texts.push_back(text);
      if (random() % 4 == 0) texts.push_back(text);
    }
  }
  std::ranges::shuffle(texts, random);
  return texts;
}

TEST(Stars, GroupsAreThoseOfAllPairs) {
  std::mt19937 random(7);
  int crowds = 0;
  for (int round = 0; round < 200; ++round) {
    const std::vector<std::string> words = crowd(random);
    TextColumn texts;
    for (const std::string& text : words) texts.push_back(text);
    std::vector<std::uint32_t> rank(words.size());
    std::iota(rank.begin(), rank.end(), 0u);
    std::ranges::shuffle(rank, random);
    std::vector<std::int32_t> sources(words.size());
    for (std::int32_t& source : sources) source = static_cast<std::int32_t>(random() % 3);

    DedupOptions options;
    options.rule.threshold = 0.3;
    options.method = round % 3 == 0 ? Method::kMinHash : Method::kExact;
    wirecopy::Run run;
    run.threads = 1 + round % 3;
    const Matches all = find_matches(texts, options, run);
    options.max_pairs = 1;
    Matches some = find_matches(texts, options, run);
    Cut cut{.threshold = 0.3, .constraint = {}, .verdicts = {}, .follow_templates = true};
    if (round % 2 == 0) cut.constraint.sources = sources;
    EXPECT_EQ(some.capped, all.pairs.size() > 1);
    EXPECT_EQ(some.crowd != nullptr, some.capped);
    list_stars(texts, cut, rank, some, run);
    EXPECT_EQ(some.crowd, nullptr);

    const Groups expected = make_groups(all, cut, rank, run);
    const Groups found = make_groups(some, cut, rank, run);
    EXPECT_EQ(found.group, expected.group) << round;
    EXPECT_EQ(found.keeper, expected.keeper) << round;
    EXPECT_EQ(found.shared, expected.shared) << round;
    // Every pair listed is one of all.
    EXPECT_TRUE(std::ranges::includes(all.pairs, some.pairs, Pair::by_rows));
    EXPECT_LE(some.pairs.size(), std::max(all.pairs.size(), std::size_t{1}));
    crowds += some.capped;
  }
  EXPECT_GT(crowds, 150);
}

}  // namespace
}  // namespace wirecopy
