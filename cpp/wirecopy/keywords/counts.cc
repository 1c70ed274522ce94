#include "wirecopy/keywords/counts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/prefetch.h"
#include "wirecopy/keywords/ngrams.h"
#include "wirecopy/keywords/radix_sort.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

void require_limit(const char* argument, const DocumentLimit& limit) {
  if (std::isnan(limit.value) || limit.value < 0 || (limit.is_share && limit.value > 1)) {
    throw InputError(argument, std::to_string(limit.value) + "; must be " +
                                   (limit.is_share ? "a share from 0 to 1" : "0 or more"));
  }
}

void require_options(const CountOptions& options) {
  if (options.min_n < 1 || options.max_n < options.min_n || options.max_n > kMaxNgram) {
    throw InputError("ngrams", "(" + std::to_string(options.min_n) + ", " +
                                   std::to_string(options.max_n) +
                                   "); need 1 <= min <= max <= " + std::to_string(kMaxNgram));
  }
  if (options.skip < 0 || options.skip > kMaxSkip) {
    throw InputError(
        "skip", std::to_string(options.skip) + "; must be from 0 to " + std::to_string(kMaxSkip));
  }
  require_limit("min_df", options.min_df);
  require_limit("max_df", options.max_df);
}

// The sums of a level's n-grams, by number.
struct Sums {
  std::vector<WeightSum> frequency;
  std::vector<WeightSum> documents;
};

// Weights of the texts in units; null texts weigh nothing.
std::vector<WeightSum> weights_in_units(const Weights& weights, const Tokens& tokens) {
  std::vector<WeightSum> units(tokens.texts());
  for (std::size_t text = 0; text < units.size(); ++text) {
    if (tokens.nulls[text] == 0) units[text] = to_units(weights[text]);
  }
  return units;
}

Sums weigh(const NgramLevel& level, const std::vector<WeightSum>& weights, const Run& run) {
  Sums sums;
  sums.frequency.resize(level.ngrams.size());
  sums.documents.resize(level.ngrams.size());
  std::vector<std::uint32_t> last(level.ngrams.size());  // text that has it, plus 1
  for (std::size_t text = 0; text < weights.size(); ++text) {
    if (text % 4096 == 0) run.check();
    const auto mark = static_cast<std::uint32_t>(text + 1);
    for (std::uint64_t i = level.starts[text]; i < level.starts[text + 1]; ++i) {
      const std::uint32_t number = level.occurrences[static_cast<std::size_t>(i)];
      sums.frequency[number] += weights[text];
      if (last[number] != mark) sums.documents[number] += weights[text];
      last[number] = mark;
    }
  }
  return sums;
}

class Counter {
 public:
  Counter(Tokens& tokens, const Weights& weights, const CountOptions& options, const Run& run)
      : tokens_(&tokens), options_(&options), run_(&run) {
    if (weights.given()) weights_ = weights_in_units(weights, tokens);
    counts_.texts = static_cast<std::int64_t>(tokens.texts());
    counts_.min_n = options.min_n;
    counts_.max_n = options.max_n;
    counts_.skip = options.skip;
    sum_documents(weights);
    min_df_ = limit(options.min_df);
    max_df_ = limit(options.max_df);
    if (options.keep_occurrences) occurrences_ = std::make_shared<Occurrences>();
  }

  Counts count() {
    if (occurrences_) describe_texts();
    Ngrams ngrams(*tokens_, options_->min_n, options_->max_n, options_->skip, *run_);
    for (int n = options_->min_n; n <= options_->max_n; ++n) sum_total(ngrams.level(n));
    for (int n = options_->min_n; n <= options_->max_n; ++n) {
      add_level(n, ngrams);
      run_->check();
    }
    counts_.occurrences = std::move(occurrences_);
    return std::move(counts_);
  }

 private:
  // Rows ahead of the one at work whose n-gram is fetched.
  static constexpr std::size_t kAhead = 16;

  double limit(const DocumentLimit& limit) const {
    return limit.is_share ? limit.value * counts_.document_total : limit.value;
  }

  void sum_documents(const Weights& weights) {
    std::size_t texts = 0;
    double total = 0;
    for (std::size_t text = 0; text < tokens_->texts(); ++text) {
      if (tokens_->nulls[text] != 0) continue;
      ++texts;
      total += weights[text];
    }
    if (total > kLargestTotal) fail_too_heavy();
    counts_.document_total = static_cast<double>(texts);
    if (!weights.given()) return;
    for (const WeightSum weight : weights_) counts_.document_total_units += weight;
    counts_.document_total = to_weight(counts_.document_total_units);
  }

