#include "wirecopy/sketch/shingles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

TEST(Shingles, HashesAreXxh3OverWordHashes) {
  const std::uint64_t hashes[] = {hash_bytes("one"), hash_bytes("two"), hash_bytes("three")};
  Shingler pairs(2);
  const auto sequence = pairs.sequence("One, TWO; three.");
  ASSERT_EQ(sequence.size(), 2u);
  EXPECT_EQ(sequence[0], hash_words(hashes, 2));
  EXPECT_EQ(sequence[1], hash_words(hashes + 1, 2));
}

TEST(Shingles, HashIsTheSameInEveryRelease) {
  // XXH3-64 of "a" as published by other implementations; a change here breaks stored signatures.
  EXPECT_EQ(hash_bytes("a"), 0xE6C632B61E964E1Full);
  EXPECT_EQ(hash_bytes(""), 0x2D06800538D394C2ull);
}

TEST(Shingles, ShortAndEmptyTexts) {
  Shingler shingler(5);
  EXPECT_EQ(shingler.sequence("").size(), 0u);
  EXPECT_EQ(shingler.sequence(" .,!").size(), 0u);
  EXPECT_EQ(shingler.sequence("one two").size(), 1u);
  EXPECT_EQ(shingler.sequence("1 2 3 4 5").size(), 1u);
  EXPECT_EQ(shingler.sequence("1 2 3 4 5 6").size(), 2u);
  const std::uint64_t two = shingler.sequence("one two")[0];
  EXPECT_NE(two, shingler.sequence("two one")[0]);
}

TEST(Shingles, SetIsSortedAndUniqueForEverySize) {
  std::mt19937 random(7);
  for (const int words : {0, 1, 5, 63, 64, 68, 69, 200, 1000, 5000, 40000}) {
    std::string text;
    for (int i = 0; i < words; ++i) text += std::to_string(random() % 50) + " ";
    Shingler shingler(2);
    const auto sequence = shingler.sequence(text);
    const std::set<std::uint64_t> expected(sequence.begin(), sequence.end());
    const auto set = shingler.set(text);
    EXPECT_TRUE(std::ranges::equal(set, expected)) << words;
  }
}

TEST(Shingles, SetOfALongTextAndOfOneThatRepeatsItself) {
  std::mt19937 random(8);
  for (const std::uint32_t range : {1u, 3u, 100u, 1000000000u}) {
    std::string text;
    for (int i = 0; i < 300000; ++i) text += std::to_string(random() % range) + " ";
    Shingler shingler(1);
    const auto sequence = shingler.sequence(text);
    const std::set<std::uint64_t> expected(sequence.begin(), sequence.end());
    EXPECT_TRUE(std::ranges::equal(shingler.set(text), expected)) << range;
  }
}

TEST(Shingles, OfCharactersAreXxh3OfTheJoinedWords) {
  Shingler characters(4, ShingleUnit::kCharacters);
  const auto sequence = characters.sequence("  Été, (42)! ");
  ASSERT_EQ(sequence.size(), 3u);
  EXPECT_EQ(characters.units(), 6u);
  EXPECT_EQ(sequence[0], hash_bytes("été "));
  EXPECT_EQ(sequence[1], hash_bytes("té 4"));
  EXPECT_EQ(sequence[2], hash_bytes("é 42"));
}

TEST(Shingles, OfCharactersOfShortAndEmptyTexts) {
  Shingler characters(8, ShingleUnit::kCharacters);
  EXPECT_EQ(characters.sequence("").size(), 0u);
  EXPECT_EQ(characters.sequence(" .,!").size(), 0u);
  EXPECT_EQ(characters.units(), 0u);
  const auto one = characters.sequence("One, two");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(characters.units(), 7u);
  EXPECT_EQ(one[0], hash_bytes("one two"));
  EXPECT_EQ(characters.sequence("東京 and on").size(), 3u);  // 東, 京, and, on: ten characters
}

TEST(Shingles, UnitsAreCounted) {
  Shingler words(5);
  words.set("one two three");
  EXPECT_EQ(words.units(), 3u);
  words.set("");
  EXPECT_EQ(words.units(), 0u);
}

TEST(Shingles, SizeIsChecked) {
  EXPECT_THROW(Shingler(0), InputError);
  EXPECT_THROW(Shingler(0, ShingleUnit::kCharacters), InputError);
  EXPECT_THROW(Shingler(kMaxShingleSize + 1), InputError);
}

}  // namespace
}  // namespace wirecopy
