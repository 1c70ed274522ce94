#include "wirecopy/keywords/keyness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

Counts count(const std::vector<std::string>& texts, const CountOptions& options = {}) {
  TextColumn column;
  for (const std::string& text : texts) column.push_back(text);
  return count_terms(column, {}, options, wirecopy::Run{});
}

template <typename T>
const T& values(const Table& table, const std::string& name) {
  for (const Column& column : table.columns) {
    if (column.name == name) return std::get<T>(column.values);
  }
  throw std::out_of_range(name);
}

std::vector<std::string> terms(const Table& table) {
  std::vector<std::string> terms;
  const Strings& strings = values<Strings>(table, "term");
  for (std::size_t i = 0; i < strings.size(); ++i) terms.emplace_back(strings[i]);
  return terms;
}

// 2 * sum O * ln(O / E), as the papers write it.
double textbook(const std::vector<double>& observed, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    if (observed[i] > 0) sum += observed[i] * std::log(observed[i] / expected[i]);
  }
  return 2 * sum;
}

TEST(SignedG2, PublishedValues) {
  // 10 of 1,000 v. 2 of 1,500: one word's "log-likelihood" by the two definitions.
  const G2 g2 = signed_g2({10, 2, 1000, 1500});
  EXPECT_NEAR(g2.four_cell, 9.601, 5e-4);
  EXPECT_NEAR(g2.two_term, 9.556, 5e-4);
  // Dunning (1993), p. 72: the table {10, 0; 3, 31764}, as rows of words.
  EXPECT_NEAR(signed_g2({10, 0, 13, 31764}).four_cell, 167.23, 5e-3);
  // 52 in 50,000 v. 57 in 75,000, the Lancaster calculator's example.
  EXPECT_NEAR(signed_g2({52, 57, 50000, 75000}).two_term, 2.65, 5e-3);
}

TEST(SignedG2, EqualsTheTextbook) {
  for (const Frequencies f : {Frequencies{10, 2, 1000, 1500},
                              {0, 5, 40, 900},
                              {7, 0, 7, 31},
                              {300, 299, 1000, 1000},
                              {0.25, 3.5, 17.75, 20},
                              {1, 1, 1, 2}}) {
    const double all = f.c + f.d;
    const std::vector<double> observed{f.a, f.b, f.c - f.a, f.d - f.b};
    const double term = f.a + f.b;
    const double rest = all - term;
    const std::vector<double> expected{f.c * term / all, f.d * term / all, f.c * rest / all,
                                       f.d * rest / all};
    const G2 g2 = signed_g2(f);
    EXPECT_NEAR(std::abs(g2.four_cell), textbook(observed, expected), 1e-10);
    EXPECT_NEAR(std::abs(g2.two_term), textbook({f.a, f.b}, {expected[0], expected[1]}), 1e-10);
    EXPECT_LE(std::abs(g2.two_term), std::abs(g2.four_cell));
  }
}

TEST(SignedG2, KeepsItsDigitsAmongLargeCells) {
  // Near independence G2 is the square of the difference times sum(1 / E): here about 4e-6, which
  // the textbook's sum of terms near 1e9 cannot show.
  const Frequencies f{1000001, 1000000, 1e9, 1e9};
  const double half = 0.5;
  const double expected_share = 1000000.5 / 1e9;
  const double chi2 = half * half * (2 / (1e9 * expected_share) + 2 / (1e9 * (1 - expected_share)));
  EXPECT_NEAR(signed_g2(f).four_cell / chi2, 1, 1e-6);
}

TEST(SignedG2, IsNegativeForUnderuseAndAntisymmetric) {
  const G2 over = signed_g2({10, 2, 1000, 1500});
  const G2 under = signed_g2({2, 10, 1500, 1000});
  EXPECT_GT(over.four_cell, 0);
  EXPECT_DOUBLE_EQ(under.four_cell, -over.four_cell);
  EXPECT_DOUBLE_EQ(under.two_term, -over.two_term);
  EXPECT_EQ(signed_g2({10, 20, 1000, 2000}).four_cell, 0);
}

TEST(SignedG2, TheOnlyWordOfBothSidesTellsNothing) {
  EXPECT_EQ(signed_g2({3, 5, 3, 5}).four_cell, 0);
  EXPECT_EQ(p_value(0), 1);
}