  [[noreturn]] static void fail_too_heavy() {
    throw InputError("weights", "too large: all words together weigh more than 2^53");
  }

  void sum_total(const NgramLevel& level) {
    if (weights_.empty()) {
      counts_.totals.push_back(static_cast<double>(level.starts.back()));
      return;
    }
    WeightSum total = 0;
    const WeightSum most = to_units(kLargestTotal);
    for (std::size_t text = 0; text < weights_.size(); ++text) {
      // A weight is below 2^113 units and a text has fewer than 2^32 words: in doubles first, where
      // nothing runs over.
      const std::uint64_t words = level.starts[text + 1] - level.starts[text];
      if (std::ldexp(static_cast<double>(weights_[text]), -kWeightBits) *
              static_cast<double>(words) >
          kLargestTotal) {
        fail_too_heavy();
      }
      total += weights_[text] * words;
      if (total > most) fail_too_heavy();
    }
    counts_.total_units.push_back(total);
    counts_.totals.push_back(to_weight(total));
  }

  void describe_texts() {
    occurrences_->nulls = tokens_->nulls;
    occurrences_->text_words.reserve(tokens_->texts());
    for (std::size_t text = 0; text < tokens_->texts(); ++text) {
      occurrences_->text_words.push_back(
          static_cast<std::uint32_t>(tokens_->starts[text + 1] - tokens_->starts[text]));
    }
  }

  void add_level(int n, Ngrams& ngrams) {
    NgramLevel& level = ngrams.level(n);
    Sums sums;
    if (!weights_.empty()) sums = weigh(level, weights_, *run_);
    const std::vector<std::uint32_t> rows = rows_of(n, ngrams, sums);
    const std::size_t first = counts_.size();
    write(n, ngrams, rows, sums);
    if (!occurrences_) return;
    Occurrences::Level kept;
    reserve_huge(kept.row_of, level.ngrams.size());
    kept.row_of.resize(level.ngrams.size(), Occurrences::kNoRow);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      kept.row_of[rows[i]] = static_cast<std::uint32_t>(first + i);
    }
    kept.numbers = std::make_shared<const std::vector<std::uint32_t>>(std::move(level.occurrences));
    kept.starts = std::make_shared<const std::vector<std::uint64_t>>(std::move(level.starts));
    occurrences_->levels.push_back(std::move(kept));
  }

  double frequency_of(const NgramLevel& level, const Sums& sums, std::uint32_t number) const {
    return weights_.empty() ? static_cast<double>(level.ngrams[number].frequency)
                            : to_weight(sums.frequency[number]);
  }
  double documents_of(const NgramLevel& level, const Sums& sums, std::uint32_t number) const {
    return weights_.empty() ? static_cast<double>(level.ngrams[number].documents)
                            : to_weight(sums.documents[number]);
  }

  // The numbers of the n-grams that are rows, in their order.
  std::vector<std::uint32_t> rows_of(int n, Ngrams& ngrams, const Sums& sums) {
    const NgramLevel& level = ngrams.level(n);
    // The vocabulary is in this order as it is, where all texts weigh the same.
    const bool in_order = n == 1 && weights_.empty();
    std::vector<std::uint32_t> rows;
    if (in_order) {
      rows.resize(level.ngrams.size());
      std::iota(rows.begin(), rows.end(), std::uint32_t{0});
    } else {
      rows = ngrams.in_order(n, *run_);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i + kAhead < rows.size()) prefetch(&level.ngrams[rows[i + kAhead]]);
      const std::uint32_t number = rows[i];
      if (!weights_.empty() && sums.documents[number] == 0) continue;
      const double documents = documents_of(level, sums, number);
      if (documents < min_df_ || documents > max_df_) {
        ++counts_.left_out;
        continue;
      }
      rows[kept++] = number;
    }
    rows.resize(kept);
    return in_order ? rows : by_frequency(level, sums, rows);
  }

  // Most frequent first; equal ones stay in their order.
  std::vector<std::uint32_t> by_frequency(const NgramLevel& level, const Sums& sums,
                                          std::span<const std::uint32_t> rows) const {
    const bool weighted = !weights_.empty();
    return sorted_by_key(rows.size(), weighted ? 64 : 32, 32, [&](auto use) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i + kAhead < rows.size()) prefetch(&level.ngrams[rows[i + kAhead]]);
        // The bits of a double that is not negative are ordered as it is.
        use(weighted ? ~std::bit_cast<std::uint64_t>(frequency_of(level, sums, rows[i]))
                     : std::uint64_t{~level.ngrams[rows[i]].frequency},
            rows[i]);
      }
    });
  }

  void write(int n, const Ngrams& ngrams, std::span<const std::uint32_t> rows, const Sums& sums) {
    const std::size_t size = counts_.size() + rows.size();
    if (size >= Occurrences::kNoRow / 2) {
      throw InputError("texts", "two billion different n-grams; count in parts and merge them");
    }
    reserve_huge(counts_.terms.offsets, size + 1);
    reserve_huge(counts_.n, size);
    counts_.n.resize(size, n);
    reserve_huge(counts_.frequency, size);
    reserve_huge(counts_.documents, size);
    reserve_terms(n, ngrams, rows);
    const NgramLevel& level = ngrams.level(n);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i + kAhead < rows.size()) prefetch(&level.ngrams[rows[i + kAhead]]);
      const std::uint32_t number = rows[i];
      ngrams.append(n, number, counts_.terms.bytes);
      counts_.terms.offsets.push_back(static_cast<std::int64_t>(counts_.terms.bytes.size()));
      counts_.frequency.push_back(frequency_of(level, sums, number));
      counts_.documents.push_back(documents_of(level, sums, number));
      if (weights_.empty()) continue;
      counts_.frequency_units.push_back(sums.frequency[number]);
      counts_.document_units.push_back(sums.documents[number]);
    }
  }

  // Room for the terms of the rows, by the length of some of them: to grow would copy them all.
  void reserve_terms(int n, const Ngrams& ngrams, std::span<const std::uint32_t> rows) {
    constexpr std::size_t kStride = 64;
    if (rows.size() < 100 * kStride) return;
    std::string some;
    std::size_t looked = 0;
    for (std::size_t i = 0; i < rows.size(); i += kStride, ++looked) {
      ngrams.append(n, rows[i], some);
    }
    std::string& bytes = counts_.terms.bytes;
    reserve_huge(bytes, bytes.size() + some.size() * (rows.size() + rows.size() / 16) / looked);
  }

  Tokens* tokens_;
  const CountOptions* options_;
  const Run* run_;
  std::vector<WeightSum> weights_;  // empty: each counts once
  double min_df_ = 0;
  double max_df_ = 0;
  std::shared_ptr<Occurrences> occurrences_;
  Counts counts_;
};

}  // namespace

