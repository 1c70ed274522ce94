#include "wirecopy/match/align.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace wirecopy {
namespace {

using Words = std::vector<std::uint64_t>;

std::uint32_t matched(std::span<const Block> blocks) {
  std::uint32_t words = 0;
  for (const Block& block : blocks) words += block.length;
  return words;
}

// Longest common subsequence, by the definition.
std::uint32_t lcs(const Words& a, const Words& b) {
  std::vector<std::uint32_t> row(b.size() + 1);
  for (const std::uint64_t word : a) {
    std::uint32_t diagonal = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::uint32_t above = row[j + 1];
      row[j + 1] = word == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row.back();
}

void expect_valid(const Words& a, const Words& b, std::span<const Block> blocks) {
  std::size_t a_free = 0, b_free = 0;
  const auto expect_gap_without_equal_ends = [&](std::size_t a_end, std::size_t b_end) {
    if (a_free == a_end || b_free == b_end) return;
    if (a_free > 0 || b_free > 0) {
      EXPECT_NE(a[a_free], b[b_free]);
    }
    if (a_end < a.size() || b_end < b.size()) {
      EXPECT_NE(a[a_end - 1], b[b_end - 1]);
    }
  };
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    ASSERT_GT(block.length, 0U);
    ASSERT_GE(block.a, a_free);
    ASSERT_GE(block.b, b_free);
    ASSERT_LE(block.a + block.length, a.size());
    ASSERT_LE(block.b + block.length, b.size());
    ASSERT_TRUE(std::equal(&a[block.a], &a[block.a] + block.length, &b[block.b]));
    ASSERT_TRUE(i == 0 || block.a > a_free || block.b > b_free) << "touches the block before";
    expect_gap_without_equal_ends(block.a, block.b);
    a_free = block.a + block.length;
    b_free = block.b + block.length;
  }
  expect_gap_without_equal_ends(a.size(), b.size());
}

// A few words make up most of a news text: word r has a chance of about 1 / r.
Words draw(std::mt19937_64& random, std::size_t size, std::uint64_t vocabulary) {
  Words words(size);
  for (std::uint64_t& word : words) word = random() % (1 + random() % vocabulary);
  return words;
}

Words edit(std::mt19937_64& random, const Words& words, double rate, std::uint64_t vocabulary) {
  const auto often = static_cast<std::uint64_t>(rate * 1000);
  Words edited;
  for (const std::uint64_t word : words) {
    switch (random() % 1000 < often ? random() % 3 : 3) {
      case 0: break;
      case 1: edited.push_back(random() % vocabulary); break;
      case 2: edited.push_back(random() % vocabulary); [[fallthrough]];
      default: edited.push_back(word);
    }
  }
  return edited;
}

TEST(Align, KnownAlignments) {
  Aligner aligner;
  const auto align = [&](const Words& a, const Words& b) {
    const auto blocks = aligner.align(a, b);
    return std::vector<Block>(blocks.begin(), blocks.end());
  };
  using Blocks = std::vector<Block>;
  EXPECT_EQ(align({}, {}), Blocks{});
  EXPECT_EQ(align({1}, {}), Blocks{});
  EXPECT_EQ(align({1}, {2}), Blocks{});
  EXPECT_EQ(align({1, 2, 3}, {1, 2, 3}), (Blocks{{0, 0, 3}}));
  EXPECT_EQ(align({1, 2, 3, 4}, {1, 2, 9, 4}), (Blocks{{0, 0, 2}, {3, 3, 1}}));
  EXPECT_EQ(align({1, 2, 3}, {7, 8, 1, 2, 3, 9}), (Blocks{{0, 2, 3}}));
  EXPECT_EQ(align({5, 1, 2, 6, 3, 4}, {7, 1, 2, 3, 4, 8}), (Blocks{{1, 1, 2}, {4, 3, 2}}));
}

TEST(Align, SmallGapsHaveTheMostWordsPossible) {
  std::mt19937_64 random(1);
  Aligner aligner;
  for (int round = 0; round < 20000; ++round) {
    const std::uint64_t vocabulary = 1 + random() % 12;
    const Words a = draw(random, random() % 33, vocabulary);
    const Words b = draw(random, random() % 32, vocabulary);
    const auto blocks = aligner.align(a, b);
    expect_valid(a, b, blocks);
    ASSERT_EQ(matched(blocks), lcs(a, b)) << round;
  }
}

TEST(Align, AnyTextsGiveValidBlocks) {
  std::mt19937_64 random(2);
  Aligner aligner;
  for (int round = 0; round < 3000; ++round) {
    const std::uint64_t vocabulary = 1 + random() % (round % 2 == 0 ? 4 : 400);
    const Words a = draw(random, random() % 600, vocabulary);
    Words b = random() % 2 == 0 ? draw(random, random() % 600, vocabulary)
                                : edit(random, a, 0.3, vocabulary);
    if (random() % 2 == 0 && !b.empty()) {
      std::ranges::rotate(b, b.begin() + static_cast<std::ptrdiff_t>(random() % b.size()));
    }
    expect_valid(a, b, aligner.align(a, b));
    const Words once(a);
    ASSERT_EQ(matched(aligner.align(once, a)), a.size());
  }
}

// The share of the longest common subsequence that is found, over 200 texts of 400 words.
double found_share(double edits) {
  std::mt19937_64 random(3);
  Aligner aligner;
  double found = 0, possible = 0;
  for (int round = 0; round < 200; ++round) {
    const Words a = draw(random, 400, 5000);
    const Words b = edit(random, a, edits, 5000);
    const auto blocks = aligner.align(a, b);
    expect_valid(a, b, blocks);
    found += matched(blocks);
    possible += lcs(a, b);
  }
  return found / possible;
}

TEST(Align, NearCopiesLoseNextToNothing) {
  EXPECT_GE(found_share(0.05), 0.999);
  EXPECT_GE(found_share(0.2), 0.995);
  EXPECT_GE(found_share(0.5), 0.97);
}

// Of two paragraphs that changed places, the longer one is kept.
TEST(Align, MovedParagraph) {
  Words a(400);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = i;
  for (const std::ptrdiff_t cut : {100, 300}) {
    Words b(a);
    std::ranges::rotate(b, b.begin() + cut);
    Aligner aligner;
    const auto blocks = aligner.align(a, b);
    expect_valid(a, b, blocks);
    EXPECT_EQ(matched(blocks), 300U);
  }
}

// Nothing is unique, so there is no anchor; the work must stay linear all the same.
TEST(Align, RepetitiveTexts) {
  Aligner aligner;
  Words a(200000, 1);
  Words b(200000, 1);
  for (std::size_t i = 0; i < a.size(); i += 1000) a[i] = 2;
  for (std::size_t i = 500; i < b.size(); i += 1000) b[i] = 3;
  const auto blocks = aligner.align(a, b);
  expect_valid(a, b, blocks);
  EXPECT_GE(matched(blocks), 199000U);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = i % 2, b[i] = 2 + i % 2;
  EXPECT_TRUE(aligner.align(a, b).empty());
}

}  // namespace
}  // namespace wirecopy
