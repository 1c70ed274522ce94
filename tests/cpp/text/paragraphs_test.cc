#include "wirecopy/text/paragraphs.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

std::vector<std::string> split(std::string_view text) {
  TextColumn texts;
  texts.push_back(text);
  const Paragraphs found = split_paragraphs(texts, wirecopy::Run{});
  TextReader reader(found.texts);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < found.texts.size(); ++i) out.emplace_back(reader[i]);
  return out;
}

using List = std::vector<std::string>;

TEST(Paragraphs, AtBlankLinesWhereThereAreSome) {
  EXPECT_EQ(split("One.\nStill one.\n\nTwo."), (List{"One.\nStill one.", "Two."}));
  EXPECT_EQ(split("One.\r\nStill one.\r\n \t\r\nTwo.\r\n"), (List{"One.\r\nStill one.", "Two."}));
  EXPECT_EQ(split("One.\n\n\n\nTwo.\n\x0BStill two?"), (List{"One.", "Two.", "Still two?"}));
}

TEST(Paragraphs, AtEveryLineBreakWhereThereAreNone) {
  EXPECT_EQ(split("One.\nTwo.\r\nThree.\rFour."), (List{"One.", "Two.", "Three.", "Four."}));
  EXPECT_EQ(split("One.\xE2\x80\xA8Two.\xE2\x80\xA9Three.\xC2\x85"
                  "Four.\x0C"
                  "Five."),
            (List{"One.", "Two.", "Three.", "Four.", "Five."}));
}

TEST(Paragraphs, WhiteSpaceAtTheEndsChangesNothing) {
  EXPECT_EQ(split("\n\n  One.\n\tTwo. \n\n \xC2\xA0\n"), (List{"One.", "Two."}));
  EXPECT_EQ(split(" \n\n\r\n\xE3\x80\x80"), List{});
  EXPECT_EQ(split(""), List{});
}

TEST(Paragraphs, OffsetsAreCodePointsInEveryStorage) {
  const std::vector<std::uint32_t> ucs4{0x1F4F0, 'a', '\n', '\n', ' ', 0x4E2D, 'b', ' '};
  TextColumn texts;
  texts.push_null();
  texts.push_back(
      "\xF0\x9F\x93\xB0"
      "a\n\n \xE4\xB8\xAD"
      "b ");
  texts.push_back(StoredText(ucs4.data(), ucs4.size(), Storage::kUcs4));
  const Paragraphs found = split_paragraphs(texts, wirecopy::Run{.threads = 2});
  EXPECT_EQ(found.row, (std::vector<std::int64_t>{1, 1, 2, 2}));
  EXPECT_EQ(found.start, (std::vector<std::int64_t>{0, 5, 0, 5}));
  EXPECT_EQ(found.end, (std::vector<std::int64_t>{2, 7, 2, 7}));
  ASSERT_EQ(found.texts.size(), 4u);
  EXPECT_EQ(found.texts.stored(3).data, ucs4.data() + 5);
  EXPECT_EQ(found.texts.stored(3).length, 2u);
  EXPECT_FALSE(found.texts.canonical());
  TextReader reader(found.texts);
  EXPECT_EQ(reader[1],
            "\xE4\xB8\xAD"
            "b");
  EXPECT_EQ(reader[3],
            "\xE4\xB8\xAD"
            "b");
}

TEST(Paragraphs, KeepTheTextsAlive) {
  auto owner = std::make_shared<std::string>("one\n\ntwo");
  const std::weak_ptr<std::string> watch = owner;
  Paragraphs found;
  {
    TextColumn texts;
    texts.push_back(*owner);
    texts.keep_alive(std::move(owner));
    found = split_paragraphs(texts, wirecopy::Run{});
  }
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(TextReader(found.texts)[1], "two");
  found = {};
  EXPECT_TRUE(watch.expired());
}

TEST(Paragraphs, SurrogatesNameTheText) {
  const std::vector<std::uint16_t> bad{'a', '\n', '\n', 0xD800};
  TextColumn texts("against");
  texts.push_back("fine");
  texts.push_back(StoredText(bad.data(), bad.size(), Storage::kUcs2));
  try {
    split_paragraphs(texts, wirecopy::Run{});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_TRUE(std::string_view(error.what())
                    .starts_with("against[1]: lone surrogate U+D800 at position 3;"))
        << error.what();
  }
}

}  // namespace
}  // namespace wirecopy
