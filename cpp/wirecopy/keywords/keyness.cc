#include "wirecopy/keywords/keyness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/association_columns.h"
#include "wirecopy/keywords/association_kernel_portable.h"
#include "wirecopy/keywords/find_named.h"

namespace wirecopy {
namespace {

using kernel::log_of;

void require_comparable(const Counts& target, const Counts& reference) {
  if (target.min_n != reference.min_n || target.max_n != reference.max_n) {
    const auto range = [](const Counts& counts) {
      return "(" + std::to_string(counts.min_n) + ", " + std::to_string(counts.max_n) + ")";
    };
    throw InputError("reference", "counted with ngrams=" + range(reference) +
                                      ", the target with ngrams=" + range(target));
  }
  for (const auto& [name, counts] : {std::pair{"target", &target}, {"reference", &reference}}) {
    if (counts->left_out > 0) {
      throw InputError(name,
                       "counted with min_df, and the terms left out would pass for absent; "
                       "count without it and use min_docs here");
    }
    for (int n = counts->min_n; n <= counts->max_n; ++n) {
      if (counts->total(n) > 0) continue;
      const std::string what = n == 1 ? "word" : std::to_string(n) + "-gram";
      throw InputError(name, "has no " + what + " to compare");
    }
  }
}

// What is compared: a column for each thing known of the terms.
struct Rows {
  std::vector<std::string_view> term;
  std::vector<std::int64_t> n;
  std::vector<double> target_docs;
  std::vector<double> reference_docs;
  ContingencyColumns words;

  std::size_t size() const { return term.size(); }
};

Rows join(const Counts& target, const Counts& reference, const KeynessOptions& options,
          const Run& run) {
  const TermIndex in_reference = index_terms(reference);
  std::vector<bool> matched(reference.size());
  Rows rows;
  const auto add = [&](std::string_view term, std::int64_t n, double a, double b,
                       double target_docs, double reference_docs) {
    if (std::max(a, b) < options.min_frequency) return;
    if (std::max(target_docs, reference_docs) < options.min_documents) return;
    if (options.stopwords.at_edge_of(term)) return;
    rows.term.push_back(term);
    rows.n.push_back(n);
    rows.target_docs.push_back(target_docs);
    rows.reference_docs.push_back(reference_docs);
    rows.words.push_back(Contingency::of_term(a, b, target.total(n), reference.total(n)));
    if (rows.size() % 65536 == 0) run.check();
  };
  for (std::size_t i = 0; i < target.size(); ++i) {
    const std::string_view term = target.terms[i];
    const auto found = in_reference.find(term);
    double b = 0;
    double docs = 0;
    if (found != in_reference.end()) {
      matched[found->second] = true;
      b = reference.frequency[found->second];
      docs = reference.documents[found->second];
    }
    add(term, target.n[i], target.frequency[i], b, target.documents[i], docs);
  }
  for (std::size_t i = 0; i < reference.size(); ++i) {
    if (matched[i]) continue;
    add(reference.terms[i], reference.n[i], 0, reference.frequency[i], 0, reference.documents[i]);
  }
  run.check();
  return rows;
}

// The measures of a set of rows, each computed once.
class Measures {
 public:
  Measures(const Rows& rows, const Counts& target, const Counts& reference,
           const KeynessOptions& options, const Run& run)
      : rows_(rows), target_(target), reference_(reference), options_(options), run_(run) {}

  const std::vector<double>& operator[](const std::string& name) {
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second;
    return known_.emplace(name, compute(name)).first->second;
  }

 private:
  // f(row, its table) for each row.
  template <typename F>
  std::vector<double> each(const F& f) const {
    std::vector<double> out(rows_.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 16384 == 0) run_.check();
      out[i] = f(i, rows_.words[i]);
    }
    return out;
  }

