// Measures of how strongly words go together: of two words, from their contingency table, and of
// several, from the table of 2^n cells that says which of them stand at their places.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/keywords/association.h"

namespace wirecopy {

// n words that were counted together. cells[b]: n-grams in which exactly the places of the bits of
// b have the word (bit 0 is the first word), so the last is the count of the n-gram itself.
struct JointTable {
  std::size_t n = 2;
  std::array<double, 32> cells{};

  std::span<const double> used() const { return std::span(cells).first(std::size_t{1} << n); }
  double count() const { return used().back(); }
  double all() const;
  double margin(std::size_t place) const;
  // Of the whole n-gram, were its words independent.
  double expected() const;

  static JointTable of(const Contingency& pair);
  // From counts of n-grams in which at least the places of the bits of b have the word.
  static JointTable of_at_least(std::size_t n, std::span<const double> counts);
};

struct JointMeasure {
  std::string_view name;
  double (*of_pair)(const Contingency&);
  double (*of_many)(const JointTable&);  // null: only for pairs
};

// Signed G2 ("g2", negative where the words keep apart), "chi2", "t", "z", "pmi", "npmi", "mi2",
// "mi3", "lmi", "dice", "log_dice", "delta_p_second", "delta_p_first" as association.h has them;
// "lambda" and "lambda_z". For several words the same, against complete independence: O is the
// n-gram's count, E = all * product of (margin / all), G2 and chi2 go over all 2^n cells, NPMI is
// PMI / (-(n - 1) * log2(O / all)), Dice n * O / (sum of margins).
//
// lambda (Blaheta and Johnson 2001, "Unsupervised learning of multi-word verbs") is the parameter
// of the n-word interaction in the saturated log-linear model, sum of (-1)^(n - bits of b) *
// ln(cell b + 0.5), for pairs the log odds ratio; lambda_z is it divided by its standard error, the
// root of sum of 1 / (cell + 0.5).
std::span<const JointMeasure> joint_measures();

// Throws InputError("measures") for an unknown name, and where one is only for pairs and
// `longest` > 2.
std::vector<const JointMeasure*> find_measures(const std::vector<std::string>& names, int longest);

}  // namespace wirecopy
