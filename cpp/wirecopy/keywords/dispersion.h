// How evenly terms are spread over the parts of a corpus.
#pragma once

#include <span>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/part_counts.h"

namespace wirecopy {

// One term's occurrences in parts of a corpus, by the measures that Gries (2008, "Dispersions and
// adjusted frequencies in corpora"; 2020, "Analyzing dispersion") reviews. v are the term's
// frequencies, f their sum, s the shares of the parts in all words, r = v / words of the part, n
// the number of parts that have a word (others are left out). Parts may be of unequal size.
struct Dispersion {
  double frequency = 0;
  double range = 0;          // parts that have the term
  double juilland_d = 0;     // 1 - (sd of r / mean of r) / sqrt(n - 1), sd over n (Juilland 1970)
  double carroll_d2 = 0;     // entropy of r / sum of r, divided by log2 n (Carroll 1970)
  double rosengren_s = 0;    // (sum of sqrt(s * v))^2 / f (Rosengren 1971)
  double dp = 0;             // sum of |v / f - s| / 2 (Gries 2008)
  double dp_norm = 0;        // dp / (1 - least s) (Lijffijt and Gries 2012)
  double kl_divergence = 0;  // sum of v / f * log2(v / f / s) (Gries 2020)
};

// `sizes` are the words of each part. `repeats` says how many such parts each one stands for (a
// reprinted text of weight 1/k for a k-th), 1 where it is empty: range and n are then sums of it.
//
// With one part a term is spread as evenly as can be: D and D2 are 1, dp_norm 0. A term that does
// not occur is spread as badly as can be: D, D2 and S are 0, dp and dp_norm 1, and the divergence
// that of a term all in the smallest part, -log2 of the least s (0 without parts).
Dispersion dispersion(std::span<const PartCounts::Entry> entries, std::span<const double> sizes,
                      std::span<const double> repeats);

// A row a term: term, n, frequency, range, range_share (range / number of parts), and the measures.
Table dispersion_table(const PartCounts& counts, std::span<const double> repeats, const Run& run);

}  // namespace wirecopy
