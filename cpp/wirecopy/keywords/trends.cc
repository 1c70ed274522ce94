#include "wirecopy/keywords/trends.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/association.h"
#include "wirecopy/keywords/association_kernel_portable.h"

namespace wirecopy {
namespace {

using kernel::log_of;

// A term's counts, zeros included.
struct Series {
  std::vector<double> counts;
  std::vector<double> documents;

  Series(const PartCounts& counts_, std::size_t term)
      : counts(counts_.parts, 0), documents(counts_.parts, 0) {
    for (const PartCounts::Entry& entry : counts_.of(term)) {
      counts[entry.part] = entry.count;
      documents[entry.part] = entry.documents;
    }
  }
};

std::size_t row_of(const TrendRows& trends, std::size_t i) {
  const std::int64_t row = trends.rows[i];
  if (row < 0 || static_cast<std::size_t>(row) >= trends.counts.size()) {
    throw InputError("rows", static_cast<std::int64_t>(i), std::to_string(row) + "; no such term");
  }
  return static_cast<std::size_t>(row);
}

double rate(double count, double size) { return size > 0 ? count / size : 0; }

// 2 * (minus the log-likelihood) of a segment, less what no segmentation changes.
double segment_cost(double count, double exposure) {
  return count > 0 ? -2 * count * log_of(count / exposure) : 0;
}

}  // namespace

Interval wilson(double count, double all, double quantile) {
  if (all <= 0) return {0, 1};
  const double p = std::min(1.0, count / all);
  const double z2 = quantile * quantile / all;
  const double middle = p + z2 / 2;
  const double half =
      quantile * std::sqrt(p * (1 - p) / all + quantile * quantile / (4 * all * all));
  return {p > 0 ? std::max(0.0, (middle - half) / (1 + z2)) : 0,
          p < 1 ? std::min(1.0, (middle + half) / (1 + z2)) : 1};
}

std::vector<std::size_t> change_points(std::span<const double> counts,
                                       std::span<const double> exposure, double penalty,
                                       const Run& run) {
  std::vector<std::size_t> at;  // periods with exposure
  std::vector<double> count_before{0};
  std::vector<double> exposure_before{0};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (exposure[i] <= 0) continue;
    at.push_back(i);
    count_before.push_back(count_before.back() + counts[i]);
    exposure_before.push_back(exposure_before.back() + exposure[i]);
  }
  const std::size_t n = at.size();
  // best[t]: the least cost of the first t periods, and the last segment's begin that gives it.
  std::vector<double> best(n + 1, -penalty);
  std::vector<std::size_t> last(n + 1, 0);
  std::vector<double> costs;
  std::vector<std::size_t> begins;
  for (std::size_t t = 1; t <= n; ++t) {
    if (t % 64 == 0) run.check();
    begins.push_back(t - 1);
    costs.clear();
    best[t] = std::numeric_limits<double>::infinity();
    for (const std::size_t begin : begins) {
      const double cost = best[begin] + segment_cost(count_before[t] - count_before[begin],
                                                     exposure_before[t] - exposure_before[begin]);
      costs.push_back(cost);
      if (cost + penalty < best[t]) {
        best[t] = cost + penalty;
        last[t] = begin;
      }
    }
    // A begin that is dearer now even without a penalty will never be the cheapest.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < begins.size(); ++i) {
      if (costs[i] <= best[t] + 1e-9 * std::abs(best[t])) begins[kept++] = begins[i];
    }
    begins.resize(kept);
  }
  std::vector<std::size_t> points;
  for (std::size_t t = n; t > 0 && last[t] > 0; t = last[t]) points.push_back(at[last[t]]);
  std::reverse(points.begin(), points.end());
  return points;
}