  std::vector<double> compute(const std::string& name) {
    if (name == "target") return rows_.words.o11;
    if (name == "reference") return rows_.words.o12;
    if (name == "p_value") return p_values((*this)["g2"]);
    if (name == "log_ratio_low" || name == "log_ratio_high") {
      const double side = name == "log_ratio_low" ? -options_.quantile : options_.quantile;
      return each([&](std::size_t, const Contingency& t) {
        return log_ratio(t) + side * log_ratio_error(t);
      });
    }
    if (name == "bic") {
      return each(
          [](std::size_t, const Contingency& t) { return g2_two_term(t) - log_of(t.all()); });
    }
    if (name == "simple_maths") {
      const double k = options_.simple_maths;
      return each([k](std::size_t, const Contingency& t) {
        return (t.o11 / t.column1() * 1e6 + k) / (t.o12 / t.column2() * 1e6 + k);
      });
    }
    if (name == "log_odds" || name == "log_odds_z") {
      return each([&](std::size_t, const Contingency& t) {
        return weighted_log_odds(t, name == "log_odds_z");
      });
    }
    if (name == "tfidf_contrast") {
      require_documents(name);
      const double texts = target_.document_total + reference_.document_total;
      return each([&](std::size_t i, const Contingency& t) {
        const double with_term = rows_.target_docs[i] + rows_.reference_docs[i];
        return (t.o11 / t.column1() - t.o12 / t.column2()) * 1e6 * log_of(texts / with_term);
      });
    }
    if (name == "docs_g2") return association_column("g2", texts(name), run_);
    if (name == "docs_p_value") return p_values((*this)["docs_g2"]);
    if (name == "docs_log_ratio") return association_column("log_ratio", texts(name), run_);
    find_named(keyness_measures(), name, "measures", std::identity{});
    return association_column(name, rows_.words, run_);
  }

  std::vector<double> p_values(const std::vector<double>& statistics) const {
    return each(
        [&](std::size_t i, const Contingency&) { return wirecopy::p_value(statistics[i]); });
  }

  double weighted_log_odds(const Contingency& t, bool by_deviation) const {
    const double words = t.all();
    const double size = options_.prior_size > 0 ? options_.prior_size : words;
    const double prior = size * (t.row1() / words);
    const double a = t.o11 + prior;
    const double b = t.o12 + prior;
    // Both are 0 where the term is all there is.
    const double rest_a = t.o21 + (size - prior);
    const double rest_b = t.o22 + (size - prior);
    if (t.row2() <= 0) return 0;
    const double delta = log_of(a / rest_a) - log_of(b / rest_b);
    return by_deviation ? delta / std::sqrt(1 / a + 1 / b) : delta;
  }

  void require_documents(const std::string& measure) const {
    for (const auto& [name, counts] : {std::pair{"target", &target_}, {"reference", &reference_}}) {
      if (counts->document_total > 0) continue;
      throw InputError(name, "is a list of frequencies, and '" + measure + "' asks for texts");
    }
  }

  ContingencyColumns texts(const std::string& measure) const {
    require_documents(measure);
    ContingencyColumns tables;
    tables.reserve(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      tables.push_back(Contingency::of_term(rows_.target_docs[i], rows_.reference_docs[i],
                                            target_.document_total, reference_.document_total));
    }
    return tables;
  }