TEST(PValue, IsTheChiSquareTail) {
  EXPECT_NEAR(p_value(3.841458820694124), 0.05, 1e-12);
  EXPECT_NEAR(p_value(-6.634896601021214), 0.01, 1e-12);
}

TEST(LogRatio, DoublingsAndZeros) {
  EXPECT_DOUBLE_EQ(log_ratio({8, 2, 1000, 1000}), 2);
  EXPECT_DOUBLE_EQ(log_ratio({1, 1, 1000000, 1000000}), 0);
  EXPECT_DOUBLE_EQ(log_ratio({4, 0, 100, 100}), 3);  // 4 against 0.5
  EXPECT_DOUBLE_EQ(log_ratio({0, 4, 100, 100}), -3);
}

TEST(Keyness, JoinsBothSides) {
  const Table table = keyness(count({"goal goal the", "goal the"}), count({"vote the vote the"}),
                              {}, wirecopy::Run{});
  EXPECT_EQ(terms(table), (std::vector<std::string>{"goal", "the", "vote"}));
  EXPECT_EQ(values<std::vector<double>>(table, "target"), (std::vector<double>{3, 2, 0}));
  EXPECT_EQ(values<std::vector<double>>(table, "reference"), (std::vector<double>{0, 2, 2}));
  EXPECT_EQ(values<std::vector<double>>(table, "target_docs"), (std::vector<double>{2, 2, 0}));
  EXPECT_EQ(values<std::vector<double>>(table, "reference_docs"), (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(values<std::vector<double>>(table, "target_pm"),
            (std::vector<double>{600000, 400000, 0}));
  const auto& g2 = values<std::vector<double>>(table, "g2");
  EXPECT_GT(g2[0], 0);
  EXPECT_LT(g2[2], 0);
}

TEST(Keyness, LimitsAskWhatEitherSideReaches) {
  const Counts target = count({"a a b c"});
  const Counts reference = count({"b b d", "d"});
  KeynessOptions by_frequency;
  by_frequency.min_frequency = 2;
  KeynessOptions by_documents;
  by_documents.min_documents = 2;
  KeynessOptions by_stopwords;
  by_stopwords.stopwords = Stopwords({"b"});
  EXPECT_EQ(terms(keyness(target, reference, by_frequency, wirecopy::Run{})),
            (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(terms(keyness(target, reference, by_documents, wirecopy::Run{})),
            (std::vector<std::string>{"d"}));
  EXPECT_EQ(terms(keyness(target, reference, by_stopwords, wirecopy::Run{})),
            (std::vector<std::string>{"a", "c", "d"}));
}

KeynessOptions sorted_by(const std::string& column) {
  KeynessOptions options;
  options.sort = column;
  return options;
}

TEST(Keyness, OrdersByAnyColumn) {
  const Counts target = count({"a a a b c"});
  const Counts reference = count({"a d d b b b"});
  for (const char* name : {"g2", "g2_two_term", "log_ratio", "target", "reference"}) {
    const Table table = keyness(target, reference, sorted_by(name), wirecopy::Run{});
    const auto& column = values<std::vector<double>>(table, name);
    EXPECT_TRUE(std::is_sorted(column.rbegin(), column.rend())) << name;
  }
  const Table table = keyness(target, reference, sorted_by("p_value"), wirecopy::Run{});
  const auto& p = values<std::vector<double>>(table, "p_value");
  EXPECT_TRUE(std::is_sorted(p.begin(), p.end()));
  EXPECT_THROW(keyness(target, reference, sorted_by("size"), wirecopy::Run{}), InputError);
}

void expect_error(const Counts& target, const Counts& reference, const std::string& argument) {
  try {
    keyness(target, reference, {}, wirecopy::Run{});
    ADD_FAILURE() << "no error for " << argument;
  } catch (const InputError& e) {
    EXPECT_EQ(e.argument(), argument);
  }
}

TEST(Keyness, RefusesWhatCannotBeCompared) {
  const Counts some = count({"a b"});
  expect_error(count({}), some, "target");
  expect_error(some, count({"", "!"}), "reference");
  expect_error(some, count({"a b"}, {.min_n = 1, .max_n = 2}), "reference");
  expect_error(count({"a", "b"}, {.min_df = 2}), some, "target");
  const CountOptions pairs{.min_n = 1, .max_n = 2};
  expect_error(count({"a b"}, pairs), count({"a"}, pairs), "reference");
}

}  // namespace
}  // namespace wirecopy