Counts count_terms(Tokens tokens, std::span<const double> weight_values,
                   const CountOptions& options, const Run& run) {
  require_options(options);
  return Counter(tokens, Weights(weight_values, tokens.texts()), options, run).count();
}

Counts count_terms(const TextColumn& texts, std::span<const double> weight_values,
                   const CountOptions& options, const Run& run) {
  require_options(options);
  const Weights weights(weight_values, texts.size());
  // Words alone are counted while they are read.
  const bool ids = options.max_n > 1 || weights.given() || options.keep_occurrences;
  return count_terms(tokenize(texts, {.ids = ids}, run), weight_values, options, run);
}

Counts keep_documents(const Counts& counts, const DocumentLimit& min_df,
                      const DocumentLimit& max_df, const Run& run) {
  require_limit("min_df", min_df);
  require_limit("max_df", max_df);
  const auto number = [&](const DocumentLimit& limit) {
    return limit.is_share ? limit.value * counts.document_total : limit.value;
  };
  const double least = number(min_df);
  const double most = number(max_df);
  Counts kept;
  std::vector<std::uint32_t> row_of(counts.size(), Occurrences::kNoRow);
  for (std::size_t row = 0; row < counts.size(); ++row) {
    if (counts.documents[row] < least || counts.documents[row] > most) continue;
    row_of[row] = static_cast<std::uint32_t>(kept.size());
    kept.terms.push_back(counts.terms[row]);
    kept.n.push_back(counts.n[row]);
    kept.frequency.push_back(counts.frequency[row]);
    kept.documents.push_back(counts.documents[row]);
    if (counts.weighted()) {
      kept.frequency_units.push_back(counts.frequency_units[row]);
      kept.document_units.push_back(counts.document_units[row]);
    }
    if (!counts.undercounts.empty()) kept.undercounts.push_back(counts.undercounts[row]);
  }
  run.check();
  kept.totals = counts.totals;
  kept.total_units = counts.total_units;
  kept.document_total = counts.document_total;
  kept.document_total_units = counts.document_total_units;
  kept.texts = counts.texts;
  kept.min_n = counts.min_n;
  kept.max_n = counts.max_n;
  kept.skip = counts.skip;
  kept.left_out = counts.left_out + static_cast<std::int64_t>(counts.size() - kept.size());
  kept.undercount = counts.undercount;
  if (counts.occurrences) {
    auto occurrences = std::make_shared<Occurrences>(*counts.occurrences);
    for (Occurrences::Level& level : occurrences->levels) {
      for (std::uint32_t& row : level.row_of) {
        if (row != Occurrences::kNoRow) row = row_of[row];
      }
    }
    kept.occurrences = std::move(occurrences);
  }
  return kept;
}