  const Rows& rows_;
  const Counts& target_;
  const Counts& reference_;
  const KeynessOptions& options_;
  const Run& run_;
  std::map<std::string, std::vector<double>> known_;
};

// p-values, by their names.
bool is_p(std::string_view measure) {
  constexpr std::array<std::string_view, 7> kNames{"p_value",      "chi2_p",   "chi2_yates_p",
                                                   "docs_p_value", "fisher_p", "fisher_greater",
                                                   "fisher_less"};
  return std::find(kNames.begin(), kNames.end(), measure) != kNames.end();
}

// What a row is ordered by: the greatest comes first.
std::vector<double> sort_keys(const KeynessOptions& options, Measures& measures) {
  const std::string& sort = options.sort;
  const bool chosen =
      std::find(options.measures.begin(), options.measures.end(), sort) != options.measures.end();
  if (!chosen && sort != "target" && sort != "reference" && sort != "g2") {
    std::string names = "g2, target, reference";
    for (const std::string& name : options.measures) {
      if (name != "g2") names += ", " + name;
    }
    throw InputError("sort", "'" + sort + "'; must be one of " + names);
  }
  // The smallest p-value, also where it is too small for a double.
  const bool of_g2 = sort == "p_value";
  std::vector<double> keys = measures[of_g2 ? "g2" : sort == "docs_p_value" ? "docs_g2" : sort];
  if (of_g2 || sort == "docs_p_value") {
    for (double& key : keys) key = std::abs(key);
  } else if (is_p(sort)) {
    for (double& key : keys) key = -key;
  }
  return keys;
}

std::vector<std::size_t> sorted_rows(const Rows& rows, const std::vector<double>& keys,
                                     const std::vector<double>& g2) {
  // Keys beside the rows, so that a comparison seldom looks further.
  std::vector<std::pair<double, std::size_t>> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = {keys[i], i};
  std::sort(order.begin(), order.end(), [&](const auto& x, const auto& y) {
    if (x.first != y.first) return x.first > y.first;
    if (g2[x.second] != g2[y.second]) return g2[x.second] > g2[y.second];
    return rows.term[x.second] < rows.term[y.second];
  });
  std::vector<std::size_t> sorted(order.size());
  std::transform(order.begin(), order.end(), sorted.begin(),
                 [](const auto& o) { return o.second; });
  return sorted;
}

template <typename T>
std::vector<T> taken(const std::vector<T>& values, const std::vector<std::size_t>& rows) {
  std::vector<T> out;
  out.reserve(rows.size());
  for (const std::size_t row : rows) out.push_back(values[row]);
  return out;
}

}  // namespace

std::vector<std::string_view> keyness_measures() {
  return {"g2",
          "g2_two_term",
          "p_value",
          "chi2",
          "chi2_p",
          "chi2_yates",
          "chi2_yates_p",
          "chi2_two_term",
          "fisher_p",
          "fisher_greater",
          "fisher_less",
          "bic",
          "log_ratio",
          "log_ratio_low",
          "log_ratio_high",
          "percent_diff",
          "odds_ratio",
          "difference_coefficient",
          "simple_maths",
          "log_odds",
          "log_odds_z",
          "pmi",
          "tfidf_contrast",
          "docs_g2",
          "docs_p_value",
          "docs_log_ratio"};
}

Table keyness(const Counts& target, const Counts& reference, const KeynessOptions& options,
              const Run& run) {
  require_comparable(target, reference);
  if (!(options.simple_maths > 0) || !std::isfinite(options.simple_maths)) {
    throw InputError("simple_maths", "must be finite and above 0");
  }
  const Rows rows = join(target, reference, options, run);
  Measures measures(rows, target, reference, options, run);
  const std::vector<double> keys = sort_keys(options, measures);
  const std::vector<double> g2 = measures["g2"];
  const std::vector<std::size_t> order = sorted_rows(rows, keys, g2);
  run.check();

  Table table;
  Strings terms;
  for (const std::size_t row : order) terms.push_back(rows.term[row]);
  table.add("term", std::move(terms));
  table.add("n", taken(rows.n, order));
  table.add("target", taken(rows.words.o11, order));
  table.add("reference", taken(rows.words.o12, order));
  const auto per_million = [&](const Counts& counts, const std::vector<double>& frequency) {
    std::vector<double> out;
    out.reserve(order.size());
    for (const std::size_t row : order) {
      out.push_back(frequency[row] / counts.total(rows.n[row]) * 1e6);
    }
    return out;
  };
  table.add("target_pm", per_million(target, rows.words.o11));
  table.add("reference_pm", per_million(reference, rows.words.o12));
  if (target.document_total > 0 && reference.document_total > 0) {
    table.add("target_docs", taken(rows.target_docs, order));
    table.add("reference_docs", taken(rows.reference_docs, order));
  }
  for (const std::string& name : options.measures) {
    const std::vector<double>& values = measures[name];
    table.add(name, taken(values, order));
    if (options.correction != Correction::kNone && is_p(name)) {
      table.add(name + "_adjusted", taken(adjusted(values, options.correction), order));
    }
  }
  return table;
}

