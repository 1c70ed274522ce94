#include "wirecopy/keywords/counts.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn column;
  for (const std::string& text : texts) column.push_back(text);
  return column;
}

Counts count(const std::vector<std::string>& texts, const CountOptions& options = {},
             const std::vector<double>& weights = {}, int threads = 1) {
  return count_terms(column(texts), weights, options, wirecopy::Run{.threads = threads});
}

std::string numbered(char letter, std::uint64_t number) {
  std::string word(1, letter);
  return word += std::to_string(number);
}

using Rows = std::vector<std::tuple<std::string, int, double, double>>;

Rows rows(const Counts& counts) {
  Rows rows;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    rows.emplace_back(counts.terms[i], counts.n[i], counts.frequency[i], counts.documents[i]);
  }
  return rows;
}

TEST(CountTerms, OrdersByLengthFrequencyAndBytes) {
  const Counts counts = count({"The dog. The cat!", "the cat"}, {.min_n = 1, .max_n = 2});
  EXPECT_EQ(rows(counts), (Rows{{"the", 1, 3, 2},
                                {"cat", 1, 2, 2},
                                {"dog", 1, 1, 1},
                                {"the cat", 2, 2, 2},
                                {"dog the", 2, 1, 1},
                                {"the dog", 2, 1, 1}}));
  EXPECT_EQ(counts.totals, (std::vector<double>{6, 4}));
  EXPECT_EQ(counts.document_total, 2);
  EXPECT_EQ(counts.texts, 2);
}

TEST(CountTerms, NgramsStayWithinATextAndCrossItsParagraphs) {
  EXPECT_EQ(rows(count({"a b\n\nc", "", "d"}, {.min_n = 2, .max_n = 3})),
            (Rows{{"a b", 2, 1, 1}, {"b c", 2, 1, 1}, {"a b c", 3, 1, 1}}));
}

TEST(CountTerms, NullIsNoDocumentAndEmptyIsOne) {
  TextColumn texts;
  texts.push_null();
  texts.push_back("");
  texts.push_back("a");
  const Counts counts = count_terms(texts, {}, {}, wirecopy::Run{});
  EXPECT_EQ(counts.texts, 3);
  EXPECT_EQ(counts.document_total, 2);
  EXPECT_EQ(rows(counts), (Rows{{"a", 1, 1, 1}}));
}

TEST(CountTerms, NothingGivesNoRowsAndTotalsOfZero) {
  const Counts counts = count({}, {.min_n = 2, .max_n = 4});
  EXPECT_EQ(counts.size(), 0u);
  EXPECT_EQ(counts.totals, (std::vector<double>{0, 0, 0}));
}

TEST(CountTerms, WeightZeroAddsNothing) {
  const Counts counts = count({"a b", "b c"}, {}, {0, 2});
  EXPECT_EQ(rows(counts), (Rows{{"b", 1, 2, 2}, {"c", 1, 2, 2}}));
  EXPECT_EQ(counts.totals, (std::vector<double>{4}));
  EXPECT_EQ(counts.document_total, 2);
}

TEST(CountTerms, CopiesThatShareAWeightOfOneCountOnce) {
  for (const int copies : {3, 7, 10, 49}) {
    const std::vector<std::string> texts(static_cast<std::size_t>(copies), "a b a");
    const std::vector<double> weights(texts.size(), 1.0 / copies);
    const Counts counts = count(texts, {.min_df = 1}, weights);
    EXPECT_EQ(rows(counts), (Rows{{"a", 1, 2, 1}, {"b", 1, 1, 1}})) << copies;
    EXPECT_EQ(counts.totals, (std::vector<double>{3})) << copies;
    EXPECT_EQ(counts.document_total, 1) << copies;
  }
}

TEST(CountTerms, MinDfLeavesOutRowsButKeepsTotals) {
  const Counts counts = count({"a b", "a c", "a"}, {.min_df = 2});
  EXPECT_EQ(rows(counts), (Rows{{"a", 1, 3, 3}}));
  EXPECT_EQ(counts.totals, (std::vector<double>{5}));
  EXPECT_EQ(counts.left_out, 2);
}

TEST(CountTerms, TheDefaultKeepsTermsOfLessThanOneText) {
  EXPECT_EQ(rows(count({"a"}, {}, {0.25})), (Rows{{"a", 1, 0.25, 0.25}}));
}

