#include "wirecopy/text/words.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "every_cpu.h"

namespace wirecopy {
namespace {

std::vector<std::string> words(std::string_view text, WordRule rule = WordRule::kMatch) {
  WordScanner scanner(rule);
  scanner.scan(text);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < scanner.size(); ++i) out.emplace_back(scanner[i]);
  return out;
}

using List = std::vector<std::string>;

class EveryCpu : public OnEveryCpu {};

INSTANTIATE_TEST_SUITE_P(Words, EveryCpu, testing::ValuesIn(available_cpu_paths()), cpu_name);

TEST_P(EveryCpu, AsciiOfEveryLengthAroundABlock) {
  // A word that starts before each block boundary and ends after it, and texts that end inside one.
  for (std::size_t length = 0; length < 200; ++length) {
    std::string text;
    List expected;
    while (text.size() < length) {
      text += "Ab9 ";
      expected.push_back("ab9");
    }
    text.resize(length);
    if (length % 4 != 0) expected.back().resize(std::min<std::size_t>(length % 4, 3));
    EXPECT_EQ(words(text), expected) << length;
  }
}

TEST_P(EveryCpu, EveryAsciiCharacter) {
  for (int c = 0; c < 128; ++c) {
    const std::string text = std::string("x") + static_cast<char>(c) + "y";
    const bool upper = c >= 'A' && c <= 'Z';
    const bool word = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const char lower = static_cast<char>(upper ? c + 32 : c);
    EXPECT_EQ(words(text), word ? List{std::string("x") + lower + "y"} : (List{"x", "y"})) << c;
  }
}

TEST_P(EveryCpu, SpellingsOfArabicAreOneForComparing) {
  const std::string house = "أَحْمَد إلى المدينــة ٢٠٢٤ أيضًا";
  for (std::size_t before = 0; before < 70; ++before) {
    const std::string pad(before, '-');
    EXPECT_EQ(words(pad + house), (List{"احمد", "الي", "المدينه", "2024", "ايضا"})) << before;
  }
  EXPECT_EQ(words("علی کتاب"), (List{"علي", "كتاب"}));  // letters of a Persian keyboard
  EXPECT_EQ(words("ـ \u064B x\u064B"), (List{"x"}));    // marks alone are no word
  EXPECT_EQ(words(house, WordRule::kCount).front(), "أَحْمَد");
}

TEST_P(EveryCpu, NonAsciiAtEveryPlaceInABlock) {
  for (std::size_t before = 0; before < 130; ++before) {
    const std::string pad(before, '-');
    EXPECT_EQ(words(pad + "ÉCOLE d’été"), (List{"école", "d", "été"})) << before;
    EXPECT_EQ(words(pad + "e\u0301te\u0301"), (List{"été"})) << before;
    EXPECT_EQ(words(pad + "日本x語"), (List{"日", "本", "x", "語"})) << before;
  }
}

TEST(Words, SourceSpansPointIntoTheOriginal) {
  const std::string text = "“École” ﬁne — re\u00ADport ½";
  WordScanner scanner;
  scanner.scan(text);
  std::vector<std::string> sources;
  for (std::size_t i = 0; i < scanner.size(); ++i) {
    const Span32 s = scanner.source(i);
    sources.push_back(text.substr(s.begin, s.size()));
  }
  EXPECT_EQ(sources, (List{"École", "ﬁne", "re\u00ADport", "½", "½"}));
  EXPECT_EQ(words(text), (List{"école", "fine", "report", "1", "2"}));
}

TEST(Words, MalformedBytesSeparate) {
  EXPECT_EQ(words("ab\xFF"
                  "cd \xE2\x80 ef \xC3"),
            (List{"ab", "cd", "ef"}));
  EXPECT_EQ(words("\xED\xA0\x80"), List{});  // a surrogate
  EXPECT_EQ(words("x\xF4\x90\x80\x80y"), (List{"x", "y"}));
}

TEST(Words, CountingJoins) {
  const auto count = [](std::string_view text) { return words(text, WordRule::kCount); };
  EXPECT_EQ(count("Don't, don’t 'quoted' O’Brien's"),
            (List{"don't", "don't", "quoted", "o'brien's"}));
  EXPECT_EQ(count("the U.S. and the U.S.A."), (List{"the", "u.s", "and", "the", "u.s.a"}));
  EXPECT_EQ(count("3.5 or 1,000,000."), (List{"3.5", "or", "1,000,000"}));
  EXPECT_EQ(count("said.The end,then"), (List{"said", "the", "end", "then"}));
  EXPECT_EQ(count("L’été d’une"), (List{"l'été", "d'une"}));
  EXPECT_EQ(count("well-known"), (List{"well", "known"}));
}

TEST(Words, ScannerForgetsTheLastText) {
  WordScanner scanner;
  scanner.scan("日本 ﬁve e\u0301");
  scanner.scan("plain words");
  ASSERT_EQ(scanner.size(), 2u);
  EXPECT_EQ(scanner[1], "words");
  EXPECT_EQ(scanner.source(1).begin, 6u);
  scanner.scan("");
  EXPECT_EQ(scanner.size(), 0u);
}

TEST(Fold, KnownCases) {
  EXPECT_EQ(nfkc_casefold("Straße ＡＢＣ ﬃ"), "strasse abc ffi");
  EXPECT_EQ(nfkc_casefold("\u1112\u1161\u11AB"), "\uD55C");   // jamo to a syllable
  EXPECT_EQ(nfkc_casefold("a\u0301\u0323"), "\u1EA1\u0301");  // reordered, then composed
  EXPECT_EQ(nfkc_casefold("zero\u200Bwidth\uFEFF"), "zerowidth");
  EXPECT_EQ(nfkc_casefold("\u0130"), "i\u0307");
}

}  // namespace
}  // namespace wirecopy
