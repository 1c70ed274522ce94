#include "wirecopy/match/passages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/match/chain.h"
#include "wirecopy/match/close_words.h"
#include "wirecopy/match/seeds.h"
#include "wirecopy/match/text_words.h"

namespace wirecopy {

bool operator==(const Passage& x, const Passage& y) {
  const auto all = [](const Passage& p) {
    return std::tuple(p.a, p.b, p.a_begin, p.a_end, p.b_begin, p.b_end, p.words, p.close);
  };
  return all(x) == all(y);
}

namespace {

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += word + ' ';
  return text;
}

Words numbered(const std::string& prefix, int count) {
  Words words;
  for (int i = 0; i < count; ++i) words.push_back(prefix + std::to_string(i));
  return words;
}

Words operator+(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// Texts that repeat one another's stretches and their own.
std::vector<std::string> patchwork(std::mt19937& random, std::size_t count) {
  const auto vocabulary = 2 + random() % 60;
  std::vector<Words> stretches(4);
  for (Words& stretch : stretches) {
    for (std::size_t i = 4 + random() % 30; i > 0; --i) {
      stretch.push_back("w" + std::to_string(random() % vocabulary));
    }
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    Words words;
    for (std::size_t j = random() % 6; j > 0; --j) {
      if (random() % 3 == 0) {
        words.push_back("w" + std::to_string(random() % vocabulary));
      } else {
        words = words + stretches[random() % stretches.size()];
      }
    }
    texts.push_back(joined(words));
  }
  return texts;
}

TextColumn column_of(const std::vector<std::string>& texts) {
  TextColumn column;
  for (const std::string& text : texts) column.push_back(text);
  return column;
}

struct Kept {
  explicit Kept(const std::vector<std::string>& texts)
      : column(column_of(texts)), rows(texts.size()), words(column, all(), wirecopy::Run{}) {}
  std::span<const DocId> all() {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<DocId>(i);
    return rows;
  }
  TextColumn column;
  std::vector<DocId> rows;
  WordStore words;
};

TEST(Misread, StretchesDifferInFewLetters) {
  EXPECT_TRUE(misread("harbourbridge", "harhourbridqe"));
  EXPECT_TRUE(misread("日", "曰"));
  EXPECT_FALSE(misread("cloudy", "sunny"));
  EXPECT_FALSE(misread("1995", "1996"));
  EXPECT_FALSE(misread("\u0661\u0662", "\u0661\u0663"));  // Arabic digits
  EXPECT_TRUE(misread("room12", "ro0m12") == false);      // other digits
  EXPECT_TRUE(misread(std::string(128, 'x'), std::string(127, 'x') + "y"));
  EXPECT_FALSE(misread(std::string(129, 'x'), std::string(128, 'x') + "y"));
}

TEST(CloseWords, FiguresOfAnyScriptAreNeverClose) {
  EXPECT_FALSE(close_words("12345", "12346"));
  EXPECT_FALSE(close_words("\u0661\u0662\u0663\u0664", "\u0661\u0662\u0663\u0665"));
  EXPECT_FALSE(close_words("\u0967\u0968\u0969\u096A", "\u0967\u0968\u0969\u096B"));  // Devanagari
}

TEST(CloseWords, AreWithinAFewEdits) {
  EXPECT_TRUE(close_words("parliament", "parl1ament"));
  EXPECT_TRUE(close_words("parliament", "pariiamcnt"));
  EXPECT_TRUE(close_words("house", "housc"));
  EXPECT_TRUE(close_words("żółwia", "zolwia") == false);  // three letters of six
  EXPECT_TRUE(close_words("żółwia", "żołwia"));
  EXPECT_FALSE(close_words("to", "of"));
  EXPECT_FALSE(close_words("house", "mouth"));
  EXPECT_FALSE(close_words("1914", "1915"));  // another figure is another fact
  EXPECT_FALSE(close_words(std::string(49, 'x'), std::string(48, 'x')));
}

TEST(CloseWords, EqualTheDefinition) {
  std::mt19937 random(1);
  const auto distance = [](const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t diagonal = row[0]++;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t above = row[j];
        row[j] = std::min({diagonal + (a[i - 1] != b[j - 1]), above + 1, row[j - 1] + 1});
        diagonal = above;
      }
    }
    return row.back();
  };
  int close = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string a;
    for (std::size_t i = 1 + random() % 14; i > 0; --i) a += static_cast<char>('a' + random() % 4);
    std::string b = a;
    for (std::size_t i = random() % 5; i > 0; --i) {
      const std::size_t at = random() % (b.size() + 1);
      if (random() % 2 == 0)
        b.insert(at, 1, static_cast<char>('a' + random() % 30));
      else if (at < b.size())
        b.erase(at, 1);
    }
    if (a == b) continue;
    const auto edits = static_cast<std::size_t>(close_edits(std::max(a.size(), b.size())));
    const bool expected = edits > 0 && distance(a, b) <= edits;
    ASSERT_EQ(close_words(a, b), expected) << a << ' ' << b;
    ASSERT_EQ(close_words(b, a), expected) << b << ' ' << a;
    close += expected;
  }
  EXPECT_GT(close, 1000);
}

