#include "wirecopy/base/text_column.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "every_cpu.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

TEST(TextColumn, EmptyAndNullDiffer) {
  TextColumn column;
  column.push_back("");
  column.push_back(std::string_view());  // an empty text may have no address
  column.push_null();
  column.push_back("news");
  ASSERT_EQ(column.size(), 4u);
  EXPECT_FALSE(column.is_null(0));
  EXPECT_FALSE(column.is_null(1));
  EXPECT_TRUE(column.is_null(2));
  TextReader reader(column);
  EXPECT_EQ(reader[2], "");
  EXPECT_EQ(reader[3], "news");
  EXPECT_EQ(column.null_count(), 1u);
  EXPECT_EQ(column.total_bytes(), 4u);
}

TEST(TextColumn, BorrowsInPlace) {
  const std::string text = "borrowed";
  TextColumn column;
  column.push_back(text);
  EXPECT_EQ(column.stored(0).data, text.data());
  EXPECT_EQ(TextReader(column)[0].data(), text.data());
}

TEST(TextColumn, KeepsOwnersAlive) {
  auto owner = std::make_shared<std::string>("kept");
  const std::weak_ptr<std::string> watch = owner;
  {
    TextColumn column;
    column.push_back(*owner);
    column.keep_alive(std::move(owner));
    const TextColumn moved = std::move(column);
    EXPECT_FALSE(watch.expired());
    EXPECT_EQ(TextReader(moved)[0], "kept");
  }
  EXPECT_TRUE(watch.expired());
}

TEST(TextColumn, RequireUtf8NamesTheRowAndByte) {
  TextColumn column;
  column.push_back("fine");
  column.push_null();
  column.push_back("caf\xC3\xA9");
  EXPECT_NO_THROW(column.require_utf8());
  column.push_back("caf\xE9");
  try {
    column.require_utf8();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "texts[3]: not valid UTF-8 at byte 3");
    EXPECT_EQ(error.argument(), "texts");
    EXPECT_EQ(error.row(), 3);
  }
}

template <typename Character>
StoredText stored(const std::vector<Character>& text) {
  const Storage storage = sizeof(Character) == 1   ? Storage::kLatin1
                          : sizeof(Character) == 2 ? Storage::kUcs2
                                                   : Storage::kUcs4;
  return {text.data(), text.size(), storage};
}

std::string utf8_of(const std::vector<char32_t>& code_points) {
  std::string out;
  for (const char32_t c : code_points) utf8::append(out, c);
  return out;
}

class Reading : public OnEveryCpu {
 protected:
  // At the end of its memory, so that a sanitizer sees a read beyond it.
  template <typename Character>
  static void expect_reads(const std::vector<char32_t>& code_points) {
    const std::vector<Character> text(code_points.begin(), code_points.end());
    TextColumn column;
    column.push_back(stored(text));
    TextReader reader(column);
    const std::string expected = utf8_of(code_points);
    ASSERT_EQ(reader[0], expected);
    ASSERT_EQ(column.utf8_bytes(0), expected.size());
    ASSERT_EQ(column.stored_bytes(0), text.size() * sizeof(Character));
  }
};

INSTANTIATE_TEST_SUITE_P(Paths, Reading, ::testing::ValuesIn(available_cpu_paths()), cpu_name);

TEST_P(Reading, OneCharacterAtEveryPlace) {
  for (std::size_t length = 1; length <= 140; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      std::vector<char32_t> text(length, U'a');
      for (const char32_t c : {0x7F, 0x80, 0xFF}) {
        text[place] = c;
        expect_reads<std::uint8_t>(text);
        expect_reads<std::uint16_t>(text);
        expect_reads<std::uint32_t>(text);
      }
      for (const char32_t c : {0x100, 0x7FF, 0x800, 0x2019, 0x8000, 0xFF00, 0xFFFF}) {
        text[place] = c;
        expect_reads<std::uint16_t>(text);
        expect_reads<std::uint32_t>(text);
      }
      for (const char32_t c : {0x10000, 0x1F4F0, 0x10FFFF}) {
        text[place] = c;
        expect_reads<std::uint32_t>(text);
      }
    }
  }
}

