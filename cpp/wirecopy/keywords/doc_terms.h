// Texts x terms: how often each text has each term, and what is computed from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/keywords/counts.h"

namespace wirecopy {

// Compressed sparse rows: row i has columns[starts[i]] to columns[starts[i + 1] - 1], ascending.
struct SparseShape {
  std::vector<std::int64_t> starts{0};
  std::vector<std::int32_t> columns;
  std::int64_t width = 0;  // columns in all

  std::size_t rows() const { return starts.size() - 1; }
};

// A row a text (null ones are empty), a column a term. Occurrences, not weighted.
struct DocTerms : SparseShape {
  std::vector<std::int32_t> counts;
  std::vector<std::uint32_t> text_words;  // words of each text, counted or not
  std::vector<std::uint8_t> nulls;
};

// Column j is the term in row rows[j] of `counts`, which must have kept its occurrences. 8 bytes
// for each text and term in it; while it works, 16 bytes more for each word of the 1 MB pieces of
// text under work.
DocTerms doc_terms(const Counts& counts, std::span<const std::int64_t> rows, const Run& run);

// The terms of `vocabulary` in other texts, which were counted as `counts` with the same lengths.
DocTerms doc_terms_of(const Counts& counts, const Counts& vocabulary,
                      std::span<const std::int64_t> rows, const Run& run);

// How tf-idf weighs. These are the parameters of scikit-learn's TfidfTransformer.
struct TfidfOptions {
  int norm = 2;  // 1, 2, or 0 for none
  bool use_idf = true;
  bool smooth_idf = true;
  bool sublinear_tf = false;
};

// A value for each entry of `matrix`: tf * idf, each row divided by its norm (a row of zeros stays
// one). tf is the count, or 1 + ln(count) where sublinear. idf = ln((1 + N) / (1 + df)) + 1 where
// smooth, else ln(N / df) + 1; N is `texts` and df[j] the texts that have term j, both by weight.
std::vector<double> tfidf(const DocTerms& matrix, std::span<const double> df, double texts,
                          const TfidfOptions& options, const Run& run);

struct Bm25Options {
  // "robertson" (Robertson et al. 1995), "lucene" (the same with an idf that is never negative),
  // "atire" (Trotman et al. 2014), "bm25l" (Lv and Zhai 2011a) or "bm25+" (Lv and Zhai 2011b), as
  // Kamphuis et al. 2020 state them.
  std::string variant = "lucene";
  double k1 = 1.2;
  double b = 0.75;
  double delta = 0;  // of bm25l and bm25+
};

// Scores of terms in texts. Length is in words of the text.
class Bm25 {
 public:
  // N is `texts` and df[j] the texts that have term j, by weight. Throws InputError for a bad
  // option.
  Bm25(const DocTerms& matrix, std::span<const double> df, double texts,
       const Bm25Options& options);

  // A value for each entry of the matrix. What "bm25+" gives texts without the term is left out.
  std::vector<double> values(const Run& run) const;
  // The score of each text: the sum over the query's columns; one given twice counts twice.
  std::vector<double> scores(std::span<const std::int64_t> query, const Run& run) const;

 private:
  double score(std::size_t text, std::size_t column, double count) const;

  const DocTerms* matrix_;
  Bm25Options options_;
  double mean_words_ = 0;
  std::vector<double> idf_;
};

// Groups x terms.
struct GroupTerms : SparseShape {
  std::vector<double> frequency;
  std::vector<double> documents;
  std::vector<double> document_total;  // [group]
  std::vector<double> totals;          // [group * lengths + n - min_n]: all n-grams of that length
};

// Sums over the texts of each group, from 0 to groups - 1; a text of group -1 is in none. Weights
// as in count_terms. The columns are those of `matrix`, made of `counts`.
GroupTerms group_terms(const DocTerms& matrix, const Counts& counts,
                       std::span<const std::int32_t> group_of, std::size_t groups,
                       std::span<const double> weights, const Run& run);

}  // namespace wirecopy
