#include "wirecopy/match/across.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/match/evidence.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {
namespace {

// A text as match sees it: its shingles, and which of the texts with just these it is.
struct Text {
  std::set<int> shingles;
  int spelling = 0;

  friend bool operator==(const Text&, const Text&) = default;
};

std::uint32_t count_shared(const Text& a, const Text& b) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(a.shingles, [&](int shingle) { return b.shingles.contains(shingle); }));
}

std::vector<Text> make_texts(std::mt19937& random) {
  std::vector<Text> texts(random() % 24);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0 && random() % 3 == 0) {  // a twin, and half of the time a copy
      texts[i] = texts[random() % i];
      texts[i].spelling = static_cast<int>(random() % 2);
      continue;
    }
    const auto size = random() % 25;
    const int step = random() % 4 == 0 ? 2 : 1;  // half of a longer text
    for (std::uint32_t s = 0; s < size; ++s) texts[i].shingles.insert(static_cast<int>(s) * step);
  }
  return texts;
}

template <typename Same>
std::vector<DocId> first_of(const std::vector<Text>& texts, std::size_t begin, Same same) {
  std::vector<DocId> first;
  for (std::size_t row = begin; row < texts.size(); ++row) {
    std::size_t other = begin;
    while (other < row && !same(other, row)) ++other;
    first.push_back(static_cast<DocId>(other));
  }
  return first;
}

Matches matches_of(const std::vector<Text>& texts, std::size_t split, Similarity rule) {
  const auto same_set = [&](std::size_t a, std::size_t b) {
    return !texts[a].shingles.empty() && texts[a].shingles == texts[b].shingles;
  };
  Matches matches;
  matches.rule = rule;
  const std::vector<Text> before(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(split));
  matches.twin = first_of(before, 0, same_set);
  const std::vector<DocId> after = first_of(texts, split, same_set);
  matches.twin.insert(matches.twin.end(), after.begin(), after.end());
  matches.copy = first_of(texts, 0, [&](std::size_t a, std::size_t b) {
    return !texts[a].shingles.empty() && texts[a] == texts[b];
  });
  for (const Text& text : texts) {
    matches.set_size.push_back(static_cast<std::uint32_t>(text.shingles.size()));
  }
  matches.words = matches.set_size;
  for (DocId a = 0; a < split; ++a) {
    for (auto b = static_cast<DocId>(split); b < texts.size(); ++b) {
      const std::uint32_t shared = count_shared(texts[a], texts[b]);
      if (matches.twin[a] != a || matches.twin[b] != b || shared == 0) continue;
      if (matches.similarity({a, b, shared}) >= rule.threshold) {
        matches.pairs.push_back({a, b, shared});
      }
    }
  }
  return matches;
}

std::string expected_verdict(const Text& a, const Text& b) {
  if (a == b) return "identical";
  if (a.shingles == b.shingles) return "same text";
  const std::size_t shorter = std::min(a.shingles.size(), b.shingles.size());
  const std::size_t longer = std::max(a.shingles.size(), b.shingles.size());
  const bool contained = 10 * count_shared(a, b) >= 9 * shorter;
  return contained && 10 * shorter <= 8 * longer ? "cut-down" : "near copy";
}

template <typename Values>
const Values& column(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name, &Column::name);
  EXPECT_NE(found, table.columns.end()) << name;
  return std::get<Values>(found->values);
}

const std::vector<std::int64_t>& integers(const Table& table, std::string_view name) {
  return column<std::vector<std::int64_t>>(table, name);
}

const std::vector<double>& doubles(const Table& table, std::string_view name) {
  return column<std::vector<double>>(table, name);
}

class Across : public testing::TestWithParam<Similarity> {};

