#include "wirecopy/match/copies.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace wirecopy {
namespace {

using Rows = std::vector<DocId>;

Rows all_of(const TextColumn& texts) {
  Rows rows(texts.size());
  std::iota(rows.begin(), rows.end(), DocId{0});
  return rows;
}

Rows copies(const TextColumn& texts, CopyForm form, int threads = 1) {
  return find_copies(texts, all_of(texts), form, wirecopy::Run{.threads = threads});
}

TEST(FirstEqual, EqualPrintsAreNotEnough) {
  // Values in place of contents, and the same print for all of them.
  std::vector<int> values(3000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i * i % 7);
  const std::vector<Fingerprint> prints(values.size(), Fingerprint{1, 2});
  for (const int threads : {1, 4}) {
    const auto first =
        first_equal(prints, wirecopy::Run{.threads = threads},
                    [&](int, std::size_t j, std::size_t i) { return values[j] == values[i]; });
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto expected = std::find(values.begin(), values.end(), values[i]) - values.begin();
      ASSERT_EQ(first[i], expected);
    }
  }
}

TEST(FirstEqual, PrintsThatDifferInEitherHalf) {
  // Slots and shards are chosen by some bits only: the others are compared too.
  const std::uint64_t top = 1ull << 63;
  const std::vector<Fingerprint> prints{{5, 5},       {5, 6}, {6, 5}, {5, 5},      {5 + top, 5},
                                        {5, 5 + top}, {5, 6}, {6, 5}, {5, 5 + top}};
  const auto first =
      first_equal(prints, wirecopy::Run{}, [](int, std::size_t, std::size_t) { return true; });
  EXPECT_EQ(first, (std::vector<std::uint32_t>{0, 1, 2, 0, 4, 5, 1, 2, 5}));
}

TEST(FirstEqual, Nothing) {
  EXPECT_TRUE(
      first_equal({}, wirecopy::Run{}, [](int, std::size_t, std::size_t) { return true; }).empty());
}

TEST(FindCopies, NullAndEmptyAreCopiesOfNothing) {
  TextColumn texts;
  texts.push_null();
  texts.push_back("");
  texts.push_null();
  texts.push_back("");
  texts.push_back("-");
  texts.push_back("-");
  EXPECT_EQ(copies(texts, CopyForm::kBytes), (Rows{0, 1, 2, 3, 4, 4}));
  EXPECT_EQ(copies(texts, CopyForm::kWords), (Rows{0, 1, 2, 3, 4, 5}));
}

TEST(FindCopies, OnlyAmongTheWanted) {
  TextColumn texts;
  for (const std::string_view text : {"a", "b", "a", "b", "a", "A."}) texts.push_back(text);
  EXPECT_EQ(find_copies(texts, Rows{1, 2, 4, 5}, CopyForm::kBytes, wirecopy::Run{}),
            (Rows{1, 2, 2, 5}));
  EXPECT_EQ(find_copies(texts, Rows{1, 2, 4, 5}, CopyForm::kWords, wirecopy::Run{}),
            (Rows{1, 2, 2, 2}));
}

TEST(FindCopies, WordsAreNotRunTogether) {
  TextColumn texts;
  for (const std::string_view text : {"ab c", "a bc", "abc", "A, BC!", "a b c", "(a) b-c"}) {
    texts.push_back(text);
  }
  EXPECT_EQ(copies(texts, CopyForm::kWords), (Rows{0, 1, 2, 1, 4, 4}));
}

TEST(FindCopies, WhateverTheyAreStoredAs) {
  const std::vector<std::uint8_t> latin1{'p', 0xE9};
  const std::vector<std::uint16_t> ucs2{'p', 0xE9};
  const std::vector<std::uint32_t> ucs4{'p', 0xE9};
  TextColumn texts;
  texts.push_back("p");
  texts.push_back(StoredText(ucs4.data(), 2, Storage::kUcs4));
  texts.push_back(StoredText(ucs4.data(), 1, Storage::kUcs4));
  texts.push_back(StoredText(latin1.data(), 2, Storage::kLatin1));
  texts.push_back("p\xC3\xA9");
  texts.push_back(StoredText(ucs2.data(), 2, Storage::kUcs2));
  texts.push_back(StoredText(latin1.data(), 1, Storage::kLatin1));
  ASSERT_FALSE(texts.canonical());
  for (const int threads : {1, 3}) {
    EXPECT_EQ(copies(texts, CopyForm::kBytes, threads), (Rows{0, 1, 0, 1, 1, 1, 0}));
    EXPECT_EQ(copies(texts, CopyForm::kWords, threads), (Rows{0, 1, 0, 1, 1, 1, 0}));
  }
}

TEST(FindCopies, CanonicalRowsOfOneWidthOnly) {
  const std::vector<std::uint16_t> ucs2{0x4241, 0x4443};
  TextColumn texts;
  texts.push_back("ABCD");
  texts.push_back(StoredText(ucs2.data(), 2, Storage::kUcs2));
  texts.push_back(StoredText(ucs2.data(), 2, Storage::kUcs2));
  texts.declare_canonical();
  EXPECT_EQ(copies(texts, CopyForm::kBytes), (Rows{0, 1, 1}));
}

TEST(FindCopies, Stops) {
  TextColumn texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("text");
  StopToken stop;
  stop.request();
  const wirecopy::Run run{.threads = 2, .stop = &stop};
  EXPECT_THROW(find_copies(texts, all_of(texts), CopyForm::kBytes, run), Stopped);
}

}  // namespace
}  // namespace wirecopy