TEST(Chainer, GoesThroughEditsAndMisreadWords) {
  Words other = numbered("word", 40);
  other[10] = "changed";
  other.erase(other.begin() + 20);
  other[30] = "wordx31";  // index 31 before the erasure; both hold digits, so that it is no reading
  Kept kept({joined(numbered("word", 40)), joined(numbered("x", 5) + other + numbered("y", 7))});
  Chainer chainer({.min_words = 10, .max_gap = 5, .max_shift = 5, .trusted_gap = 5});
  std::vector<Seed> seeds = {{2, 7}, {14, 19}, {36, 40}, {22, 26}};
  const auto found = chainer.chain(kept.words[0], kept.words[1], seeds);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].a_begin, 0u);
  EXPECT_EQ(found[0].a_end, 40u);
  EXPECT_EQ(found[0].b_begin, 5u);
  EXPECT_EQ(found[0].b_end, 44u);
  EXPECT_EQ(found[0].words, 37u);
  EXPECT_EQ(found[0].close, 0u);
  EXPECT_EQ(chainer.matched_words(), 37u);
}

TEST(Chainer, KeepsMovedPassagesApart) {
  const Words first = numbered("one", 20);
  const Words second = numbered("two", 20);
  Kept kept({joined(first + second), joined(second + first)});
  Chainer chainer({.min_words = 10, .max_gap = 10, .max_shift = 10});
  std::vector<Seed> seeds = {{5, 25}, {30, 10}, {31, 11}};
  const auto found = chainer.chain(kept.words[0], kept.words[1], seeds);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].b_begin, 20u);
  EXPECT_EQ(found[1].a_begin, 20u);
  EXPECT_EQ(chainer.matched_words(), 40u);
}

TEST(Chainer, DoesNotBelieveASeedThatIsNone) {
  Kept kept({joined(numbered("one", 20)), joined(numbered("two", 20))});
  Chainer chainer({.min_words = 2});
  std::vector<Seed> seeds = {{5, 5}, {19, 0}};
  EXPECT_TRUE(chainer.chain(kept.words[0], kept.words[1], seeds).empty());
  EXPECT_EQ(chainer.matched_words(), 0u);
}