TEST_P(Reading, EveryScalarValue) {
  std::vector<char32_t> text;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c == 0x100) expect_reads<std::uint8_t>(text);
    if (c == 0x10000) expect_reads<std::uint16_t>(text);
    text.push_back(c);
  }
  expect_reads<std::uint32_t>(text);
}

TEST_P(Reading, RandomMixtures) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::vector<char32_t> text(random() % 300);
    const auto rare = 1 + random() % 30;
    const char32_t widest = round % 3 == 0 ? 0xFF : round % 3 == 1 ? 0xD7FF : 0x10FFFF;
    for (char32_t& c : text) {
      c = static_cast<char32_t>(random() % rare != 0 ? 'a' + random() % 26
                                                     : random() % (widest + 1));
      if (c >= 0xD800 && c <= 0xDFFF) c = U' ';
    }
    if (widest == 0xFF) expect_reads<std::uint8_t>(text);
    if (widest <= 0xFFFF) expect_reads<std::uint16_t>(text);
    expect_reads<std::uint32_t>(text);
  }
}

TEST_P(Reading, MixedStorageInOneColumn) {
  const std::vector<std::uint8_t> latin1{'c', 'a', 'f', 0xE9};
  const std::vector<std::uint16_t> ucs2{0x2019, 's'};
  const std::vector<std::uint32_t> ucs4{0x1F4F0};
  TextColumn column;
  column.push_back("plain");
  EXPECT_TRUE(column.canonical());
  column.push_back(stored(latin1));
  EXPECT_FALSE(column.canonical());
  column.push_null();
  column.push_back(stored(ucs2));
  column.push_back(stored(ucs4));
  column.push_back(StoredText(nullptr, 0, Storage::kUcs2));  // empty, not null
  TextReader reader(column);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(reader[0], "plain");
    EXPECT_EQ(reader[1], "caf\xC3\xA9");
    EXPECT_EQ(reader[2], "");
    EXPECT_EQ(reader[3], "\xE2\x80\x99s");
    EXPECT_EQ(reader[4], "\xF0\x9F\x93\xB0");
    EXPECT_EQ(reader[5], "");
  }
  EXPECT_TRUE(column.is_null(2));
  EXPECT_FALSE(column.is_null(5));
  EXPECT_EQ(column.total_bytes(), 5u + 4 + 2 * 2 + 4);
  TextReader copy(reader);
  EXPECT_EQ(copy[3], reader[3]);
  EXPECT_NE(copy[3].data(), reader[3].data());
}

// The reader met the second one, the message names the first.
TEST_P(Reading, SurrogatesNameTheFirstRow) {
  for (const unsigned bad : {0xD800u, 0xDBFFu, 0xDC00u, 0xDFFFu}) {
    for (const std::size_t place : {0, 1, 15, 40, 99}) {
      std::vector<std::uint16_t> narrow(100, 'x');
      narrow[place] = static_cast<std::uint16_t>(bad);
      const std::vector<std::uint32_t> wide(narrow.begin(), narrow.end());
      TextColumn column("against");
      column.push_back("fine");
      column.push_back(stored(wide));
      column.push_back(stored(narrow));
      TextReader reader(column);
      EXPECT_EQ(reader[0], "fine");
      try {
        reader[2];
        FAIL() << place;
      } catch (const InputError& error) {
        char expected[64];
        std::snprintf(expected, sizeof expected,
                      "against[1]: lone surrogate U+%04X at position %zu;", bad, place);
        EXPECT_TRUE(std::string_view(error.what()).starts_with(expected)) << error.what();
        EXPECT_EQ(error.argument(), "against");
        EXPECT_EQ(error.row(), 1);
      }
      EXPECT_THROW(reader[1], InputError);
    }
  }
  // No surrogates, though their low bits look like it.
  const std::vector<std::uint32_t> text{0x1D800, 0xD7FF, 0xE000};
  TextColumn column;
  column.push_back(stored(text));
  EXPECT_EQ(TextReader(column)[0].size(), 10u);
}

}  // namespace
}  // namespace wirecopy
