#include "wirecopy/keywords/collocations.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/diversity.h"
#include "wirecopy/keywords/exact_sum.h"
#include "wirecopy/keywords/joint_measures.h"
#include "wirecopy/keywords/network.h"
#include "wirecopy/keywords/pair_counter.h"

namespace wirecopy {
namespace {

Tokens tokens_of(const std::vector<std::string>& texts, bool sentences = false) {
  TextColumn column;
  for (const std::string& text : texts) column.push_back(text);
  return tokenize(column, {.ids = true, .sentences = sentences, .sources = false}, wirecopy::Run{});
}

template <typename T>
const T& values(const Table& table, const std::string& name) {
  for (const Column& column : table.columns) {
    if (column.name == name) return std::get<T>(column.values);
  }
  throw std::out_of_range(name);
}

TEST(ExactSum, AddsManyThirds) {
  ExactSum sum;
  for (int i = 0; i < 3'000'000; ++i) sum.add(1.0 / 3);
  EXPECT_EQ(sum.value(), 1e6);
  ExactSum half;
  half.add(0.5);
  EXPECT_EQ(half.value(), 0.5);
}

TEST(PairCounter, DropsTheRarestAndKeepsTheRestExact) {
  // Pair k occurs 1 + 20000 / (k + 1) times, spread over the parts.
  constexpr std::uint32_t kPairs = 20000;
  constexpr std::size_t kParts = 100;
  std::map<std::uint64_t, double> expected;
  for (std::uint32_t k = 0; k < kPairs; ++k) expected[pair_key(k, k + 1)] = 1 + 20000 / (k + 1);
  const auto emit = [&](std::size_t part, PairSink& sink) {
    for (std::uint32_t k = 0; k < kPairs; ++k) {
      const std::uint64_t key = pair_key(k, k + 1);
      const auto count = static_cast<std::size_t>(expected[key]);
      for (std::size_t i = (part + k) % kParts; i < count; i += kParts) {
        sink.add(key, static_cast<std::uint32_t>(part));
      }
    }
  };
  // Whole, then in memory for a tenth.
  for (const std::size_t max_pairs : {std::size_t{1} << 20, std::size_t{2000}}) {
    const PairCounts counts = count_pairs(kParts, emit, {}, {2, max_pairs}, wirecopy::Run{});
    EXPECT_EQ(counts.missed > 0, max_pairs == 2000);
    std::size_t wanted = 0;
    for (const auto& [key, count] : expected) wanted += count >= 2 && count > counts.missed;
    EXPECT_EQ(counts.pairs.size(), wanted);
    for (const PairCount& pair : counts.pairs) EXPECT_EQ(pair.count, expected[pair.key]);
    EXPECT_GT(wanted, 100);
  }
}

TEST(JointTable, InvertsCountsOfAtLeast) {
  // a b c 3 times, a b x 2, a y c 1, z b c 4, p q r 5.
  const std::vector<double> at_least{15, 6, 9, 5, 8, 4, 7, 3};
  const JointTable table = JointTable::of_at_least(3, at_least);
  const std::vector<double> exactly{5, 0, 0, 2, 0, 1, 4, 3};
  for (std::size_t b = 0; b < 8; ++b) EXPECT_EQ(table.cells[b], exactly[b]) << b;
  EXPECT_EQ(table.all(), 15);
  EXPECT_EQ(table.margin(0), 6);
  EXPECT_DOUBLE_EQ(table.expected(), 6.0 * 9 * 8 / 225);
}

TEST(JointMeasures, ManyOfTwoEqualPairs) {
  const Contingency pair{7, 13, 21, 400};
  for (const JointMeasure& measure : joint_measures()) {
    if (measure.of_many == nullptr) continue;
    EXPECT_NEAR(measure.of_pair(pair), measure.of_many(JointTable::of(pair)), 1e-10)
        << measure.name;
  }
  EXPECT_THROW(find_measures({"mi"}, 2), InputError);
  EXPECT_THROW(find_measures({"delta_p_first"}, 3), InputError);
}

TEST(Collocations, CountWithinSentences) {
  const Tokens tokens =
      tokens_of({"Prime minister quits. Prime minister quits.", "Prime. Minister."}, true);
  CollocationOptions options;
  options.min_count = 1;
  options.sort = "count";
  options.sentences = true;
  const Table table = ngram_collocations(tokens, {}, options, wirecopy::Run{}).table;
  const Strings& found = values<Strings>(table, "collocation");
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0], "minister quits");
  EXPECT_EQ(found[1], "prime minister");
  EXPECT_EQ(values<std::vector<double>>(table, "count"), (std::vector<double>{2, 2}));
  EXPECT_EQ(values<std::vector<double>>(table, "documents"), (std::vector<double>{1, 1}));
  EXPECT_EQ(values<std::vector<double>>(table, "expected"), (std::vector<double>{1, 1}));
}

TEST(Network, CountsTextsOnce) {
  const Tokens tokens = tokens_of({"a b a b", "b a c", "c"});
  NetworkOptions options;
  options.terms = top_words(tokens, {}, Stopwords(), 3);
  options.measures = {"dice"};
  options.sort = "dice";
  const Table table = network_edges(tokens, {}, options, wirecopy::Run{});
  EXPECT_EQ(values<std::vector<double>>(table, "count"), (std::vector<double>{2, 1, 1}));
  EXPECT_EQ(values<std::vector<double>>(table, "dice"), (std::vector<double>{1, 0.5, 0.5}));
}

TEST(Diversity, OfAnExample) {
  // McCarthy and Jarvis (2010): "of the people by the people" is a factor, 4 / 6 < 0.72.
  const Tokens tokens = tokens_of({"of the people by the people for the people", ""});
  DiversityOptions options;
  options.measures = {"ttr", "mtld", "yule_k"};
  const std::vector<std::int64_t> groups{0, 1};
  const Table table = lexical_diversity(tokens, groups, 2, {}, options, wirecopy::Run{});
  EXPECT_DOUBLE_EQ(values<std::vector<double>>(table, "ttr")[0], 5.0 / 9);
  EXPECT_DOUBLE_EQ(values<std::vector<double>>(table, "mtld")[0], 9);
  EXPECT_DOUBLE_EQ(values<std::vector<double>>(table, "yule_k")[0], 1e4 * 12 / 81);
  EXPECT_TRUE(std::isnan(values<std::vector<double>>(table, "ttr")[1]));
}

}  // namespace
}  // namespace wirecopy