TEST(SeedIndex, KeepsWhatStandsInSeveralTextsAndNotInTooMany) {
  const Words shared = numbered("shared", 12);
  std::vector<std::string> texts = {joined(shared), joined(numbered("a", 9) + shared),
                                    joined(numbered("b", 30)), "", joined(numbered("c", 2))};
  const TextColumn column = column_of(texts);
  const std::vector<DocId> rows = {0, 1, 2, 3, 4};
  std::vector<std::uint32_t> words(5);
  const SeedIndex index(column, rows, FingerprintRule::seeing(8), 10, 0, words, wirecopy::Run{});
  EXPECT_EQ(words, (std::vector<std::uint32_t>{12, 21, 30, 0, 2}));
  ASSERT_GT(index.size(), 0u);
  for (const SeedPlace& own : index.of(0)) {
    const auto places = index.places(own.seed);
    ASSERT_EQ(places.size(), 2u);
    EXPECT_EQ(places[1].text, 1u);
    EXPECT_EQ(places[1].word, own.word + 9);
  }
  EXPECT_TRUE(index.of(2).empty());
  for (int i = 0; i < 8; ++i)
    texts.push_back(joined(shared + numbered("d" + std::to_string(i), 20)));
  std::vector<DocId> more(texts.size());
  for (std::size_t i = 0; i < more.size(); ++i) more[i] = static_cast<DocId>(i);
  words.resize(more.size());
  const TextColumn longer = column_of(texts);
  const SeedIndex capped(longer, more, FingerprintRule::seeing(8), 9, 0, words, wirecopy::Run{});
  EXPECT_GT(capped.skipped(), 0u);
}

TEST(Passages, SameForAnyNumberOfThreads) {
  std::mt19937 random(2);
  for (int round = 0; round < 100; ++round) {
    const auto texts = patchwork(random, 30);
    const TextColumn column = column_of(texts);
    const PassageOptions options{.min_words = 5, .max_df = 20, .max_gap = round % 3u * 4u};
    const Passages one = find_passages(column, options, wirecopy::Run{.threads = 1});
    const Matches matches = find_passage_matches(column, {}, wirecopy::Run{.threads = 1});
    for (const int threads : {2, 3}) {
      const Passages found = find_passages(column, options, wirecopy::Run{.threads = threads});
      ASSERT_TRUE(std::ranges::equal(found.list, one.list));
      ASSERT_EQ(found.copy, one.copy);
      const Matches again = find_passage_matches(column, {}, wirecopy::Run{.threads = threads});
      ASSERT_TRUE(std::ranges::equal(again.pairs, matches.pairs));
    }
  }
}

TEST(Passages, OnlyAcrossCollections) {
  std::mt19937 random(3);
  std::size_t across = 0;
  for (int round = 0; round < 50; ++round) {
    const auto texts = patchwork(random, 20);
    const TextColumn column = column_of(texts);
    for (const Passage& passage :
         find_passages(column, {.min_words = 4, .split = 8}, wirecopy::Run{}).list) {
      ASSERT_LT(passage.a, 8u);
      ASSERT_GE(passage.b, 8u);
      ++across;
    }
  }
  EXPECT_GT(across, 100u);
}

TEST(Passages, CoverageOfATextAndOfItsCopy) {
  const Words shared = numbered("shared", 10);
  const std::string first = joined(shared + numbered("a", 30));
  const std::vector<std::string> texts = {first, joined(numbered("b", 10) + shared), first, "",
                                          "x"};
  const TextColumn column = column_of(texts);
  const Passages passages = find_passages(column, {.max_gap = 0}, wirecopy::Run{});
  EXPECT_EQ(passages.list.size(), 1u);
  EXPECT_EQ(passages.copy, (std::vector<DocId>{0, 1, 0, 3, 4}));
  const std::vector<double> coverage = passage_coverage(passages);
  EXPECT_DOUBLE_EQ(coverage[0], 0.25);
  EXPECT_DOUBLE_EQ(coverage[1], 0.5);
  EXPECT_DOUBLE_EQ(coverage[2], 0.25);
  EXPECT_NE(coverage[3], coverage[3]);  // NaN
  EXPECT_EQ(coverage[4], 0);
}

