#include "wirecopy/match/equal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/match/groups.h"

namespace wirecopy {
namespace {

using RowPairs = std::set<std::pair<DocId, DocId>>;

// Some ways to write the same words.
constexpr std::array<std::string_view, 4> kForms{"Old bridge % reopens", "OLD BRIDGE % REOPENS!",
                                                 "old  bridge, % (reopens)",
                                                 "“Old bridge” % re\u00ADopens"};

struct Story {
  std::optional<std::string> text;
  int words = -1;  // which words it has; -1: none
};

Story make_story(std::mt19937& random) {
  switch (random() % 8) {
    case 0: return {};
    case 1: return {"", -1};
    default: break;
  }
  const int number = static_cast<int>(random() % 5);
  std::string text(kForms[random() % kForms.size()]);
  text.replace(text.find('%'), 1, std::to_string(number));
  return {text, number};
}

TextColumn column_of(const std::vector<Story>& stories) {
  TextColumn texts;
  for (const Story& story : stories) {
    if (story.text) {
      texts.push_back(*story.text);
    } else {
      texts.push_null();
    }
  }
  return texts;
}

bool equal(const Story& a, const Story& b, CopyForm form) {
  if (a.words < 0 || b.words < 0) return false;
  return form == CopyForm::kWords ? a.words == b.words : a.text == b.text;
}

// By looking at every two texts. With a split: those of which one stands on either side.
RowPairs brute_force(const std::vector<Story>& stories, CopyForm form, std::size_t split) {
  RowPairs found;
  for (DocId a = 0; a < stories.size(); ++a) {
    for (DocId b = a + 1; b < stories.size(); ++b) {
      if (split > 0 && (a >= split || b < split)) continue;
      if (equal(stories[a], stories[b], form)) found.insert({a, b});
    }
  }
  return found;
}

RowPairs pairs_of(const Matches& matches, std::size_t split) {
  RowPairs found;
  const Buckets twins = twins_of(matches);
  for (std::size_t first = 0; split == 0 && first < twins.size(); ++first) {
    for (const DocId x : twins[first]) {
      for (const DocId y : twins[first]) {
        if (x < y) found.insert({x, y});
      }
    }
  }
  for (const Pair& pair : matches.pairs) {
    EXPECT_LT(pair.a, split);
    EXPECT_GE(pair.b, split);
    EXPECT_EQ(matches.similarity(pair), 1.0);
    for (const DocId x : twins[pair.a]) {
      for (const DocId y : twins[pair.b]) EXPECT_TRUE(found.insert({x, y}).second);
    }
  }
  return found;
}

TEST(FindEqual, IsTheDefinition) {
  std::mt19937 random(11);
  std::size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Story> stories(random() % 40);
    for (Story& story : stories) story = make_story(random);
    const TextColumn texts = column_of(stories);
    for (const CopyForm form : {CopyForm::kBytes, CopyForm::kWords}) {
      for (const std::size_t split : {std::size_t{0}, stories.size() / 3}) {
        const Matches matches =
            find_equal(texts, form, split, wirecopy::Run{.threads = 1 + round % 3});
        const RowPairs expected = brute_force(stories, form, split);
        ASSERT_EQ(pairs_of(matches, split), expected) << "round " << round << " split " << split;
        ASSERT_TRUE(std::ranges::is_sorted(matches.pairs, Pair::by_rows));
        found += expected.size();
        for (DocId row = 0; row < stories.size(); ++row) {
          // Copies are the same bytes whatever was asked for, and of both sides.
          DocId copy = 0;
          while (copy < row && !equal(stories[copy], stories[row], CopyForm::kBytes)) ++copy;
          ASSERT_EQ(matches.copy[row], copy);
          ASSERT_EQ(matches.words[row], stories[row].words < 0 ? 0U : 1U);
          ASSERT_EQ(matches.set_size[row], matches.words[row]);
        }
      }
    }
  }
  EXPECT_GT(found, 10'000U);
}

TEST(FindEqual, TwinsAreOfOneSide) {
  TextColumn texts;
  for (const std::string_view text : {"a b", "c d", "A b", "a b", "e f", "A, b"}) {
    texts.push_back(text);
  }
  const Matches matches = find_equal(texts, CopyForm::kWords, 3, wirecopy::Run{});
  EXPECT_EQ(matches.twin, (std::vector<DocId>{0, 1, 0, 3, 4, 3}));
  EXPECT_EQ(matches.copy, (std::vector<DocId>{0, 1, 2, 0, 4, 5}));
  ASSERT_EQ(matches.pairs.size(), 1U);
  EXPECT_EQ(std::pair(matches.pairs[0].a, matches.pairs[0].b), (std::pair<DocId, DocId>{0, 3}));
  EXPECT_EQ(matches.pairs[0].shared, 1U);
}

TEST(FirstOnSide, EachSideHasFirstsOfItsOwn) {
  const std::vector<DocId> first{0, 1, 0, 0, 4, 1, 0, 4};
  EXPECT_EQ(first_on_side(first, 0), first);
  EXPECT_EQ(first_on_side(first, 3), (std::vector<DocId>{0, 1, 0, 3, 4, 5, 3, 4}));
  EXPECT_EQ(first_on_side(first, first.size()), first);
  EXPECT_TRUE(first_on_side({}, 0).empty());
}

}  // namespace
}  // namespace wirecopy
