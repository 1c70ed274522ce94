// How strongly two things go together that were counted in a table of two rows and two columns: a
// word and a corpus (keyness), or a word and another one (collocation).
//
// What each measure gives where a cell is 0 is said beside it. None gives NaN: a table with an
// empty row or column tells nothing, and every measure is then 0 (a p-value 1, an odds ratio 1).
#pragma once

namespace wirecopy {

// Observed frequencies. For keyness the rows are the term and all other words, the columns target
// and reference; for collocations the rows are the first word and not the first, the columns the
// second and not the second.
struct Contingency {
  double o11;
  double o12;
  double o21;
  double o22;

  // The table of a pair that occurs `both` times, its members `first` and `second` times, among
  // `all`. Weighted sums are rounded, so a cell that would be a little below 0 is 0.
  static Contingency of_pair(double both, double first, double second, double all);
  // The table of a term that is `a` of `c` words in the target and `b` of `d` in the reference.
  static Contingency of_term(double a, double b, double c, double d);

  double row1() const { return o11 + o12; }
  double row2() const { return o21 + o22; }
  double column1() const { return o11 + o21; }
  double column2() const { return o12 + o22; }
  double all() const { return column1() + column2(); }
  double expected11() const { return all() > 0 ? column1() * (row1() / all()) : 0; }
};

// 1 where o11 is at least what independence would give, else -1.
double sign(const Contingency& t);

// --- significance -------------------------------------------------------------------------------

// Log-likelihood ratio over all four cells, 2 * sum O * ln(O / E) (Dunning 1993, "Accurate methods
// for the statistics of surprise and coincidence"). >= 0; a cell of 0 adds nothing.
double g2(const Contingency& t);
// The same over o11 and o12 only (Rayson and Garside 2000, "Comparing corpora using frequency
// profiling"), never greater.
double g2_two_term(const Contingency& t);
// Pearson's chi-square over four cells, over o11 and o12 only, and with Yates' (1934) correction:
// each |O - E| is 0.5 less, or 0 where it is less than 0.5. >= 0.
double chi2(const Contingency& t);
double chi2_two_term(const Contingency& t);
double chi2_yates(const Contingency& t);
// Chance of that statistic or a greater one under independence: chi-square with one degree of
// freedom, erfc(sqrt(|x| / 2)). Below about 1e-308 it is 0, which |x| of 1,410 and more reach.
double p_value(double statistic);

// Fisher's (1922) exact test: the chance, with the margins given, of an o11 as great (kGreater) or
// as small (kLess), or of any table that is no likelier than this one (kTwoSided). Computed with
// logarithms of factorials, so that no size of table overflows. Cells are rounded to whole numbers:
// weighted counts are no draws.
enum class Tail { kTwoSided, kGreater, kLess };
double fisher_exact(const Contingency& t, Tail tail);

// Student's t and the z-score of Church et al. (1991) and Berry-Rogghe (1973):
// (O - E) / sqrt(O) and (O - E) / sqrt(E) of o11. In t an O of 0 is taken as 0.5.
double t_score(const Contingency& t);
double z_score(const Contingency& t);

// --- effect size ---------------------------------------------------------------------------------

// log2((o11 / column1) / (o12 / column2)) (Hardie 2014, "Log Ratio: an informal introduction"). An
// o11 or o12 of 0 is taken as 0.5.
double log_ratio(const Contingency& t);
// Its standard error, sqrt(1/o11 - 1/column1 + 1/o12 - 1/column2) / ln 2 (Katz et al. 1978,
// "Obtaining confidence intervals for the risk ratio in cohort studies"), with the same 0.5.
double log_ratio_error(const Contingency& t);
// 100 * (share in column 1 - share in column 2) / share in column 2 (Gabrielatos and Marchi 2011).
// An o12 of 0 is taken as 0.5; an o11 of 0 gives -100.
double percent_diff(const Contingency& t);
// (o11 * o22) / (o12 * o21); where a cell is 0, 0.5 is added to all four (Haldane 1956).
double odds_ratio(const Contingency& t);
// (p1 - p2) / (p1 + p2) of the shares in column 1 and column 2, from -1 to 1 (Hofland and Johansson
// 1982).
double difference_coefficient(const Contingency& t);

// Pointwise mutual information log2(O / E) of o11 (Church and Hanks 1990), and what is made of it:
// divided by -log2(O / all), from -1 to 1 (NPMI, Bouma 2009); log2(O^2 / E) and log2(O^3 / E)
// (Daille 1994); O * log2(O / E) (local MI, Evert 2005). An O of 0 is taken as 0.5, but NPMI is
// then -1, its limit, and local MI 0. NPMI is 1 where O is all there is.
double pmi(const Contingency& t);
double npmi(const Contingency& t);
double mi2(const Contingency& t);
double mi3(const Contingency& t);
double local_mi(const Contingency& t);

// 2 * o11 / (row1 + column1) (Dice 1945), and 14 + log2 of it (Rychlý 2008), in which an o11 of 0
// is taken as 0.5.
double dice(const Contingency& t);
double log_dice(const Contingency& t);

// Delta P (Ellis 2006, Gries 2013), from -1 to 1: how much likelier column 1 is in row 1 than in
// row 2 (the second word after the first), and row 1 in column 1 than in column 2 (the first
// before the second).
double delta_p_second(const Contingency& t);
double delta_p_first(const Contingency& t);

}  // namespace wirecopy
