#include "wirecopy/match/text_words.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace wirecopy {
namespace {

// Words whose hashes are so poor that different words share one.
struct Made {
  std::string bytes;
  std::vector<std::uint64_t> marks;

  explicit Made(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      bytes += word;
      marks.push_back(std::uint64_t{static_cast<std::uint8_t>(word[0])} << 32 | bytes.size());
    }
  }
  TextWords words() const { return {bytes.data(), marks}; }
};

std::vector<std::string> some_words(std::mt19937& random, std::size_t count) {
  const std::vector<std::string> all = {"a", "ab", "ac", "b", "bb", "abc", "a"};
  const std::size_t kinds = 1 + random() % all.size();
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) {
    words.push_back(all[random() % 8 == 0 ? random() % kinds : kinds - 1]);
  }
  return words;
}

TEST(TextWords, RunsOfEqualWordsAreThoseOfTheirBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> x = some_words(random, 1 + random() % 60);
    std::vector<std::string> y = random() % 2 == 0 ? x : some_words(random, 1 + random() % 60);
    if (random() % 2 == 0) y[random() % y.size()] = "ac";
    if (random() % 4 == 0) y.insert(y.begin(), "abc");
    const Made made_x(x);
    const Made made_y(y);
    const auto i = static_cast<std::uint32_t>(random() % (x.size() + 1));
    const auto j = static_cast<std::uint32_t>(random() % (y.size() + 1));
    std::uint32_t from = 0;
    while (i + from < x.size() && j + from < y.size() && x[i + from] == y[j + from]) ++from;
    std::uint32_t before = 0;
    while (before < i && before < j && x[i - 1 - before] == y[j - 1 - before]) ++before;
    ASSERT_EQ(equal_words_from(made_x.words(), i, made_y.words(), j), from) << round;
    ASSERT_EQ(equal_words_before(made_x.words(), i, made_y.words(), j), before) << round;
  }
}

TEST(TextWords, AreKeptForTheTextsThatAreWanted) {
  TextColumn texts;
  texts.push_back("A short text: five words.");
  texts.push_back("Not wanted");
  texts.push_back("one-word-longer-than-sixteen-bytes: donaudampfschifffahrtsgesellschaft, end");
  const std::vector<DocId> wanted = {0, 2};
  const WordStore store(texts, wanted, wirecopy::Run{});
  EXPECT_EQ(store[1].size(), 0u);
  std::vector<std::string> words;
  for (const DocId text : wanted) {
    for (std::uint32_t i = 0; i < store[text].size(); ++i) words.emplace_back(store[text][i]);
  }
  EXPECT_EQ(words, (std::vector<std::string>{"a", "short", "text", "five", "words", "one", "word",
                                             "longer", "than", "sixteen", "bytes",
                                             "donaudampfschifffahrtsgesellschaft", "end"}));
  store.fetch(1);
  store.fetch_word(1, 0);  // nothing to fetch
  store.fetch_bytes(1, 0);
}

}  // namespace
}  // namespace wirecopy