std::vector<Burst> find_bursts(std::span<const double> relevant, std::span<const double> all,
                               const BurstOptions& options) {
  const std::size_t n = relevant.size();
  double of_term = 0;
  double of_all = 0;
  for (std::size_t t = 0; t < n; ++t) {
    of_term += relevant[t];
    of_all += all[t];
  }
  if (of_term <= 0 || of_all <= 0) return {};
  std::vector<double> shares{of_term / of_all};
  while (std::cmp_less(shares.size(), options.states) && shares.back() * options.s < 1) {
    shares.push_back(shares.back() * options.s);
  }
  const std::size_t states = shares.size();
  if (states < 2) return {};
  const auto cost = [&](std::size_t state, std::size_t t) {
    return -(relevant[t] * log_of(shares[state]) +
             std::max(0.0, all[t] - relevant[t]) * log_of(1 - shares[state]));
  };
  const double up = options.gamma * log_of(static_cast<double>(n));
  // from[t * states + j]: the state before state j at t on the cheapest path to it.
  std::vector<std::size_t> from(n * states, 0);
  std::vector<double> reach(states, std::numeric_limits<double>::infinity());
  reach[0] = 0;
  for (std::size_t t = 0; t < n; ++t) {
    std::vector<double> next(states, std::numeric_limits<double>::infinity());
    for (std::size_t j = 0; j < states; ++j) {
      for (std::size_t i = 0; i < states; ++i) {
        const double step = reach[i] + (j > i ? static_cast<double>(j - i) * up : 0);
        if (step < next[j]) {
          next[j] = step;
          from[t * states + j] = i;
        }
      }
      next[j] += cost(j, t);
    }
    reach = std::move(next);
  }
  std::vector<std::size_t> path(n);
  auto state =
      static_cast<std::size_t>(std::min_element(reach.begin(), reach.end()) - reach.begin());
  for (std::size_t t = n; t-- > 0;) {
    path[t] = state;
    state = from[t * states + state];
  }
  std::vector<Burst> bursts;
  for (std::size_t level = 1; level < states; ++level) {
    for (std::size_t begin = 0; begin < n; ++begin) {
      if (path[begin] < level) continue;
      Burst burst{begin, begin, static_cast<int>(level), 0};
      for (; burst.end < n && path[burst.end] >= level; ++burst.end) {
        burst.weight += cost(level - 1, burst.end) - cost(level, burst.end);
      }
      bursts.push_back(burst);
      begin = burst.end;
    }
  }
  std::stable_sort(bursts.begin(), bursts.end(),
                   [](const Burst& x, const Burst& y) { return x.begin < y.begin; });
  return bursts;
}

