// How terms rise and fall over periods of time: rates, changes and bursts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/keywords/part_counts.h"

namespace wirecopy {

// Bounds of the share of which `count` of `all` was seen: Wilson's (1927, "Probable inference")
// score interval, at `quantile` of the normal distribution. Of nothing, all is possible: 0 to 1.
struct Interval {
  double low;
  double high;
};
Interval wilson(double count, double all, double quantile);

// Where the rate of a series changes: positions at which a new segment begins, ascending. Counts
// are taken as Poisson with means rate * exposure, the rate being constant within a segment; the
// segmentation has the least sum of 2 * (minus the log-likelihood) plus `penalty` for each change
// point, found exactly by PELT (Killick, Fearnhead and Eckley 2012, "Optimal detection of
// changepoints with a linear computational cost"). Periods without exposure belong to the segment
// before. Of equal segmentations the one with the longest last segments.
std::vector<std::size_t> change_points(std::span<const double> counts,
                                       std::span<const double> exposure, double penalty,
                                       const Run& run);

// Kleinberg's (2002, "Bursty and hierarchical structure in streams", section 4) automaton for
// batches: `relevant` of `all` texts in each period. State i has the share p0 * s^i, with p0 that
// of the whole, and costs minus the log of the binomial chance; to go up a state costs gamma *
// ln(periods), to go down nothing. States whose share would reach 1 do not exist.
struct Burst {
  std::size_t begin;  // periods [begin, end) in this state or a higher one
  std::size_t end;
  int level;      // 1 and up
  double weight;  // what the state saved over the next lower one
};
struct BurstOptions {
  double s = 2;
  double gamma = 1;
  int states = 2;  // with the lowest
};
// By begin, then level. Of equally cheap paths the one in lower states.
std::vector<Burst> find_bursts(std::span<const double> relevant, std::span<const double> all,
                               const BurstOptions& options);

// The terms of `counts` (parts are periods, in order) that a table is wanted of, and when each
// period starts, in microseconds since 1970.
struct TrendRows {
  const PartCounts& counts;
  std::span<const std::int64_t> rows;
  std::span<const std::int64_t> starts;
};

// A row a term and period, gaps filled: term, period, count, documents, per_million, low, high.
Table trend_table(const TrendRows& trends, double quantile, const Run& run);
// A row a term: term, n, frequency, documents, periods (with the term), first, last, peak (the
// period with the highest rate, the first of equals), peak_pm. Unknown times for a term without
// occurrences.
Table trend_terms(const TrendRows& trends, const Run& run);
// A row a change point: term, period (the first with the new rate), before_pm, after_pm (rates of
// the two segments), log_ratio, g2 (of the two segments, two-term, signed). `strictness` times
// ln(periods with words) is the penalty: 2 is BIC's, for a rate and a place.
Table change_table(const TrendRows& trends, double strictness, const Run& run);
// A row a burst: term, level, begin, end (its last period), periods, documents, weight; by term,
// begin and level.
Table burst_table(const TrendRows& trends, const BurstOptions& options, const Run& run);

// What the periods [begin, end) count together.
Counts counts_of_parts(const PartCounts& counts, std::size_t begin, std::size_t end);

}  // namespace wirecopy
