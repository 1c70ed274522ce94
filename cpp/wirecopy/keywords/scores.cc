// tf-idf and BM25.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <string_view>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/doc_terms.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 256;

double norm_of(std::span<const double> values, int norm) {
  double sum = 0;
  for (const double value : values) sum += norm == 1 ? std::abs(value) : value * value;
  return norm == 1 ? sum : std::sqrt(sum);
}

struct Variant {
  std::string_view name;
  double (*idf)(double texts, double df);
  // The part of a count, where `length` is that of the text over the mean.
  double (*part)(double count, double length, const Bm25Options& options);
};

double saturated(double count, double length, const Bm25Options& o) {
  return count * (o.k1 + 1) / (count + o.k1 * (1 - o.b + o.b * length));
}

double saturated_lucene(double count, double length, const Bm25Options& o) {
  return count / (count + o.k1 * (1 - o.b + o.b * length));
}

double saturated_long(double count, double length, const Bm25Options& o) {
  const double c = count / (1 - o.b + o.b * length);
  return (o.k1 + 1) * (c + o.delta) / (o.k1 + c + o.delta);
}

double saturated_plus(double count, double length, const Bm25Options& o) {
  return saturated(count, length, o) + o.delta;
}

constexpr std::array<Variant, 5> kVariants{{
    {"robertson", [](double n, double df) { return std::log((n - df + 0.5) / (df + 0.5)); },
     saturated},
    {"lucene", [](double n, double df) { return std::log1p((n - df + 0.5) / (df + 0.5)); },
     saturated_lucene},
    {"atire", [](double n, double df) { return std::log(n / df); }, saturated},
    {"bm25l", [](double n, double df) { return std::log((n + 1) / (df + 0.5)); }, saturated_long},
    {"bm25+", [](double n, double df) { return std::log((n + 1) / df); }, saturated_plus},
}};

const Variant& variant(const std::string& name) {
  std::string names;
  for (const Variant& known : kVariants) {
    if (known.name == name) return known;
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  throw InputError("variant", "'" + name + "'; must be one of " + names);
}

void require_from(const char* argument, double value, double least, double most) {
  if (value >= least && value <= most) return;
  throw InputError(argument, std::to_string(value) + "; out of range");
}

}  // namespace

std::vector<double> tfidf(const DocTerms& matrix, std::span<const double> df, double texts,
                          const TfidfOptions& options, const Run& run) {
  std::vector<double> idf;
  if (options.use_idf) {
    const double more = options.smooth_idf ? 1 : 0;
    for (const double d : df) idf.push_back(std::log((texts + more) / (d + more)) + 1);
  }
  std::vector<double> values(matrix.counts.size());
  run.begin("weighing", matrix.rows());
  parallel_for(run, matrix.rows(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t text = begin; text < end; ++text) {
      const auto first = static_cast<std::size_t>(matrix.starts[text]);
      const auto last = static_cast<std::size_t>(matrix.starts[text + 1]);
      for (std::size_t i = first; i < last; ++i) {
        double value = matrix.counts[i];
        if (options.sublinear_tf) value = 1 + std::log(value);
        if (options.use_idf) value *= idf[static_cast<std::size_t>(matrix.columns[i])];
        values[i] = value;
      }
      if (options.norm == 0) continue;
      const std::span<double> row = std::span(values).subspan(first, last - first);
      const double norm = norm_of(row, options.norm);
      if (norm == 0) continue;
      for (double& value : row) value /= norm;
    }
    run.advance(end - begin);
  });
  return values;
}

Bm25::Bm25(const DocTerms& matrix, std::span<const double> df, double texts,
           const Bm25Options& options)
    : matrix_(&matrix), options_(options) {
  require_from("k1", options.k1, 0, 1e6);
  require_from("b", options.b, 0, 1);
  require_from("delta", options.delta, 0, 1e6);
  const Variant& formula = variant(options.variant);
  for (const double d : df) idf_.push_back(formula.idf(texts, d));
  double words = 0;
  double count = 0;
  for (std::size_t text = 0; text < matrix.rows(); ++text) {
    words += matrix.text_words[text];
    count += matrix.nulls[text] == 0 ? 1 : 0;
  }
  mean_words_ = words > 0 ? words / count : 1;
}

double Bm25::score(std::size_t text, std::size_t column, double count) const {
  const double length = matrix_->text_words[text] / mean_words_;
  return idf_[column] * variant(options_.variant).part(count, length, options_);
}

std::vector<double> Bm25::values(const Run& run) const {
  std::vector<double> values(matrix_->counts.size());
  const auto part = variant(options_.variant).part;
  parallel_for(run, matrix_->rows(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t text = begin; text < end; ++text) {
      const double length = matrix_->text_words[text] / mean_words_;
      for (std::int64_t i = matrix_->starts[text]; i < matrix_->starts[text + 1]; ++i) {
        const auto entry = static_cast<std::size_t>(i);
        values[entry] = idf_[static_cast<std::size_t>(matrix_->columns[entry])] *
                        part(matrix_->counts[entry], length, options_);
      }
    }
  });
  return values;
}

std::vector<double> Bm25::scores(std::span<const std::int64_t> query, const Run& run) const {
  for (const std::int64_t column : query) {
    if (column < 0 || column >= matrix_->width) throw InputError("query", "out of range");
  }
  // "bm25+" gives delta to every text, also without the term (as do the papers' formulas at count
  // 0).
  const auto part = variant(options_.variant).part;
  std::vector<double> scores(matrix_->rows());
  parallel_for(run, matrix_->rows(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t text = begin; text < end; ++text) {
      if (matrix_->nulls[text] != 0) continue;
      const double length = matrix_->text_words[text] / mean_words_;
      const auto first = matrix_->columns.begin() + matrix_->starts[text];
      const auto last = matrix_->columns.begin() + matrix_->starts[text + 1];
      for (const std::int64_t column : query) {
        const auto found = std::lower_bound(first, last, static_cast<std::int32_t>(column));
        if (found == last || *found != column) continue;
        const auto entry = static_cast<std::size_t>(found - matrix_->columns.begin());
        scores[text] +=
            idf_[static_cast<std::size_t>(column)] * part(matrix_->counts[entry], length, options_);
      }
    }
  });
  return scores;
}

}  // namespace wirecopy
