#include "wirecopy/match/groups.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <set>

#include "wirecopy/match/tables.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {
namespace {

Matches matches_of(std::size_t n, std::vector<Pair> pairs) {
  Matches matches;
  matches.twin.resize(n);
  std::iota(matches.twin.begin(), matches.twin.end(), DocId{0});
  matches.copy = matches.twin;
  matches.set_size.assign(n, 100);
  matches.rule.threshold = 0.5;
  matches.pairs = std::move(pairs);
  return matches;
}

std::vector<std::uint32_t> by_row(std::size_t n) {
  std::vector<std::uint32_t> rank(n);
  std::iota(rank.begin(), rank.end(), 0u);
  return rank;
}

TEST(Groups, AChainIsSplitAndTheBridgeReported) {
  // 0 ~ 1 ~ 2 ~ 3: 1 goes to 0; 2 does not match 0, so it opens a group with 3; 1 ~ 2 is the
  // bridge.
  const Matches matches = matches_of(4, {{0, 1, 80}, {1, 2, 80}, {2, 3, 80}});
  const Groups groups = make_groups(matches, 0.5, by_row(4));
  EXPECT_EQ(groups.group, (std::vector<std::int64_t>{0, 0, 1, 1}));
  EXPECT_EQ(groups.keeper, (std::vector<DocId>{0, 0, 2, 2}));
  const Table pairs = pairs_table(matches, groups, 0.5);
  EXPECT_EQ(std::get<Bools>(pairs.columns[7].values).values, (std::vector<std::uint8_t>{0, 1, 0}));
}

TEST(Groups, TheKeeperOrderDecides) {
  const Matches matches = matches_of(4, {{0, 1, 80}, {1, 2, 80}, {2, 3, 80}});
  const std::vector<std::uint32_t> rank{2, 0, 1, 3};  // 1 first
  const Groups groups = make_groups(matches, 0.5, rank);
  EXPECT_EQ(groups.keeper, (std::vector<DocId>{1, 1, 1, 3}));
  EXPECT_EQ(groups.group, (std::vector<std::int64_t>{0, 0, 0, kNoGroup}));
  EXPECT_EQ(groups.count, 1);
}

TEST(Groups, InvariantsOnRandomGraphs) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::size_t n = 2 + random() % 30;
    std::vector<Pair> pairs;
    for (DocId a = 0; a < n; ++a) {
      for (DocId b = a + 1; b < n; ++b) {
        if (random() % 6 == 0)
          pairs.push_back({a, b, 67 + static_cast<std::uint32_t>(random() % 33)});
      }
    }
    Matches matches = matches_of(n, pairs);
    std::vector<std::uint32_t> rank = by_row(n);
    std::shuffle(rank.begin(), rank.end(), random);
    const Groups groups = make_groups(matches, 0.6, rank);
    std::set<std::pair<DocId, DocId>> similar;
    for (const Pair& p : pairs) {
      if (matches.jaccard(p) >= 0.6) similar.insert({p.a, p.b});
    }
    const auto match = [&](DocId x, DocId y) { return similar.count(std::minmax(x, y)) > 0; };
    std::vector<int> size(n);
    for (DocId text = 0; text < n; ++text) {
      const DocId keeper = groups.keeper[text];
      EXPECT_EQ(groups.keeper[keeper], keeper);
      if (groups.group[text] == kNoGroup) {
        EXPECT_EQ(keeper, text);
        // Left alone only because everything it matches belongs to a more wanted keeper.
        for (DocId other = 0; other < n; ++other) {
          if (other != text && match(text, other)) {
            EXPECT_NE(groups.keeper[other], other);
          }
        }
        continue;
      }
      ++size[static_cast<std::size_t>(groups.group[text])];
      if (keeper != text) {
        EXPECT_TRUE(match(text, keeper));
        EXPECT_LT(rank[keeper], rank[text]);
        EXPECT_EQ(groups.group[keeper], groups.group[text]);
      } else {
        // Two keepers never match each other.
        for (DocId other = 0; other < n; ++other) {
          if (other != text && groups.keeper[other] == other) {
            EXPECT_FALSE(match(text, other));
          }
        }
      }
    }
    for (std::int64_t g = 0; g < groups.count; ++g) EXPECT_GE(size[static_cast<std::size_t>(g)], 2);
  }
}

TEST(Verdict, Rules) {
  EXPECT_EQ(judge(true, 10, 10, 10), Verdict::kIdentical);
  EXPECT_EQ(judge(false, 10, 10, 10), Verdict::kSameText);
  EXPECT_EQ(judge(false, 100, 80, 72), Verdict::kCutDown);
  EXPECT_EQ(judge(false, 80, 100, 72), Verdict::kCutDown);
  EXPECT_EQ(judge(false, 100, 80, 71), Verdict::kNearCopy);
  EXPECT_EQ(judge(false, 100, 81, 81), Verdict::kNearCopy);
}

}  // namespace
}  // namespace wirecopy