TEST(CountTerms, DoesNotDependOnThreads) {
  // Several chunks, by bytes and by rows, with weights whose sum depends on their order.
  std::vector<std::string> texts;
  std::vector<double> weights;
  std::uint64_t state = 1;
  for (int i = 0; i < 40000; ++i) {
    std::string text;
    for (int word = 0; word < (i % 1000 == 0 ? 4000 : 12); ++word) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      text += numbered('w', (state >> 33) % 997) + " ";
    }
    texts.push_back(text);
    weights.push_back(static_cast<double>(state >> 40) / 3e6);
  }
  const CountOptions options{.min_n = 1, .max_n = 2, .min_df = 2};
  const Counts one = count(texts, options, weights, 1);
  for (const int threads : {2, 3, 8}) {
    const Counts many = count(texts, options, weights, threads);
    EXPECT_EQ(one.terms.bytes, many.terms.bytes);
    EXPECT_EQ(one.terms.offsets, many.terms.offsets);
    EXPECT_EQ(one.frequency, many.frequency);
    EXPECT_EQ(one.documents, many.documents);
    EXPECT_EQ(one.totals, many.totals);
    EXPECT_EQ(one.document_total, many.document_total);
    EXPECT_EQ(one.left_out, many.left_out);
  }
}

TEST(CountTerms, EqualsAPlainMapOverManyChunks) {
  std::vector<std::string> texts;
  std::map<std::string, std::pair<double, double>> expected;
  for (std::uint64_t i = 0; i < 50000; ++i) {
    const std::string word = numbered('w', i % 321);
    const std::string other = numbered('v', i % 7);
    texts.push_back(word + " " + other + " " + word);
    expected[word].first += 2;
    expected[word].second += 1;
    expected[other].first += 1;
    expected[other].second += 1;
  }
  const Counts counts = count(texts, {}, {}, 2);
  ASSERT_EQ(counts.size(), expected.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& [frequency, documents] = expected.at(std::string(counts.terms[i]));
    EXPECT_EQ(counts.frequency[i], frequency);
    EXPECT_EQ(counts.documents[i], documents);
  }
}

TEST(CountTerms, RefusesWhatMeansNothing) {
  EXPECT_THROW(count({"a"}, {.min_n = 0}), InputError);
  EXPECT_THROW(count({"a"}, {.min_n = 2, .max_n = 1}), InputError);
  EXPECT_THROW(count({"a"}, {.max_n = kMaxNgram + 1}), InputError);
  EXPECT_THROW(count({"a"}, {.min_df = -1}), InputError);
  EXPECT_THROW(count({"a"}, {}, {1, 2}), InputError);
  EXPECT_THROW(count({"a"}, {}, {-1}), InputError);
  EXPECT_THROW(count({"a"}, {}, {1e300}), InputError);
  try {
    count({"a", "b"}, {}, {1, std::numeric_limits<double>::quiet_NaN()});
    FAIL();
  } catch (const InputError& e) {
    EXPECT_EQ(e.argument(), "weights");
    EXPECT_EQ(e.row(), 1);
  }
}

TEST(CountTerms, StopsWhenAsked) {
  StopToken stop;
  stop.request();
  EXPECT_THROW(count_terms(column({"a"}), {}, {}, wirecopy::Run{.threads = 2, .stop = &stop}),
               Stopped);
}

TEST(CountTerms, ReportsTheBytesRead) {
  Progress progress;
  count_terms(column({"one two", "three"}), {}, {}, wirecopy::Run{.progress = &progress});
  EXPECT_EQ(progress.total(), 12u);
  EXPECT_EQ(progress.done(), 12u);
}

TEST(CountsTable, GivesTheRowsAskedForWithRates) {
  const Counts counts = count({"a a b c"});
  const Table table = counts_table(counts, std::vector<std::int64_t>{2, 0});
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.columns[0].name, "term");
  EXPECT_EQ(std::get<Strings>(table.columns[0].values)[0], "c");
  EXPECT_EQ(table.columns[4].name, "per_million");
  EXPECT_EQ(std::get<std::vector<double>>(table.columns[4].values),
            (std::vector<double>{250000, 500000}));
  EXPECT_THROW(counts_table(counts, std::vector<std::int64_t>{3}), InputError);
  EXPECT_THROW(counts_table(counts, std::vector<std::int64_t>{-1}), InputError);
}

TEST(Stopwords, AreNormalizedAndLookedForAtBothEdges) {
  const Stopwords stopwords({"The", "don’t", "", "."});
  EXPECT_TRUE(stopwords.at_edge_of("the"));
  EXPECT_TRUE(stopwords.at_edge_of("the end"));
  EXPECT_TRUE(stopwords.at_edge_of("in the"));
  EXPECT_TRUE(stopwords.at_edge_of("don't"));
  EXPECT_FALSE(stopwords.at_edge_of("end the day"));
  EXPECT_FALSE(stopwords.at_edge_of("them"));
  EXPECT_THROW(Stopwords({"of the"}), InputError);
  EXPECT_TRUE(Stopwords().empty());
}

TEST(TermIndex, FindsEveryTerm) {
  const Counts counts = count({"a b a c"}, {.min_n = 1, .max_n = 2});
  const TermIndex index = index_terms(counts);
  ASSERT_EQ(index.size(), counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_EQ(index.at(counts.terms[i]), i);
  EXPECT_EQ(normalize_term("  The  U.S. DON’T "), "the u.s don't");
}

}  // namespace
}  // namespace wirecopy
