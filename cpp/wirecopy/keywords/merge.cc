#include "wirecopy/keywords/merge.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{1} << 24;

void require_mergeable(const Counts& a, const Counts& b) {
  const auto what = [](const Counts& counts) {
    return "ngrams=(" + std::to_string(counts.min_n) + ", " + std::to_string(counts.max_n) +
           "), skip=" + std::to_string(counts.skip);
  };
  if (a.min_n != b.min_n || a.max_n != b.max_n || a.skip != b.skip) {
    throw InputError("other", "counted with " + what(b) + ", these with " + what(a));
  }
  if (a.left_out > 0 || b.left_out > 0) {
    throw InputError(a.left_out > 0 ? "counts" : "other",
                     "min_df or max_df left terms out, which would pass for absent; count without "
                     "them, merge, and then keep_documents");
  }
}

// Compares terms word by word: a space comes before everything.
bool before(std::string_view a, std::string_view b) {
  const auto order = [](char c) { return c == ' ' ? 0 : 1 + static_cast<unsigned char>(c); };
  return std::ranges::lexicographical_compare(a, b, {}, order, order);
}

// A term of either side: its rows there, or none.
struct Row {
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t a = kNone;
  std::size_t b = kNone;
  double frequency = 0;
};

class Merger {
 public:
  Merger(const Counts& a, const Counts& b)
      : a_(&a), b_(&b), weighted_(a.weighted() || b.weighted()) {}

  Counts merge(const Run& run) {
    match();
    run.check();
    for (Row& row : rows_) {
      row.frequency = weighted_
                          ? to_weight(units(row, &Counts::frequency_units, &Counts::frequency))
                          : sum(row, &Counts::frequency);
    }
    std::sort(rows_.begin(), rows_.end(), [this](const Row& x, const Row& y) {
      if (n(x) != n(y)) return n(x) < n(y);
      if (x.frequency != y.frequency) return x.frequency > y.frequency;
      return before(term(x), term(y));
    });
    run.check();
    write_rows();
    write_totals();
    return std::move(merged_);
  }

 private:
  void match() {
    absl::flat_hash_map<std::pair<std::int64_t, std::string_view>, std::size_t> in_a;
    in_a.reserve(a_->size());
    rows_.reserve(a_->size() + b_->size());
    for (std::size_t row = 0; row < a_->size(); ++row) {
      in_a.emplace(std::pair{a_->n[row], a_->terms[row]}, row);
      rows_.push_back({.a = row});
    }
    for (std::size_t row = 0; row < b_->size(); ++row) {
      const auto found = in_a.find({b_->n[row], b_->terms[row]});
      if (found == in_a.end()) {
        rows_.push_back({.b = row});
      } else {
        rows_[found->second].b = row;
      }
    }
  }

  std::string_view term(const Row& row) const {
    return row.a != Row::kNone ? a_->terms[row.a] : b_->terms[row.b];
  }
  std::int64_t n(const Row& row) const { return row.a != Row::kNone ? a_->n[row.a] : b_->n[row.b]; }

  using Values = std::vector<double> Counts::*;
  using Units = std::vector<WeightSum> Counts::*;

  double sum(const Row& row, Values values) const {
    return (row.a != Row::kNone ? (a_->*values)[row.a] : 0) +
           (row.b != Row::kNone ? (b_->*values)[row.b] : 0);
  }

  static WeightSum units(const Counts& counts, std::size_t row, Units units, Values values) {
    return counts.weighted() ? (counts.*units)[row] : to_units((counts.*values)[row]);
  }
  WeightSum units(const Row& row, Units of_units, Values values) const {
    return (row.a != Row::kNone ? units(*a_, row.a, of_units, values) : 0) +
           (row.b != Row::kNone ? units(*b_, row.b, of_units, values) : 0);
  }

  // What a side may have missed of a term.
  static double undercount(const Counts& counts, std::size_t row) {
    if (row == Row::kNone) return counts.undercount;
    return counts.undercounts.empty() ? 0 : counts.undercounts[row];
  }

  void write_rows() {
    const bool exact = a_->undercount == 0 && b_->undercount == 0;
    for (const Row& row : rows_) {
      merged_.terms.push_back(term(row));
      merged_.n.push_back(n(row));
      merged_.frequency.push_back(row.frequency);
      if (weighted_) {
        merged_.frequency_units.push_back(units(row, &Counts::frequency_units, &Counts::frequency));
        merged_.document_units.push_back(units(row, &Counts::document_units, &Counts::documents));
        merged_.documents.push_back(to_weight(merged_.document_units.back()));
      } else {
        merged_.documents.push_back(sum(row, &Counts::documents));
      }
      if (!exact) {
        merged_.undercounts.push_back(undercount(*a_, row.a) + undercount(*b_, row.b));
      }
    }
    merged_.undercount = a_->undercount + b_->undercount;
  }

