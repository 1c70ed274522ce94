#include "wirecopy/keywords/keyness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

struct Result {
  std::string_view term;
  std::int64_t n;
  double target;
  double reference;
  double target_pm;
  double reference_pm;
  double target_docs;
  double reference_docs;
  double g2;
  double g2_two_term;
  double log_ratio;
};

// What a row is ordered by; the greatest comes first.
using Order = double (*)(const Result&);

Order order_by(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, Order>, 6> kOrders{{
      {"g2", [](const Result& r) { return r.g2; }},
      {"g2_two_term", [](const Result& r) { return r.g2_two_term; }},
      {"log_ratio", [](const Result& r) { return r.log_ratio; }},
      {"target", [](const Result& r) { return r.target; }},
      {"reference", [](const Result& r) { return r.reference; }},
      // The smallest p-value, also where it is too small for a double.
      {"p_value", [](const Result& r) { return std::abs(r.g2); }},
  }};
  std::string names;
  for (const auto& [known, order] : kOrders) {
    if (known == name) return order;
    names += (names.empty() ? "" : ", ") + std::string(known);
  }
  throw InputError("sort", "'" + name + "'; must be one of " + names);
}

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

Table make_table(const std::vector<Result>& results) {
  Strings terms;
  std::vector<std::int64_t> n;
  std::array<std::vector<double>, 10> values;
  n.reserve(results.size());
  for (std::vector<double>& column : values) column.reserve(results.size());
  for (const Result& r : results) {
    terms.push_back(r.term);
    n.push_back(r.n);
    const std::array<double, 10> row{r.target,      r.reference,      r.target_pm, r.reference_pm,
                                     r.target_docs, r.reference_docs, r.g2,        r.g2_two_term,
                                     p_value(r.g2), r.log_ratio};
    for (std::size_t i = 0; i < row.size(); ++i) values[i].push_back(row[i]);
  }
  constexpr std::array kNames{"target",      "reference",      "target_pm", "reference_pm",
                              "target_docs", "reference_docs", "g2",        "g2_two_term",
                              "p_value",     "log_ratio"};
  static_assert(kNames.size() == std::tuple_size_v<decltype(values)>);
  Table table;
  table.add("term", std::move(terms));
  table.add("n", std::move(n));
  for (std::size_t i = 0; i < kNames.size(); ++i) table.add(kNames[i], std::move(values[i]));
  return table;
}

}  // namespace

Table keyness(const Counts& target, const Counts& reference, const KeynessOptions& options,
              const Run& run) {
  require_comparable(target, reference);
  const Order order = order_by(options.sort);
  const TermIndex in_reference = index_terms(reference);
  std::vector<bool> matched(reference.size());
  std::vector<Result> results;

  const auto add = [&](std::string_view term, std::int64_t n, double a, double b,
                       double target_docs, double reference_docs) {
    if (std::max(a, b) < options.min_frequency) return;
    if (std::max(target_docs, reference_docs) < options.min_documents) return;
    if (options.stopwords.at_edge_of(term)) return;
    const double c = target.total(n);
    const double d = reference.total(n);
    const Contingency t = Contingency::of_term(a, b, c, d);
    results.push_back({term, n, a, b, a / c * 1e6, b / d * 1e6, target_docs, reference_docs,
                       sign(t) * g2(t), sign(t) * g2_two_term(t), log_ratio(t)});
    if (results.size() % 65536 == 0) run.check();
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
  std::sort(results.begin(), results.end(), [order](const Result& x, const Result& y) {
    if (order(x) != order(y)) return order(x) > order(y);
    if (x.g2 != y.g2) return x.g2 > y.g2;
    return x.term < y.term;
  });
  return make_table(results);
}

}  // namespace wirecopy
