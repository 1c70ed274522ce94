#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/counts_file.h"
#include "wirecopy/keywords/doc_terms.h"
#include "wirecopy/keywords/merge.h"
#include "wirecopy/keywords/radix_sort.h"
#include "wirecopy/keywords/weights.h"

namespace wirecopy {
namespace {

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn column;
  for (const std::string& text : texts) column.push_back(text);
  return column;
}

Counts count(const std::vector<std::string>& texts, const CountOptions& options = {},
             const std::vector<double>& weights = {}) {
  return count_terms(column(texts), weights, options, wirecopy::Run{});
}

using Rows = std::vector<std::tuple<std::string, double, double>>;

Rows rows(const Counts& counts) {
  Rows rows;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    rows.emplace_back(counts.terms[i], counts.frequency[i], counts.documents[i]);
  }
  return rows;
}

std::vector<std::int64_t> all_rows(const Counts& counts) {
  std::vector<std::int64_t> rows(counts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
  return rows;
}

TEST(Weights, UnitsHoldDoublesAndAddUpInAnyOrder) {
  for (const double weight : {0.0, 1.0, 0.5, 1.0 / 3, 1.0 / 7, 123456.789, 9007199254740992.0}) {
    EXPECT_EQ(to_weight(to_units(weight)), weight);
  }
  EXPECT_EQ(to_units(std::ldexp(1.0, -60)), WeightSum(1));
  EXPECT_EQ(to_units(std::ldexp(1.0, -61)), WeightSum(1));  // half a unit is one
  EXPECT_EQ(to_units(std::ldexp(1.0, -62)), WeightSum(0));
  EXPECT_EQ(to_units(std::numeric_limits<double>::denorm_min()), WeightSum(0));
  WeightSum sum = 0;
  for (int i = 0; i < 49; ++i) sum += to_units(1.0 / 49);
  EXPECT_EQ(to_weight(sum), 1);
}

TEST(RadixSort, IsStableAndSortsEveryDigit) {
  std::vector<Keyed> records;
  std::uint64_t state = 1;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    records.push_back({i % 2 == 0 ? state : state >> 56 << 32, i});
  }
  std::vector<Keyed> expected = records;
  std::stable_sort(expected.begin(), expected.end(),
                   [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
  std::vector<Keyed> scratch;
  radix_sort(records, scratch, [](const Keyed& record) { return record.key; });
  for (std::size_t i = 0; i < records.size(); ++i) {
    ASSERT_EQ(records[i].key, expected[i].key);
    ASSERT_EQ(records[i].value, expected[i].value);
  }
}

TEST(CountTerms, SkipGramsLeaveOutWords) {
  EXPECT_EQ(rows(count({"a b c"}, {.min_n = 2, .max_n = 3, .skip = 1})),
            (Rows{{"a b", 1, 1}, {"a c", 1, 1}, {"b c", 1, 1}, {"a b c", 1, 1}}));
  EXPECT_EQ(count({"a b c d"}, {.min_n = 3, .max_n = 3, .skip = 1}).size(), 4u);
  EXPECT_EQ(count({"a b c d"}, {.min_n = 2, .max_n = 2, .skip = 100}).totals[0], 6);
}

TEST(CountTerms, MaxDfAndShares) {
  const std::vector<std::string> texts{"a b", "a c", "a b", ""};
  EXPECT_EQ(count(texts, {.max_df = 2}).size(), 2u);
  EXPECT_EQ(count(texts, {.min_df = {0.5, true}}).size(), 2u);
  EXPECT_EQ(count(texts, {.max_df = {0.5, true}}).left_out, 1);
  EXPECT_THROW(count(texts, {.min_df = {1.5, true}}), InputError);
}

TEST(MergeCounts, EqualsCountingAtOnce) {
  const CountOptions options{.min_n = 1, .max_n = 2};
  const Counts merged = merge_counts(count({"b a", "c"}, options, {1.0 / 3, 2}),
                                     count({"a b a"}, options, {1.0 / 3}), wirecopy::Run{});
  const Counts whole = count({"b a", "c", "a b a"}, options, {1.0 / 3, 2, 1.0 / 3});
  EXPECT_EQ(rows(merged), rows(whole));
  EXPECT_EQ(merged.totals, whole.totals);
  EXPECT_EQ(merged.document_total, whole.document_total);
  EXPECT_EQ(merged.undercount, 0);
}

TEST(KeepFrequent, SaysHowMuchMayBeMissing) {
  Counts counts = count({"a a a b b c d"});
  keep_frequent(counts, 2);
  EXPECT_EQ(rows(counts), (Rows{{"a", 3, 1}, {"b", 2, 1}}));
  EXPECT_EQ(counts.undercount, 1);
  const Counts merged = merge_counts(counts, count({"c c"}), wirecopy::Run{});
  EXPECT_EQ(merged.undercounts, (std::vector<double>{0, 0, 1}));  // a, b, c
}

TEST(CountsFile, ReadsWhatWasWritten) {
  const Counts counts = count({"a b", "b"}, {.min_n = 1, .max_n = 2}, {0.1, 1});
  std::string bytes = write_counts(counts, "{}");
  std::string notes;
  const Counts read = read_counts(bytes, notes);
  EXPECT_EQ(notes, "{}");
  EXPECT_EQ(rows(read), rows(counts));
  EXPECT_EQ(read.frequency_units, counts.frequency_units);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  EXPECT_THROW(read_counts(bytes, notes), InputError);
  EXPECT_THROW(read_counts("", notes), InputError);
}

TEST(DocTerms, AreSortedRows) {
  const Counts counts = count({"b a b", "", "c a"}, {.keep_occurrences = true});
  const DocTerms matrix = doc_terms(counts, all_rows(counts), wirecopy::Run{});
  EXPECT_EQ(matrix.starts, (std::vector<std::int64_t>{0, 2, 2, 4}));
  EXPECT_EQ(matrix.columns, (std::vector<std::int32_t>{0, 1, 0, 2}));  // a, b, c
  EXPECT_EQ(matrix.counts, (std::vector<std::int32_t>{1, 2, 1, 1}));
  EXPECT_THROW(doc_terms(count({"a"}), {}, wirecopy::Run{}), InputError);
}

TEST(GroupTerms, SumTheTextsOfAGroup) {
  const Counts counts = count({"a b", "b", "c", "b"}, {.keep_occurrences = true});
  const DocTerms matrix = doc_terms(counts, all_rows(counts), wirecopy::Run{});
  const std::vector<std::int32_t> groups{1, 0, -1, 1};
  const GroupTerms sums = group_terms(matrix, counts, groups, 2, {}, wirecopy::Run{});
  EXPECT_EQ(sums.columns, (std::vector<std::int32_t>{0, 0, 1}));  // b; b, a
  EXPECT_EQ(sums.frequency, (std::vector<double>{1, 2, 1}));
  EXPECT_EQ(sums.totals, (std::vector<double>{1, 3}));
  EXPECT_EQ(sums.document_total, (std::vector<double>{1, 2}));
}

}  // namespace
}  // namespace wirecopy
