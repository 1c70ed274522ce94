#include "wirecopy/match/dedup.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/match/tables.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {
namespace {

// Texts that are edited copies of one another, of several lengths and alphabets.
std::vector<std::string> make_texts(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  const auto word = [&] {
    static const char* const kSpecial[] = {"été",  "Straße", "“quoted”",
                                           "日本", "don’t",  "re\u00ADport"};
    const auto r = random() % 400;
    return r < 6 ? std::string(kSpecial[r]) : "w" + std::to_string(r);
  };
  std::vector<std::string> texts;
  while (texts.size() < count) {
    std::vector<std::string> words(random() % 60);
    for (auto& w : words) w = word();
    const std::size_t copies = 1 + random() % 6;
    for (std::size_t copy = 0; copy < copies && texts.size() < count; ++copy) {
      std::string text;
      for (const auto& w : words) {
        const auto r = random() % 100;
        if (r < 2 * copy) continue;
        text += (r > 98 ? word() : w) + (r % 7 == 0 ? ", " : " ");
      }
      texts.push_back(text);
    }
  }
  return texts;
}

TextColumn column_of(const std::vector<std::string>& texts) {
  TextColumn column;
  for (const auto& t : texts) column.push_back(t);
  return column;
}

using Key = std::pair<std::int64_t, std::int64_t>;

std::set<Key> brute_force(const std::vector<std::string>& texts, double threshold) {
  std::vector<std::set<std::uint64_t>> sets;
  Shingler shingler(5);
  for (const auto& t : texts) {
    const auto s = shingler.sequence(t);
    sets.emplace_back(s.begin(), s.end());
  }
  std::set<Key> found;
  for (std::size_t a = 0; a < sets.size(); ++a) {
    for (std::size_t b = a + 1; b < sets.size(); ++b) {
      if (sets[a].empty() || sets[b].empty()) continue;
      std::size_t shared = 0;
      for (const auto h : sets[a]) shared += sets[b].count(h);
      const auto all = static_cast<double>(sets[a].size() + sets[b].size() - shared);
      if (static_cast<double>(shared) / all >= threshold) found.emplace(a, b);
    }
  }
  return found;
}

std::set<Key> pairs_of(const Table& table) {
  const auto& a = std::get<std::vector<std::int64_t>>(table.columns[0].values);
  const auto& b = std::get<std::vector<std::int64_t>>(table.columns[1].values);
  std::set<Key> out;
  for (std::size_t i = 0; i < a.size(); ++i) out.emplace(a[i], b[i]);
  EXPECT_EQ(out.size(), a.size());
  return out;
}

Table all_pairs(const Matches& matches, double threshold) {
  std::vector<std::uint32_t> rank(matches.twin.size());
  for (std::size_t i = 0; i < rank.size(); ++i) rank[i] = static_cast<std::uint32_t>(i);
  return pairs_table(matches, make_groups(matches, threshold, rank), threshold);
}

TEST(Dedup, NothingBelowTheThresholdAndNearlyAllAbove) {
  std::size_t wanted = 0;
  std::size_t found = 0;
  double expected_misses = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const auto texts = make_texts(120, seed);
    for (const double threshold : {0.3, 0.5, 0.8, 1.0}) {
      DedupOptions options;
      options.threshold = threshold;
      const Matches matches = find_matches(column_of(texts), options, wirecopy::Run{});
      const auto pairs = pairs_of(all_pairs(matches, threshold));
      const auto truth = brute_force(texts, threshold);
      for (const Key& key : pairs) EXPECT_TRUE(truth.count(key)) << key.first << " " << key.second;
      wanted += truth.size();
      found += pairs.size();
      expected_misses += (1 - matches.candidate_recall) * static_cast<double>(truth.size());
      EXPECT_EQ(count_pairs(matches, threshold), pairs.size());
    }
  }
  ASSERT_GT(wanted, 5000u);
  // The stated recall is for pairs exactly at the threshold: all others are found more often.
  EXPECT_LE(static_cast<double>(wanted - found), expected_misses + 4 * std::sqrt(expected_misses));
}

TEST(Dedup, SameAnswerForEveryNumberOfThreads) {
  const auto texts = make_texts(3000, 9);
  const Matches one = find_matches(column_of(texts), {}, wirecopy::Run{.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const Matches many = find_matches(column_of(texts), {}, wirecopy::Run{.threads = threads});
    EXPECT_EQ(many.pairs, one.pairs);
    EXPECT_EQ(many.twin, one.twin);
    EXPECT_EQ(many.copy, one.copy);
    EXPECT_EQ(many.set_size, one.set_size);
    EXPECT_EQ(many.candidates, one.candidates);
  }
}

TEST(Dedup, EmptyTextsAndNullsMatchNothing) {
  TextColumn column;
  column.push_back("");
  column.push_null();
  column.push_back("");
  column.push_back(" ... ");
  column.push_null();
  const Matches matches = find_matches(column, {}, wirecopy::Run{});
  EXPECT_EQ(count_pairs(matches, 0.5), 0u);
}

TEST(Dedup, TwinsAndCopies) {
  const std::vector<std::string> texts{"One two, three.", "one two three", "One two, three.",
                                       "four"};
  const Matches matches = find_matches(column_of(texts), {}, wirecopy::Run{});
  EXPECT_EQ(matches.twin, (std::vector<DocId>{0, 0, 0, 3}));
  EXPECT_EQ(matches.copy, (std::vector<DocId>{0, 1, 0, 3}));
  const Table table = all_pairs(matches, 0.5);
  const auto& verdict = std::get<Strings>(table.columns[6].values);
  ASSERT_EQ(verdict.size(), 3u);
  EXPECT_EQ(verdict[0], "same text");
  EXPECT_EQ(verdict[1], "identical");
  EXPECT_EQ(verdict[2], "same text");
}

TEST(Dedup, ManyEqualTextsMakeNoPairList) {
  const std::vector<std::string> texts(20000, "the very same five words here");
  const Matches matches = find_matches(column_of(texts), {}, wirecopy::Run{});
  EXPECT_TRUE(matches.pairs.empty());
  EXPECT_EQ(count_pairs(matches, 0.5), 20000ull * 19999 / 2);
}

TEST(Dedup, StopIsSeen) {
  const auto texts = make_texts(500, 2);
  StopToken stop;
  stop.request();
  EXPECT_THROW(find_matches(column_of(texts), {}, wirecopy::Run{.threads = 2, .stop = &stop}),
               Stopped);
}

TEST(Dedup, BadOptions) {
  const TextColumn none;
  for (const double threshold : {0.0, -1.0, 1.5, std::nan("")}) {
    EXPECT_THROW(find_matches(none, {.threshold = threshold}, wirecopy::Run{}), InputError)
        << threshold;
  }
  for (const double recall : {0.0, 1.0, std::nan("")}) {
    EXPECT_THROW(find_matches(none, {.recall = recall}, wirecopy::Run{}), InputError) << recall;
  }
  EXPECT_THROW(find_matches(none, {.shingle_size = 0}, wirecopy::Run{}), InputError);
  EXPECT_THROW(find_matches(none, {.permutations = 0}, wirecopy::Run{}), InputError);
  EXPECT_EQ(find_matches(none, {}, wirecopy::Run{}).pairs.size(), 0u);
}

}  // namespace
}  // namespace wirecopy