TEST(Passages, BoilerplateInEveryTextIsBoundedWork) {
  std::mt19937 random(4);
  const Words boilerplate = numbered("terms", 100);
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i) {
    Words own;
    for (int j = 0; j < 100; ++j) own.push_back("w" + std::to_string(random() % 1'000'000));
    texts.push_back(joined(i % 2 == 0 ? boilerplate + own : own + boilerplate));
  }
  const TextColumn column = column_of(texts);
  const auto start = std::chrono::steady_clock::now();
  const Passages passages = find_passages(column, {}, wirecopy::Run{});
  const Matches matches = find_passage_matches(column, {}, wirecopy::Run{});
  const auto taken = std::chrono::steady_clock::now() - start;
  EXPECT_GT(passages.skipped, 0u);
  // Where the boilerplate meets other words, seeds are rare again; but few of them are shared.
  EXPECT_LT(passages.list.size(), 20 * texts.size());
  EXPECT_LT(matches.candidates, 20 * texts.size());
  EXPECT_LT(taken, std::chrono::seconds(60));  // seconds, but for sanitizers and busy machines
}

TEST(Passages, BadArgumentsAreNamed) {
  const std::vector<std::string> texts = {"a b"};
  const TextColumn column = column_of(texts);
  const auto argument_of = [&](const PassageOptions& options) -> std::string {
    try {
      find_passages(column, options, wirecopy::Run{});
    } catch (const InputError& error) {
      return error.argument();
    }
    return "";
  };
  EXPECT_EQ(argument_of({.min_words = 1}), "min_words");
  EXPECT_EQ(argument_of({.max_df = 1}), "max_df");
  EXPECT_EQ(argument_of({.max_gap = 1001}), "max_gap");
  EXPECT_EQ(argument_of({.split = 2}), "split");
  EXPECT_EQ(argument_of({}), "");
  EXPECT_THROW(find_passage_matches(column, {.threshold = 0}, wirecopy::Run{}), InputError);
  EXPECT_THROW(find_passage_matches(column, {.threshold = 1.5}, wirecopy::Run{}), InputError);
}

TEST(Passages, StopOnRequest) {
  StopToken stop;
  stop.request();
  const std::vector<std::string> texts = {"a b", "c d"};
  const TextColumn column = column_of(texts);
  EXPECT_THROW(find_passages(column, {}, wirecopy::Run{.stop = &stop}), Stopped);
  EXPECT_THROW(find_passage_matches(column, {}, wirecopy::Run{.stop = &stop}), Stopped);
}

TEST(PassageMatches, FindReprintsThroughScanningErrors) {
  std::mt19937 random(5);
  // Words of six letters on the average, with 8 % of the letters misread in each copy.
  Words vocabulary;
  for (int i = 0; i < 4000; ++i) {
    std::string word;
    for (std::size_t j = 3 + random() % 7; j > 0; --j)
      word += static_cast<char>('a' + random() % 26);
    vocabulary.push_back(word);
  }
  std::vector<std::string> texts;
  constexpr std::size_t kStories = 60;
  for (std::size_t story = 0; story < kStories; ++story) {
    Words words;
    for (int i = 0; i < 300; ++i) words.push_back(vocabulary[random() % vocabulary.size()]);
    for (int copy = 0; copy < 2; ++copy) {
      Words read = words;
      for (std::string& word : read) {
        for (char& letter : word) {
          if (random() % 100 < 8) letter = static_cast<char>('a' + random() % 26);
        }
      }
      if (copy == 1) std::ranges::rotate(read, read.begin() + 120);  // a moved paragraph
      texts.push_back(joined(read));
    }
  }
  const TextColumn column = column_of(texts);
  const Matches matches = find_passage_matches(column, {}, wirecopy::Run{.threads = 2});
  std::size_t right = 0;
  for (const Pair& pair : matches.pairs) {
    right += pair.a / 2 == pair.b / 2;
    EXPECT_EQ(pair.a / 2, pair.b / 2);
  }
  EXPECT_GE(right, kStories * 95 / 100);
}

}  // namespace
}  // namespace wirecopy
