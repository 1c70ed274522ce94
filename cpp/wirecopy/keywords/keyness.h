// Which words and n-grams are more, or less, frequent in one collection of texts than in another.
#pragma once

#include <string>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/counts.h"

namespace wirecopy {

// A term that occurs `a` times among `c` in the target and `b` times among `d` in the reference.
struct Frequencies {
  double a;
  double b;
  double c;
  double d;
};

// Log-likelihood ratio over all four cells of the table {a, b, c - a, d - b} (Dunning 1993,
// "Accurate methods for the statistics of surprise and coincidence"), and over its first two cells
// only (Rayson and Garside 2000, "Comparing corpora using frequency profiling"). Both are 2 * sum O
// * ln(O / E) with the expectations of independence, a cell with O = 0 adding nothing; the second
// lacks the cells of all other words, and is smaller. Negative where the term is rarer in the
// target: a / c < b / d.
struct G2 {
  double four_cell;
  double two_term;
};
G2 signed_g2(const Frequencies& f);

// Chance of |g2| or more under independence: chi-square, one degree of freedom. Below about 1e-308
// it is 0, which |g2| of 1,400 and more reach.
double p_value(double g2);

// log2((a / c) / (b / d)), the effect size (Hardie 2014, "Log Ratio: an informal introduction"): 1
// is twice as frequent. A frequency of 0 is taken as 0.5.
double log_ratio(const Frequencies& f);

struct KeynessOptions {
  // Terms are left out that reach these in neither of the two collections.
  double min_frequency = 0;
  double min_documents = 0;
  Stopwords stopwords = {};
  // Column to order by: "g2", "g2_two_term", "log_ratio", "target" or "reference", greatest first,
  // or "p_value", smallest first. Ties: by g2, then by the bytes of the term.
  std::string sort = "g2";
};

// A row for each term in either collection. Columns: term, n, target, reference (frequencies),
// target_pm, reference_pm (per million n-grams of that length), target_docs, reference_docs, g2 and
// g2_two_term (signed), p_value (of g2), log_ratio. Throws InputError where a side has no n-gram of
// a length counted (no rate could be given), where the sides counted other lengths, and where rare
// terms were left out of one (they would pass for absent).
Table keyness(const Counts& target, const Counts& reference, const KeynessOptions& options,
              const Run& run);

}  // namespace wirecopy
