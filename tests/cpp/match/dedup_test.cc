#include "wirecopy/match/dedup.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
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

using Found = std::map<std::pair<DocId, DocId>, std::uint32_t>;  // pair of rows: shingles shared

// By the definition, looking at every pair.
Found brute_force(const std::vector<std::string>& texts, const DedupOptions& options) {
  std::vector<std::set<std::uint64_t>> sets;
  std::map<std::uint64_t, std::uint32_t> df;
  std::set<std::pair<bool, std::string>> distinct;
  Shingler shingler(options.shingle_size);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const auto s = shingler.sequence(texts[row]);
    sets.emplace_back(s.begin(), s.end());
    const bool second = options.split > 0 && row >= options.split;
    if (!distinct.emplace(second, texts[row]).second) continue;
    for (const auto h : sets.back()) ++df[h];
  }
  if (options.max_df > 0) {
    for (auto& set : sets) {
      std::erase_if(set, [&](std::uint64_t h) { return df[h] > options.max_df; });
    }
  }
  Found found;
  const Similarity& rule = options.rule;
  for (std::size_t a = 0; a < sets.size(); ++a) {
    for (std::size_t b = a + 1; b < sets.size(); ++b) {
      if (sets[a].empty() || sets[b].empty()) continue;
      if (options.split > 0 && (a >= options.split || b < options.split)) continue;
      std::uint32_t shared = 0;
      for (const auto h : sets[a]) shared += static_cast<std::uint32_t>(sets[b].count(h));
      const auto x = static_cast<double>(std::min(sets[a].size(), sets[b].size()));
      const auto y = static_cast<double>(std::max(sets[a].size(), sets[b].size()));
      const double common = shared;
      const double similarity = rule.measure == Measure::kJaccard       ? common / (x + y - common)
                                : rule.measure == Measure::kContainment ? common / x
                                                                        : common;
      if (similarity >= rule.threshold && shared >= std::max(rule.min_shared, 1u) &&
          x >= rule.min_ratio * y) {
        found[{static_cast<DocId>(a), static_cast<DocId>(b)}] = shared;
      }
    }
  }
  return found;
}

// With a row for every two texts, twins included.
Found all_pairs(const Matches& matches, std::size_t split) {
  Found found;
  const Buckets twins = twins_of(matches);
  const auto add = [&](DocId x, DocId y, std::uint32_t shared) {
    const auto [a, b] = std::minmax(x, y);
    if (split > 0 && (a >= split || b < split)) return;
    EXPECT_TRUE(found.insert({{a, b}, shared}).second) << a << " " << b;
  };
  for (std::size_t first = 0; first < twins.size(); ++first) {
    for (std::size_t i = 0; i < twins[first].size(); ++i) {
      for (std::size_t j = i + 1; j < twins[first].size(); ++j) {
        add(twins[first][i], twins[first][j], matches.set_size[first]);
      }
    }
  }
  for (const Pair& pair : matches.pairs) {
    EXPECT_LT(pair.a, pair.b);
    for (const DocId x : twins[pair.a]) {
      for (const DocId y : twins[pair.b]) add(x, y, pair.shared);
    }
  }
  return found;
}

std::vector<Similarity> rules() {
  std::vector<Similarity> rules;
  for (const double threshold : {0.05, 0.3, 0.5, 2.0 / 3, 0.8, 1.0}) {
    rules.push_back({.measure = Measure::kJaccard, .threshold = threshold});
    rules.push_back({.measure = Measure::kContainment, .threshold = threshold});
    rules.push_back({.measure = Measure::kContainment,
                     .threshold = threshold,
                     .min_shared = 5,
                     .min_ratio = 0.25});
  }
  for (const double threshold : {1.0, 4.0, 20.0}) {
    rules.push_back({.measure = Measure::kOverlap, .threshold = threshold});
    rules.push_back({.measure = Measure::kOverlap, .threshold = threshold, .min_ratio = 0.4});
  }
  return rules;
}

std::string describe(const DedupOptions& options) {
  return "measure " + std::to_string(static_cast<int>(options.rule.measure)) + " threshold " +
         std::to_string(options.rule.threshold) + " split " + std::to_string(options.split) +
         " max_memory " + std::to_string(options.max_memory) + " max_df " +
         std::to_string(options.max_df);
}

TEST(Dedup, ExactFindsAllPairsAndNoOther) {
  std::size_t pairs = 0;
  std::size_t in_pieces = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const auto texts = make_texts(90, seed);
    for (const Similarity& rule : rules()) {
      DedupOptions options{.rule = rule};
      options.split = seed % 3 == 0 ? 40 : 0;
      options.max_df = seed % 5 == 0 ? 3 : 0;
      const Found truth = brute_force(texts, options);
      for (const std::uint64_t max_memory : {0, 40'000, 15'000}) {
        // For max_df all sets are held together: it is refused where they have no room.
        options.max_memory = options.max_df > 0 ? 100 * max_memory : max_memory;
        for (const int threads : {1, 3}) {
          const Matches matches =
              find_matches(column_of(texts), options, wirecopy::Run{.threads = threads});
          EXPECT_EQ(all_pairs(matches, options.split), truth) << describe(options);
          in_pieces += matches.pieces > 1;
        }
      }
      pairs += truth.size();
    }
  }
  EXPECT_GT(pairs, 10'000u);
  EXPECT_GT(in_pieces, 100u);
}