Counts counts_of_columns(Counts columns) {
  require_options({.min_n = columns.min_n, .max_n = columns.max_n, .skip = columns.skip});
  const auto lengths = static_cast<std::size_t>(columns.max_n - columns.min_n) + 1;
  if (columns.totals.size() != lengths) {
    throw InputError("totals", "must be one for each length of n-grams");
  }
  const auto require_column = [](const char* name, const std::vector<double>& values,
                                 std::size_t size) {
    if (values.size() != size) throw InputError(name, "must be as many as there are rows");
    for (std::size_t row = 0; row < size; ++row) {
      if (std::isfinite(values[row]) && values[row] >= 0) continue;
      throw InputError(name, static_cast<std::int64_t>(row),
                       std::to_string(values[row]) + "; must be finite and not negative");
    }
  };
  if (columns.terms.offsets.size() != columns.size() + 1) {
    throw InputError("terms", "must be as many as there are rows");
  }
  for (std::size_t row = 0; row < columns.size(); ++row) {
    const std::int64_t n = columns.n[row];
    if (n >= columns.min_n && n <= columns.max_n) continue;
    throw InputError("n", static_cast<std::int64_t>(row),
                     std::to_string(n) + "; n-grams of that length were not counted");
  }
  require_column("frequency", columns.frequency, columns.size());
  require_column("documents", columns.documents, columns.size());
  require_column("totals", columns.totals, lengths);
  require_column("document_total", {columns.document_total}, 1);
  return columns;
}

Table counts_table(const Counts& counts, std::span<const std::int64_t> rows) {
  Strings terms;
  std::vector<std::int64_t> n;
  std::vector<double> frequency;
  std::vector<double> documents;
  std::vector<double> per_million;
  n.reserve(rows.size());
  frequency.reserve(rows.size());
  documents.reserve(rows.size());
  per_million.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<std::size_t>(rows[i]);
    if (rows[i] < 0 || row >= counts.size()) {
      throw InputError("rows", static_cast<std::int64_t>(i),
                       std::to_string(rows[i]) + "; there are " + std::to_string(counts.size()));
    }
    terms.push_back(counts.terms[row]);
    n.push_back(counts.n[row]);
    frequency.push_back(counts.frequency[row]);
    documents.push_back(counts.documents[row]);
    per_million.push_back(counts.frequency[row] / counts.total(counts.n[row]) * 1e6);
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("n", std::move(n));
  table.add("frequency", std::move(frequency));
  table.add("documents", std::move(documents));
  table.add("per_million", std::move(per_million));
  return table;
}

TermIndex index_terms(const Counts& counts) {
  TermIndex index;
  index.reserve(counts.size());
  for (std::size_t row = 0; row < counts.size(); ++row) index.emplace(counts.terms[row], row);
  return index;
}

std::string normalize_term(std::string_view text) {
  WordScanner scanner(WordRule::kCount);
  scanner.scan(text);
  std::string term;
  for (std::size_t i = 0; i < scanner.size(); ++i) {
    if (i > 0) term.push_back(' ');
    term.append(scanner[i]);
  }
  return term;
}

Stopwords::Stopwords(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = normalize_term(words[i]);
    if (word.find(' ') != std::string::npos) {
      throw InputError("stopwords", "'" + words[i] + "' is more than one word ('" + word + "')");
    }
    if (!word.empty()) words_.insert(std::move(word));
  }
}

Stopwords Stopwords::as_they_are(const std::vector<std::string>& words) {
  Stopwords stopwords;
  stopwords.words_.insert(words.begin(), words.end());
  return stopwords;
}

bool Stopwords::at_edge_of(std::string_view term) const {
  if (words_.empty()) return false;
  const std::size_t first_end = std::min(term.find(' '), term.size());
  if (words_.contains(term.substr(0, first_end))) return true;
  const std::size_t last_space = term.rfind(' ');
  return last_space != std::string_view::npos && words_.contains(term.substr(last_space + 1));
}

}  // namespace wirecopy