TEST_P(Across, TheTableIsTheDefinition) {
  std::mt19937 random(5);
  std::size_t rows = 0;
  std::size_t several = 0;
  for (int round = 0; round < 300; ++round) {
    const std::vector<Text> texts = make_texts(random);
    const std::size_t split = texts.size() / 2;
    const Matches matches = matches_of(texts, split, GetParam());
    const Table all = across_table(matches, split, false);
    const Table best = across_table(matches, split, true);

    std::size_t row = 0;
    std::size_t best_row = 0;
    for (std::size_t a = 0; a < split; ++a) {
      std::size_t alike = 0;
      double most = 0;
      std::size_t matched = 0;
      for (std::size_t b = split; b < texts.size(); ++b) {
        const std::uint32_t shared = count_shared(texts[a], texts[b]);
        const double size_a = static_cast<double>(texts[a].shingles.size());
        const double size_b = static_cast<double>(texts[b].shingles.size());
        const double jaccard = shared / (size_a + size_b - shared);
        const double similarity =
            GetParam().measure == Measure::kJaccard ? jaccard : shared / std::min(size_a, size_b);
        if (shared == 0 || similarity < GetParam().threshold) continue;
        ASSERT_LT(row, all.rows());
        EXPECT_EQ(integers(all, "new")[row], static_cast<std::int64_t>(a));
        EXPECT_EQ(integers(all, "old")[row], static_cast<std::int64_t>(b - split));
        EXPECT_EQ(doubles(all, "similarity")[row], similarity);
        EXPECT_EQ(doubles(all, "jaccard")[row], jaccard);
        EXPECT_EQ(doubles(all, "containment_new")[row], shared / size_a);
        EXPECT_EQ(doubles(all, "containment_old")[row], shared / size_b);
        EXPECT_EQ(integers(all, "shared")[row], shared);
        EXPECT_EQ(column<Strings>(all, "verdict")[row], expected_verdict(texts[a], texts[b]));
        ++row;
        ++matched;
        if (similarity > most) {
          most = similarity;
          alike = b;
        }
      }
      several += static_cast<std::size_t>(matched > 1);
      if (matched == 0) continue;
      ASSERT_LT(best_row, best.rows());
      EXPECT_EQ(integers(best, "new")[best_row], static_cast<std::int64_t>(a));
      EXPECT_EQ(integers(best, "old")[best_row], static_cast<std::int64_t>(alike - split));
      EXPECT_EQ(doubles(best, "similarity")[best_row], most);
      ++best_row;
    }
    ASSERT_EQ(row, all.rows());
    ASSERT_EQ(best_row, best.rows());
    EXPECT_EQ(count_across(matches), row);
    rows += row;
  }
  EXPECT_GT(rows, 1000U);
  EXPECT_GT(several, 100U);
}

INSTANTIATE_TEST_SUITE_P(Measures, Across,
                         testing::Values(Similarity{.threshold = 0.3},
                                         Similarity{.measure = Measure::kContainment,
                                                    .threshold = 0.8}));

TEST(AcrossTable, ShowsTheVerdictsOfThePairsToTheirTwins) {
  // New: 0, and its twin 1. Old: 2, its copy; 3, its twin in other letters; 4 and its twin 5.
  const Text story{{1, 2, 3, 4}, 0};
  const Text other{{2, 3, 4, 5}, 0};
  const std::vector<Text> texts{story, {story.shingles, 1}, story, {story.shingles, 2},
                                other, {other.shingles, 1}};
  const Matches matches = matches_of(texts, 2, {.threshold = 0.5});
  ASSERT_EQ(matches.pairs.size(), 2U);
  const std::vector<Verdict> verdicts{Verdict::kTemplate, Verdict::kUpdate};
  const Table table = across_table(matches, 2, false, verdicts);
  std::vector<std::string> found;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    found.emplace_back(column<Strings>(table, "verdict")[row]);
  }
  // Equal sets are judged text by text, whatever was said of the first two of them.
  EXPECT_EQ(found, (std::vector<std::string>{"identical", "same text", "update", "update",
                                             "same text", "same text", "update", "update"}));
}

TEST(AcrossTable, NothingOnASide) {
  const Text story{{1, 2, 3}, 0};
  for (const std::size_t split : {std::size_t{0}, std::size_t{2}}) {
    const Matches matches = matches_of({story, story}, split, {.threshold = 0.5});
    EXPECT_EQ(count_across(matches), 0U);
    EXPECT_EQ(across_table(matches, split, false).rows(), 0U);
    EXPECT_EQ(across_table(matches, split, true).rows(), 0U);
    EXPECT_EQ(across_table(matches, split, true).columns.size(), 8U);
  }
}

}  // namespace
}  // namespace wirecopy