TEST(Dedup, MinHashFindsNothingBelowTheThresholdAndNearlyAllAbove) {
  std::size_t wanted = 0;
  std::size_t found = 0;
  double expected_misses = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const auto texts = make_texts(120, seed);
    for (const double threshold : {0.3, 0.5, 0.8, 1.0}) {
      DedupOptions options{.rule = {.threshold = threshold}, .method = Method::kMinHash};
      options.split = seed % 4 == 0 ? 50 : 0;
      const Matches matches = find_matches(column_of(texts), options, wirecopy::Run{});
      const Found truth = brute_force(texts, options);
      const Found pairs = all_pairs(matches, options.split);
      for (const auto& [rows, shared] : pairs) {
        const auto it = truth.find(rows);
        ASSERT_NE(it, truth.end()) << rows.first << " " << rows.second;
        EXPECT_EQ(it->second, shared);
      }
      wanted += truth.size();
      found += pairs.size();
      expected_misses += (1 - matches.candidate_recall) * static_cast<double>(truth.size());
      EXPECT_EQ(matches.method, Method::kMinHash);
    }
  }
  ASSERT_GT(wanted, 5000u);
  // The stated recall is for pairs exactly at the threshold: all others are found more often.
  EXPECT_LE(static_cast<double>(wanted - found), expected_misses + 4 * std::sqrt(expected_misses));
}

// Texts of one frame, each with words of its own in every fifth place or so.
std::vector<std::string> templates(std::size_t count, unsigned own) {
  std::mt19937 random(7);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (unsigned word = 0; word < 120; ++word) {
      text += word % 20 < own ? "x" + std::to_string(random()) : "frame" + std::to_string(word);
      text += ' ';
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(Dedup, BandsThatMeetATemplateGiveWayToTheExactJoin) {
  const auto texts = templates(3000, 5);  // Jaccard about .38
  DedupOptions options{.rule = {.threshold = 0.45}, .method = Method::kMinHash};
  options.recall = 0.999;
  const Matches matches = find_matches(column_of(texts), options, wirecopy::Run{});
  EXPECT_TRUE(matches.fell_back);
  EXPECT_EQ(matches.method, Method::kExact);
  EXPECT_EQ(matches.candidate_recall, 1);
  EXPECT_TRUE(matches.pairs.empty());
}

TEST(Dedup, ASharedFrameBelowTheThresholdMakesNoCandidates) {
  const auto texts = templates(5000, 7);
  const Matches matches = find_matches(column_of(texts), {}, wirecopy::Run{});
  EXPECT_TRUE(matches.pairs.empty());
  EXPECT_LT(matches.candidates, 5000u);
}

TEST(Dedup, SameAnswerForEveryNumberOfThreads) {
  const auto texts = make_texts(3000, 9);
  for (const Method method : {Method::kExact, Method::kMinHash}) {
    const DedupOptions options{.rule = {}, .method = method};
    const Matches one = find_matches(column_of(texts), options, wirecopy::Run{.threads = 1});
    for (const int threads : {2, 3, 8}) {
      const Matches many =
          find_matches(column_of(texts), options, wirecopy::Run{.threads = threads});
      EXPECT_EQ(many.pairs, one.pairs);
      EXPECT_EQ(many.twin, one.twin);
      EXPECT_EQ(many.copy, one.copy);
      EXPECT_EQ(many.set_size, one.set_size);
      EXPECT_EQ(many.candidates, one.candidates);
    }
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
  EXPECT_EQ(all_pairs(matches, 0).size(), 0u);
}

TEST(Dedup, TwinsAndCopies) {
  const std::vector<std::string> texts{"One two, three.", "one two three", "One two, three.",
                                       "four"};
  const Matches matches = find_matches(column_of(texts), {}, wirecopy::Run{});
  EXPECT_EQ(matches.twin, (std::vector<DocId>{0, 0, 0, 3}));
  EXPECT_EQ(matches.copy, (std::vector<DocId>{0, 1, 0, 3}));
  EXPECT_EQ(all_pairs(matches, 0), (Found{{{0, 1}, 1}, {{0, 2}, 1}, {{1, 2}, 1}}));
}

TEST(Dedup, ManyEqualTextsMakeNoPairList) {
  const std::vector<std::string> texts(20000, "the very same five words here");
  const Matches matches = find_matches(column_of(texts), {}, wirecopy::Run{});
  EXPECT_TRUE(matches.pairs.empty());
  Cut cut;
  cut.threshold = 0.5;
  EXPECT_EQ(count_pairs(matches, cut), 20000ull * 19999 / 2);
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
    EXPECT_THROW(find_matches(none, {.rule = {.threshold = threshold}}, wirecopy::Run{}),
                 InputError)
        << threshold;
  }
  for (const double threshold : {0.0, 0.5, 1.5, std::nan("")}) {
    EXPECT_THROW(find_matches(none, {.rule = {Measure::kOverlap, threshold}}, wirecopy::Run{}),
                 InputError)
        << threshold;
  }
  EXPECT_THROW(find_matches(none, {.rule = {.min_ratio = std::nan("")}}, wirecopy::Run{}),
               InputError);
  EXPECT_THROW(
      find_matches(none, {.rule = {.measure = Measure::kContainment}, .method = Method::kMinHash},
                   wirecopy::Run{}),
      InputError);
  for (const double recall : {0.0, 1.0, std::nan("")}) {
    EXPECT_THROW(find_matches(none, {.rule = {}, .recall = recall}, wirecopy::Run{}), InputError)
        << recall;
  }
  EXPECT_THROW(find_matches(none, {.rule = {}, .shingle_size = 0}, wirecopy::Run{}), InputError);
  EXPECT_THROW(find_matches(none, {.rule = {}, .method = Method::kMinHash, .permutations = 0},
                            wirecopy::Run{}),
               InputError);
  EXPECT_EQ(find_matches(none, {}, wirecopy::Run{}).pairs.size(), 0u);
}

}  // namespace
}  // namespace wirecopy
