#include "wirecopy/match/groups.h"

#include <gtest/gtest.h>

#include <limits>
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

Cut cut_at(double threshold) {
  Cut cut;
  cut.threshold = threshold;
  return cut;
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
  const Groups groups = make_groups(matches, cut_at(0.5), by_row(4), wirecopy::Run{});
  EXPECT_EQ(groups.group, (std::vector<std::int64_t>{0, 0, 1, 1}));
  EXPECT_EQ(groups.keeper, (std::vector<DocId>{0, 0, 2, 2}));
  const Table pairs = pairs_table(matches, groups, cut_at(0.5), PairRows::kAll);
  EXPECT_EQ(std::get<Bools>(pairs.columns[7].values).values, (std::vector<std::uint8_t>{0, 1, 0}));
}

TEST(Groups, TheKeeperOrderDecides) {
  const Matches matches = matches_of(4, {{0, 1, 80}, {1, 2, 80}, {2, 3, 80}});
  const std::vector<std::uint32_t> rank{2, 0, 1, 3};  // 1 first
  const Groups groups = make_groups(matches, cut_at(0.5), rank, wirecopy::Run{});
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
    const Groups groups = make_groups(matches, cut_at(0.6), rank, wirecopy::Run{});
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

// Stars by the definition: each text in keeper order takes what it may and what is free.
std::vector<DocId> stars(const Matches& matches, const Cut& cut,
                         const std::vector<std::uint32_t>& rank) {
  const std::size_t n = rank.size();
  const auto similar = [&](DocId x, DocId y) {
    if (!cut.constraint.allows(x, y)) return false;
    const auto [a, b] = std::minmax(matches.twin[x], matches.twin[y]);
    if (a == b) return true;
    for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
      const Pair& pair = matches.pairs[i];
      if (pair.a != a || pair.b != b || matches.similarity(pair) < cut.threshold) continue;
      return cut.follow_templates || cut.verdicts[i] != Verdict::kTemplate;
    }
    return false;
  };
  std::vector<DocId> order(n);
  for (DocId text = 0; text < n; ++text) order[rank[text]] = text;
  std::vector<DocId> keeper(n);
  std::iota(keeper.begin(), keeper.end(), DocId{0});
  std::vector<bool> taken(n);
  for (const DocId centre : order) {
    if (taken[centre]) continue;
    taken[centre] = true;
    for (DocId text = 0; text < n; ++text) {
      if (taken[text] || !similar(centre, text)) continue;
      taken[text] = true;
      keeper[text] = centre;
    }
  }
  return keeper;
}

TEST(Groups, TwinsConstraintsAndTemplatesAreThoseOfTheDefinition) {
  std::size_t grouped = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const std::size_t n = 24;
    Matches matches = matches_of(n, {});
    for (DocId text = 1; text < n; ++text) {
      if (random() % 3 == 0) matches.twin[text] = matches.twin[random() % text];
    }
    std::vector<Verdict> verdicts;
    for (DocId a = 0; a < n; ++a) {
      for (DocId b = a + 1; b < n; ++b) {
        if (matches.twin[a] != a || matches.twin[b] != b || random() % 5 != 0) continue;
        matches.pairs.push_back({a, b, 67 + static_cast<std::uint32_t>(random() % 33)});
        verdicts.push_back(random() % 3 == 0 ? Verdict::kTemplate : Verdict::kNearCopy);
      }
    }
    std::vector<std::int64_t> dates(n);
    std::vector<std::int32_t> sources(n);
    for (std::size_t text = 0; text < n; ++text) {
      const auto r = random() % 12;
      dates[text] = r == 11   ? Constraint::kUnknownDate
                    : r == 10 ? std::numeric_limits<std::int64_t>::max()
                              : static_cast<std::int64_t>(r);
      sources[text] = static_cast<std::int32_t>(random() % 4) - 1;
    }
    std::vector<std::uint32_t> rank = by_row(n);
    std::shuffle(rank.begin(), rank.end(), random);
    Cut cut = cut_at(0.6);
    cut.verdicts = verdicts;
    cut.follow_templates = seed % 2 == 0;
    if (seed % 3 != 0) cut.constraint.dates = dates;
    cut.constraint.window = seed % 5;
    if (seed % 4 != 0) cut.constraint.sources = sources;
    const Groups groups = make_groups(matches, cut, rank, wirecopy::Run{});
    EXPECT_EQ(groups.keeper, stars(matches, cut, rank)) << seed;
    const Table pairs = pairs_table(matches, groups, cut, PairRows::kAll);
    EXPECT_EQ(count_pairs(matches, cut), pairs.rows());
    for (std::size_t text = 0; text < n; ++text) grouped += groups.group[text] != kNoGroup;
  }
  EXPECT_GT(grouped, 1000u);
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