  void write_totals() {
    merged_.min_n = a_->min_n;
    merged_.max_n = a_->max_n;
    merged_.skip = a_->skip;
    merged_.texts = a_->texts + b_->texts;
    for (std::size_t i = 0; i < a_->totals.size(); ++i) {
      double total = a_->totals[i] + b_->totals[i];
      if (weighted_) {
        merged_.total_units.push_back(units(*a_, i, &Counts::total_units, &Counts::totals) +
                                      units(*b_, i, &Counts::total_units, &Counts::totals));
        total = to_weight(merged_.total_units.back());
      }
      if (total > kLargestTotal) throw InputError("other", "together they weigh more than 2^53");
      merged_.totals.push_back(total);
    }
    merged_.document_total = a_->document_total + b_->document_total;
    if (!weighted_) return;
    const auto documents = [](const Counts& counts) {
      return counts.weighted() ? counts.document_total_units : to_units(counts.document_total);
    };
    merged_.document_total_units = documents(*a_) + documents(*b_);
    merged_.document_total = to_weight(merged_.document_total_units);
  }

  const Counts* a_;
  const Counts* b_;
  bool weighted_;
  std::vector<Row> rows_;
  Counts merged_;
};

template <typename T>
void keep(std::vector<T>& values, const std::vector<std::size_t>& rows) {
  if (values.empty()) return;
  for (std::size_t i = 0; i < rows.size(); ++i) values[i] = values[rows[i]];
  values.resize(rows.size());
}

// Row numbers at which batches begin, and the end: by bytes of UTF-8.
std::vector<std::size_t> batch_bounds(const TextColumn& texts) {
  std::vector<std::size_t> bounds{0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    bytes += texts.utf8_bytes(i);
    if (bytes < kBatchBytes) continue;
    bounds.push_back(i + 1);
    bytes = 0;
  }
  if (bounds.back() != texts.size() || bounds.size() == 1) bounds.push_back(texts.size());
  return bounds;
}

}  // namespace

Counts merge_counts(const Counts& a, const Counts& b, const Run& run) {
  require_mergeable(a, b);
  return Merger(a, b).merge(run);
}

void keep_frequent(Counts& counts, std::size_t most) {
  if (counts.size() <= most) return;
  std::vector<std::size_t> rows(counts.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto cut = rows.begin() + static_cast<std::ptrdiff_t>(most);
  std::nth_element(rows.begin(), cut, rows.end(), [&](std::size_t x, std::size_t y) {
    if (counts.frequency[x] != counts.frequency[y]) {
      return counts.frequency[x] > counts.frequency[y];
    }
    return x < y;
  });
  for (auto row = cut; row != rows.end(); ++row) {
    const double missed = counts.undercounts.empty() ? 0 : counts.undercounts[*row];
    counts.undercount = std::max(counts.undercount, counts.frequency[*row] + missed);
  }
  rows.erase(cut, rows.end());
  std::sort(rows.begin(), rows.end());
  Strings terms;
  for (const std::size_t row : rows) terms.push_back(counts.terms[row]);
  counts.terms = std::move(terms);
  if (counts.undercounts.empty()) counts.undercounts.resize(counts.size());
  keep(counts.n, rows);
  keep(counts.frequency, rows);
  keep(counts.documents, rows);
  keep(counts.frequency_units, rows);
  keep(counts.document_units, rows);
  keep(counts.undercounts, rows);
  counts.occurrences = nullptr;
}

Counts count_bounded(const TextColumn& texts, std::span<const double> weights,
                     const CountOptions& options, std::size_t most, const Run& run) {
  const Weights checked(weights, texts.size());
  CountOptions all = options;
  all.min_df = {};
  all.max_df = CountOptions().max_df;
  all.keep_occurrences = false;
  const std::vector<std::size_t> bounds = batch_bounds(texts);
  Counts counts;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    TextColumn batch(texts.name());
    batch.reserve(bounds[i + 1] - bounds[i]);
    for (std::size_t row = bounds[i]; row < bounds[i + 1]; ++row) {
      texts.is_null(row) ? batch.push_null() : batch.push_back(texts.stored(row));
    }
    const std::span<const double> of_batch =
        checked.given() ? weights.subspan(bounds[i], bounds[i + 1] - bounds[i]) : weights;
    Counts more;
    try {
      more = count_terms(batch, of_batch, all, run);
    } catch (const InputError& error) {
      if (!error.row()) throw;
      texts.fail_surrogate();  // the same, with the row's number among all
    }
    counts = i == 0 ? std::move(more) : merge_counts(counts, more, run);
    keep_frequent(counts, most);
  }
  return keep_documents(counts, options.min_df, options.max_df, run);
}

}  // namespace wirecopy