Table trend_table(const TrendRows& trends, double quantile, const Run& run) {
  const PartCounts& counts = trends.counts;
  Strings terms;
  Times periods;
  std::array<std::vector<double>, 5> values;
  for (std::size_t i = 0; i < trends.rows.size(); ++i) {
    run.check();
    const std::size_t row = row_of(trends, i);
    const Series series(counts, row);
    const std::span<const double> sizes = counts.sizes_of(counts.n[row]);
    for (std::size_t t = 0; t < counts.parts; ++t) {
      terms.push_back(counts.terms[row]);
      periods.micros.push_back(trends.starts[t]);
      const Interval interval = wilson(series.counts[t], sizes[t], quantile);
      const std::array cells{series.counts[t], series.documents[t],
                             rate(series.counts[t], sizes[t]) * 1e6, interval.low * 1e6,
                             interval.high * 1e6};
      for (std::size_t c = 0; c < cells.size(); ++c) values[c].push_back(cells[c]);
    }
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("period", std::move(periods));
  constexpr std::array kNames{"count", "documents", "per_million", "low", "high"};
  for (std::size_t c = 0; c < kNames.size(); ++c) table.add(kNames[c], std::move(values[c]));
  return table;
}

Table trend_terms(const TrendRows& trends, const Run& run) {
  const PartCounts& counts = trends.counts;
  Strings terms;
  std::vector<std::int64_t> n;
  std::vector<std::int64_t> periods;
  std::vector<double> frequency;
  std::vector<double> documents;
  std::vector<double> peak_pm;
  Times first;
  Times last;
  Times peak;
  for (std::size_t i = 0; i < trends.rows.size(); ++i) {
    run.check();
    const std::size_t row = row_of(trends, i);
    const std::span<const PartCounts::Entry> entries = counts.of(row);
    const std::span<const double> sizes = counts.sizes_of(counts.n[row]);
    double sum = 0;
    double texts = 0;
    double highest = 0;
    std::int64_t top = Times::kUnknown;
    for (const PartCounts::Entry& entry : entries) {
      sum += entry.count;
      texts += entry.documents;
      const double of_period = rate(entry.count, sizes[entry.part]);
      if (of_period > highest) {
        highest = of_period;
        top = trends.starts[entry.part];
      }
    }
    terms.push_back(counts.terms[row]);
    n.push_back(counts.n[row]);
    frequency.push_back(sum);
    documents.push_back(texts);
    periods.push_back(static_cast<std::int64_t>(entries.size()));
    first.micros.push_back(entries.empty() ? Times::kUnknown : trends.starts[entries.front().part]);
    last.micros.push_back(entries.empty() ? Times::kUnknown : trends.starts[entries.back().part]);
    peak.micros.push_back(top);
    peak_pm.push_back(highest * 1e6);
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("n", std::move(n));
  table.add("frequency", std::move(frequency));
  table.add("documents", std::move(documents));
  table.add("periods", std::move(periods));
  table.add("first", std::move(first));
  table.add("last", std::move(last));
  table.add("peak", std::move(peak));
  table.add("peak_pm", std::move(peak_pm));
  return table;
}

Table change_table(const TrendRows& trends, double strictness, const Run& run) {
  const PartCounts& counts = trends.counts;
  Strings terms;
  Times periods;
  std::array<std::vector<double>, 4> values;
  run.begin("changes", trends.rows.size());
  for (std::size_t i = 0; i < trends.rows.size(); ++i) {
    run.check();
    const std::size_t row = row_of(trends, i);
    const Series series(counts, row);
    const std::span<const double> sizes = counts.sizes_of(counts.n[row]);
    const auto with_words =
        std::count_if(sizes.begin(), sizes.end(), [](double s) { return s > 0; });
    const double penalty =
        strictness * log_of(static_cast<double>(std::max<std::ptrdiff_t>(with_words, 1)));
    std::vector<std::size_t> bounds{0};
    for (const std::size_t point : change_points(series.counts, sizes, penalty, run)) {
      bounds.push_back(point);
    }
    bounds.push_back(counts.parts);
    const auto sum = [&](std::span<const double> of, std::size_t segment) {
      double total = 0;
      for (std::size_t t = bounds[segment]; t < bounds[segment + 1]; ++t) total += of[t];
      return total;
    };
    for (std::size_t segment = 1; segment + 1 < bounds.size(); ++segment) {
      const Contingency t =
          Contingency::of_term(sum(series.counts, segment), sum(series.counts, segment - 1),
                               sum(sizes, segment), sum(sizes, segment - 1));
      terms.push_back(counts.terms[row]);
      periods.micros.push_back(trends.starts[bounds[segment]]);
      const std::array cells{rate(t.o12, t.column2()) * 1e6, rate(t.o11, t.column1()) * 1e6,
                             log_ratio(t), sign(t) * g2_two_term(t)};
      for (std::size_t c = 0; c < cells.size(); ++c) values[c].push_back(cells[c]);
    }
    run.advance(1);
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("period", std::move(periods));
  constexpr std::array kNames{"before_pm", "after_pm", "log_ratio", "g2"};
  for (std::size_t c = 0; c < kNames.size(); ++c) table.add(kNames[c], std::move(values[c]));
  return table;
}

Table burst_table(const TrendRows& trends, const BurstOptions& options, const Run& run) {
  const PartCounts& counts = trends.counts;
  Strings terms;
  std::vector<std::int64_t> levels;
  Times begins;
  Times ends;
  std::vector<std::int64_t> periods;
  std::vector<double> documents;
  std::vector<double> weights;
  for (std::size_t i = 0; i < trends.rows.size(); ++i) {
    run.check();
    const std::size_t row = row_of(trends, i);
    const Series series(counts, row);
    for (const Burst& burst : find_bursts(series.documents, counts.texts, options)) {
      double texts = 0;
      for (std::size_t t = burst.begin; t < burst.end; ++t) texts += series.documents[t];
      terms.push_back(counts.terms[row]);
      levels.push_back(burst.level);
      begins.micros.push_back(trends.starts[burst.begin]);
      ends.micros.push_back(trends.starts[burst.end - 1]);
      periods.push_back(static_cast<std::int64_t>(burst.end - burst.begin));
      documents.push_back(texts);
      weights.push_back(burst.weight);
    }
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("level", std::move(levels));
  table.add("begin", std::move(begins));
  table.add("end", std::move(ends));
  table.add("periods", std::move(periods));
  table.add("documents", std::move(documents));
  table.add("weight", std::move(weights));
  return table;
}

Counts counts_of_parts(const PartCounts& counts, std::size_t begin, std::size_t end) {
  Counts sum;
  sum.min_n = counts.min_n;
  sum.max_n = counts.max_n;
  for (std::size_t term = 0; term < counts.size(); ++term) {
    double frequency = 0;
    double documents = 0;
    for (const PartCounts::Entry& entry : counts.of(term)) {
      if (entry.part < begin || entry.part >= end) continue;
      frequency += entry.count;
      documents += entry.documents;
    }
    if (frequency <= 0) continue;
    sum.terms.push_back(counts.terms[term]);
    sum.n.push_back(counts.n[term]);
    sum.frequency.push_back(frequency);
    sum.documents.push_back(documents);
  }
  for (int n = counts.min_n; n <= counts.max_n; ++n) {
    double words = 0;
    for (std::size_t part = begin; part < end; ++part) words += counts.sizes_of(n)[part];
    sum.totals.push_back(words);
  }
  for (std::size_t part = begin; part < end; ++part) sum.document_total += counts.texts[part];
  return sum;
}

}  // namespace wirecopy
