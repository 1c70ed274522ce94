// Which words and n-grams are more, or less, frequent in one collection of texts than in another.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/association.h"
#include "wirecopy/keywords/counts.h"

namespace wirecopy {

enum class Correction { kNone, kBonferroni, kBenjaminiHochberg };

struct KeynessOptions {
  // Columns to compute, named as keyness_measures() says.
  std::vector<std::string> measures{"g2", "g2_two_term", "p_value", "log_ratio"};
  // Terms are left out that reach these in neither of the two collections.
  double min_frequency = 0;
  double min_documents = 0;
  Stopwords stopwords = {};
  // Column to order by: a measure chosen, "target" or "reference". Greatest first, but p-values
  // smallest first. Ties: by g2, then by the bytes of the term.
  std::string sort = "g2";
  // Adds a column NAME_adjusted for each p-value chosen.
  Correction correction = Correction::kNone;
  double quantile = 1.959963984540054;  // of the normal distribution: the interval of log_ratio
  double simple_maths = 1;              // Kilgarriff's constant, per million; > 0
  // Words the prior of the weighted log-odds is worth; 0 takes as many as both sides have.
  double prior_size = 0;
};

// Measures that are functions of one table (association.h): g2, g2_two_term, p_value, chi2, chi2_p,
// chi2_yates, chi2_yates_p, chi2_two_term, fisher_p, fisher_greater, fisher_less, log_ratio,
// percent_diff, odds_ratio, difference_coefficient, pmi. And, with a and b the frequencies and c
// and d the words of target and reference, a_docs, b_docs, c_docs and d_docs the same in texts:
//
// log_ratio_low, log_ratio_high  log_ratio -+ quantile * log_ratio_error
// bic                |g2_two_term| - ln(c + d) (Wilson 2013, "Embracing Bayes factors for key item
//                    analysis in corpus linguistics"): 2 ln of an approximate Bayes factor
// simple_maths       (a/c * 10^6 + k) / (b/d * 10^6 + k) (Kilgarriff 2009, "Simple maths for
//                    keywords")
// log_odds           log odds ratio under a Dirichlet prior of prior_size words spread as in both
//                    sides together (Monroe, Colaresi and Quinn 2008, "Fightin' words"), ln
// log_odds_z         the same by its standard deviation: their equation 22
// tfidf_contrast     (a/c - b/d) * 10^6 * ln((c_docs + d_docs) / (a_docs + b_docs))
// docs_g2, docs_p_value, docs_log_ratio  g2, its p-value and log_ratio of texts that have the term
//                    among texts (Egbert and Biber 2019, "Incorporating text dispersion into
//                    keyword analyses")
std::vector<std::string_view> keyness_measures();

// A row for each term in either collection. Columns: term, n, target, reference (frequencies),
// target_pm, reference_pm (per million n-grams of that length), target_docs, reference_docs, and
// the measures. Throws InputError where a side has no n-gram of a length counted (no rate could be
// given), where the sides counted other lengths, where rare terms were left out of one (they would
// pass for absent), and where a measure asks for texts that a side does not know. Without
// `documents` of the reference, the columns target_docs and reference_docs are left out.
Table keyness(const Counts& target, const Counts& reference, const KeynessOptions& options,
              const Run& run);

// Counts from a list of terms with frequencies, as published: terms are normalized, equal ones
// added up. `total` is all words of the list's corpus, 0 for the sum of frequencies (per length
// of n-gram). Its document_total is 0: texts are unknown. Throws InputError naming the row for
// a frequency that is not finite or negative, and for a term without a word, or without as many
// words as are asked for.
Counts counts_of_list(std::span<const std::string> terms, std::span<const double> frequencies,
                      double total, int min_n, int max_n);

// p-values times what corrects them for being many, in their order: Bonferroni's p * m, or
// Benjamini and Hochberg's (1995) least p_k * m / k over those no smaller; never above 1.
std::vector<double> adjusted(std::span<const double> p_values, Correction correction);

}  // namespace wirecopy
