#include "wirecopy/keywords/keyness.h"

#include <gtest/gtest.h>

#include <algorithm>
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

// Rows turned round, and nothing but the columns.
Counts columns_of(const Counts& counts) {
  Counts columns;
  for (std::size_t i = counts.size(); i-- > 0;) {
    columns.terms.push_back(counts.terms[i]);
    columns.n.push_back(counts.n[i]);
    columns.frequency.push_back(counts.frequency[i]);
    columns.documents.push_back(counts.documents[i]);
  }
  columns.totals = counts.totals;
  columns.document_total = counts.document_total;
  columns.min_n = counts.min_n;
  columns.max_n = counts.max_n;
  return columns;
}

TEST(Keyness, OfColumnsIsThatOfCounts) {
  const CountOptions pairs{.min_n = 1, .max_n = 2};
  const Counts target = count({"a a b c", "b"}, pairs);
  const Counts reference = count({"b b d", "d a b"}, pairs);
  KeynessOptions options;
  options.measures = {"g2", "log_odds_z", "docs_g2"};
  const Table expected = keyness(target, reference, options, wirecopy::Run{});
  const Table found = keyness(counts_of_columns(columns_of(target)),
                              counts_of_columns(columns_of(reference)), options, wirecopy::Run{});
  EXPECT_EQ(terms(found), terms(expected));
  for (const std::string& name : options.measures) {
    EXPECT_EQ(values<std::vector<double>>(found, name),
              values<std::vector<double>>(expected, name));
  }
}

TEST(CountsOfColumns, RefusesWhatNoCountsAre) {
  const Counts good = columns_of(count({"a b"}));
  EXPECT_NO_THROW(counts_of_columns(good));
  Counts bad = good;
  bad.n[1] = 2;
  EXPECT_THROW(counts_of_columns(bad), InputError);
  bad = good;
  bad.frequency[0] = -1;
  EXPECT_THROW(counts_of_columns(bad), InputError);
  bad = good;
  bad.documents.pop_back();
  EXPECT_THROW(counts_of_columns(bad), InputError);
  bad = good;
  bad.totals.push_back(1);
  EXPECT_THROW(counts_of_columns(bad), InputError);
  bad = good;
  bad.max_n = 9;
  EXPECT_THROW(counts_of_columns(bad), InputError);
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
