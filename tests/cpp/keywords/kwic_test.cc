#include "wirecopy/keywords/kwic.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/keyphrases.h"
#include "wirecopy/keywords/text_probe.h"
#include "wirecopy/keywords/word_pattern.h"

namespace wirecopy {
namespace {

bool glob_matches(const std::string& pattern, const std::string& word) {
  return parse_word_pattern(pattern, 0, {}).words.front().matches(word);
}

TEST(WordPattern, WildcardsStandForCharacters) {
  EXPECT_TRUE(glob_matches("minist*", "minister"));
  EXPECT_TRUE(glob_matches("minist*", "minist"));
  EXPECT_FALSE(glob_matches("minist*", "administer"));
  EXPECT_TRUE(glob_matches("colo?r", "colo\xC3\xBCr"));  // one character, two bytes
  EXPECT_FALSE(glob_matches("colo?r", "color"));
  EXPECT_TRUE(glob_matches("*ab*?", "xabab"));
  EXPECT_FALSE(glob_matches("*ab?", "xab"));
  EXPECT_FALSE(glob_matches("a*a", "a"));  // the two letters are two places
}

TEST(WordPattern, IsCutAsTextsAre) {
  EXPECT_EQ(parse_word_pattern("Post-War U.S.", 0, {}).words.size(), 3);
  EXPECT_EQ(parse_word_pattern("don\xE2\x80\x99t", 0, {}).words.front().pattern(), "don't");
  EXPECT_EQ(parse_word_pattern("* Minister", 0, {.case_matters = true}).words.back().pattern(),
            "Minister");
  EXPECT_EQ(parse_word_pattern("Caf\xC3\xA9", 0, {.accents_matter = false}).words.front().pattern(),
            "cafe");
  EXPECT_THROW(parse_word_pattern("!", 3, {}), InputError);
}

// A text as each storage has it.
bool may_hold(const std::string& pattern, const std::u32string& text) {
  const WordPattern parsed = parse_word_pattern(pattern, 0, {});
  const TextProbe probe = TextProbe::of(parsed).value();
  const std::vector<std::uint32_t> wide(text.begin(), text.end());
  const std::vector<std::uint16_t> narrow(text.begin(), text.end());
  const StoredText ucs4(wide.data(), wide.size(), Storage::kUcs4);
  const StoredText ucs2(narrow.data(), narrow.size(), Storage::kUcs2);
  TextColumn column;
  column.push_back(ucs4);
  TextReader reader(column);
  const std::string utf8(reader[0]);
  const bool found = probe.may_be_in(StoredText(utf8.data(), utf8.size(), Storage::kUtf8));
  EXPECT_EQ(probe.may_be_in(ucs4), found);
  EXPECT_EQ(probe.may_be_in(ucs2), found);
  return found;
}

TEST(TextProbe, FindsAnyCaseAtAnyPlace) {
  for (std::size_t before = 0; before < 200; ++before) {
    const std::u32string gap(before, U'.');
    EXPECT_TRUE(may_hold("minister", gap + U"MiniSTER")) << before;
    EXPECT_TRUE(may_hold("\xD0\xBC\xD0\xB8\xD1\x80*", gap + U"МИР" + gap)) << before;
    EXPECT_FALSE(may_hold("minister", gap + U"MiniSTE.r" + gap)) << before;
  }
}

TEST(TextProbe, KnowsWhatHidesLetters) {
  const auto hides = [](const std::string& text, bool accents = true) {
    return hides_letters(StoredText(text.data(), text.size(), Storage::kUtf8), accents);
  };
  EXPECT_FALSE(hides("plain \xE2\x80\x9Cquoted\xE2\x80\x9D caf\xC3\xA9"));
  EXPECT_TRUE(hides("plain \xE2\x80\x9Cquoted\xE2\x80\x9D caf\xC3\xA9", false));
  EXPECT_TRUE(hides("e\xCC\x81"));                               // a combining accent
  EXPECT_TRUE(hides(std::string(100, 'x') + "\xEF\xAC\x81sh"));  // a ligature
  EXPECT_TRUE(
      hides("so\xC2\xAD"
            "ft"));  // a soft hyphen
}

TEST(Kwic, FindsOverlapsAndBoundsContexts) {
  TextColumn texts;
  texts.push_back(
      "No no no. \xC2\xAB"
      "No\xC2\xBB, said he.");
  texts.push_null();
  KwicOptions options{.patterns = {"no no", "*"}, .left = 1, .right = 1};
  options.patterns.pop_back();
  EXPECT_EQ(find_in_context(texts, options, {}).size(), 3);
  options.within = Within::kSentence;
  const std::vector<KwicHit> hits = find_in_context(texts, options, {});
  ASSERT_EQ(hits.size(), 2);
  const Table table = kwic_table(texts, hits, {});
  EXPECT_EQ(std::get<Strings>(table.columns[3].values)[1], "No");
  EXPECT_EQ(std::get<Strings>(table.columns[4].values)[1], "no no");
  EXPECT_EQ(std::get<Strings>(table.columns[5].values)[1], ".");
  options.patterns = {"said"};
  const std::vector<KwicHit> said = find_in_context(texts, options, {});
  ASSERT_EQ(said.size(), 1);
  EXPECT_EQ(said[0].start_chars, 16);  // the quotes are two bytes each
  EXPECT_EQ(said[0].begin, 18);
}

TEST(Kwic, ThreadsDoNotMatter) {
  std::vector<std::string> owned;
  for (int i = 0; i < 1000; ++i) owned.push_back("a word, word " + std::to_string(i));
  TextColumn texts;
  for (const std::string& text : owned) texts.push_back(text);
  for (const std::size_t limit : {SIZE_MAX, std::size_t{777}}) {
    const KwicOptions options{.patterns = {"word", "w* *"}, .limit = limit};
    const std::vector<KwicHit> one = find_in_context(texts, options, {.threads = 1});
    const std::vector<KwicHit> four = find_in_context(texts, options, {.threads = 4});
    ASSERT_EQ(one.size(), four.size());
    EXPECT_EQ(one.size(), std::min<std::size_t>(limit, 4000));
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].row, four[i].row);
      EXPECT_EQ(one[i].begin, four[i].begin);
      EXPECT_EQ(one[i].pattern, four[i].pattern);
    }
  }
}

TEST(Keyphrases, RakeScoresAreThoseOfItsPaper) {
  // Degree over frequency: "linear" is in candidates of 2 and 3 words, "systems" of 2.
  TextColumn texts;
  texts.push_back("linear systems, linear diophantine equations.");
  const KeyphraseOptions options{.method = KeyphraseMethod::kRake, .max_similarity = 2};
  const Table table = keyphrases(texts, options, {});
  const auto& phrases = std::get<Strings>(table.columns[1].values);
  const auto& scores = std::get<std::vector<double>>(table.columns[2].values);
  ASSERT_EQ(phrases.size(), 2);
  EXPECT_EQ(phrases[0], "linear diophantine equations");
  EXPECT_DOUBLE_EQ(scores[0], 2.5 + 3 + 3);
  EXPECT_DOUBLE_EQ(scores[1], 2.5 + 2);
}

}  // namespace
}  // namespace wirecopy