Counts counts_of_list(std::span<const std::string> terms, std::span<const double> frequencies,
                      double total, int min_n, int max_n) {
  struct Row {
    std::string term;
    std::int64_t n;
    double frequency;
  };
  std::vector<Row> rows;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    if (!std::isfinite(frequencies[i]) || frequencies[i] < 0) {
      throw InputError("reference", at,
                       "'" + terms[i] + "' has the frequency " + std::to_string(frequencies[i]) +
                           "; must be finite and not negative");
    }
    std::string term = normalize_term(terms[i]);
    if (term.empty()) throw InputError("reference", at, "'" + terms[i] + "' has no word in it");
    const std::int64_t n = 1 + std::count(term.begin(), term.end(), ' ');
    if (n < min_n || n > max_n) {
      throw InputError("reference", at,
                       "'" + terms[i] + "' has " + std::to_string(n) + " words ('" + term +
                           "'), and n-grams of " + std::to_string(min_n) + " to " +
                           std::to_string(max_n) + " are compared");
    }
    rows.push_back({std::move(term), n, frequencies[i]});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& x, const Row& y) { return x.term < y.term; });
  std::vector<Row> summed;
  for (Row& row : rows) {
    if (!summed.empty() && summed.back().term == row.term) {
      summed.back().frequency += row.frequency;
    } else {
      summed.push_back(std::move(row));
    }
  }
  std::sort(summed.begin(), summed.end(), [](const Row& x, const Row& y) {
    if (x.n != y.n) return x.n < y.n;
    if (x.frequency != y.frequency) return x.frequency > y.frequency;
    return x.term < y.term;
  });
  Counts counts;
  counts.min_n = min_n;
  counts.max_n = max_n;
  counts.totals.assign(static_cast<std::size_t>(max_n - min_n) + 1, 0);
  for (const Row& row : summed) {
    if (row.frequency == 0) continue;
    counts.terms.push_back(row.term);
    counts.n.push_back(row.n);
    counts.frequency.push_back(row.frequency);
    counts.documents.push_back(0);
    counts.totals[static_cast<std::size_t>(row.n - min_n)] += row.frequency;
  }
  if (total > 0) {
    if (min_n != max_n) {
      throw InputError("reference_total", "is of n-grams of one length; several are compared");
    }
    if (total < counts.totals[0] * (1 - 1e-12)) {
      throw InputError("reference_total", std::to_string(total) +
                                              " is less than the sum of the frequencies, " +
                                              std::to_string(counts.totals[0]));
    }
    counts.totals[0] = total;
  }
  return counts;
}

std::vector<double> adjusted(std::span<const double> p_values, Correction correction) {
  std::vector<double> out(p_values.begin(), p_values.end());
  const auto m = static_cast<double>(out.size());
  if (correction == Correction::kBonferroni) {
    for (double& p : out) p = std::min(1.0, p * m);
  } else if (correction == Correction::kBenjaminiHochberg) {
    std::vector<std::size_t> order(out.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t x, std::size_t y) { return p_values[x] < p_values[y]; });
    double least = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
      const std::size_t row = order[rank - 1];
      least = std::min(least, p_values[row] * m / static_cast<double>(rank));
      out[row] = least;
    }
  }
  return out;
}

}  // namespace wirecopy
