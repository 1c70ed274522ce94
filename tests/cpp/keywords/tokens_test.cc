#include "wirecopy/keywords/tokens.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace wirecopy {
namespace {

std::vector<std::string> words(const Tokens& tokens) {
  std::vector<std::string> words;
  for (const std::uint32_t id : tokens.ids) words.emplace_back(tokens.vocabulary[id]);
  return words;
}

using Words = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;
using Places = std::vector<std::uint64_t>;

TEST(Tokenize, NumbersWordsByFrequencyAndBytes) {
  TextColumn texts;
  texts.push_back("b a b C");
  texts.push_null();
  texts.push_back("c D");
  const Tokens tokens = tokenize(texts, {}, wirecopy::Run{});
  EXPECT_EQ(tokens.ids, (Ids{0, 2, 0, 1, 1, 3}));
  EXPECT_EQ(words(tokens), (Words{"b", "a", "b", "c", "c", "d"}));
  EXPECT_EQ(tokens.starts, (Places{0, 4, 4, 6}));
  EXPECT_EQ(tokens.nulls, (std::vector<std::uint8_t>{0, 1, 0}));
  EXPECT_EQ(tokens.frequency, (Ids{2, 2, 1, 1}));
  EXPECT_EQ(tokens.documents, (Ids{1, 2, 1, 1}));
  EXPECT_EQ(tokens.text(2).size(), 2u);
}

TEST(Tokenize, MarksSentencesWithOrWithoutIds) {
  TextColumn texts;
  texts.push_back("One two. Three! ... Four");
  texts.push_back("five");
  for (const bool ids : {true, false}) {
    const Tokens tokens =
        tokenize(texts, {.ids = ids, .sentences = true, .sources = true}, wirecopy::Run{});
    EXPECT_EQ(tokens.sentences, (Places{0, 2, 3, 4}));
    EXPECT_EQ(tokens.ids.size(), ids ? 5u : 0u);
    EXPECT_EQ(tokens.size(), 5u);
    ASSERT_EQ(tokens.sources.size(), 5u);
    EXPECT_EQ(tokens.sources[2].begin, 9u);
    EXPECT_EQ(tokens.sources[2].end, 14u);
  }
}

TEST(TokensBuilder, TakesWordsAsTheyAre) {
  TokensBuilder builder({.sentences = true});
  builder.begin_text();
  builder.add("B");
  builder.begin_sentence();
  builder.add(std::string(200, 'x'));
  builder.begin_text(true);
  builder.begin_text();
  builder.add(std::string_view("b\0", 2));
  builder.add("b");
  const Tokens tokens = builder.finish(wirecopy::Run{});
  EXPECT_EQ(words(tokens), (Words{"B", std::string(200, 'x'), std::string("b\0", 2), "b"}));
  EXPECT_EQ(tokens.sentences, (Places{0, 1, 2}));
  EXPECT_EQ(tokens.starts, (Places{0, 2, 2, 4}));
}

TEST(WordTable, TellsWordsApartWhileItGrows) {
  WordTable table;
  std::vector<std::string> words;
  for (int i = 0; i < 20000; ++i) {
    words.push_back(std::string(static_cast<std::size_t>(i % 23), 'w') + std::to_string(i));
  }
  for (std::uint32_t round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      ASSERT_EQ(table.add(WordTable::key(words[i]), words[i], round), i);
    }
  }
  EXPECT_EQ(table.size(), words.size());
  std::size_t seen = 0;
  table.for_each([&](std::uint32_t number, std::string_view word, const WordTable::Key&,
                     const WordTable::Tally& tally) {
    EXPECT_EQ(word, words[number]);
    EXPECT_EQ(tally.frequency, 2u);
    EXPECT_EQ(tally.documents, 2u);
    ++seen;
  });
  EXPECT_EQ(seen, words.size());
}

}  // namespace
}  // namespace wirecopy
