#include "wirecopy/keywords/association.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace wirecopy {
namespace {

// 2 * sum O * ln(O / E), as the papers write it.
double textbook(const std::vector<double>& observed, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    if (observed[i] > 0) sum += observed[i] * std::log(observed[i] / expected[i]);
  }
  return 2 * sum;
}

TEST(G2, PublishedValues) {
  // 10 of 1,000 v. 2 of 1,500: one word's "log-likelihood" by the two definitions.
  const Contingency t = Contingency::of_term(10, 2, 1000, 1500);
  EXPECT_NEAR(g2(t), 9.601, 5e-4);
  EXPECT_NEAR(g2_two_term(t), 9.556, 5e-4);
  // Dunning (1993), p. 72.
  EXPECT_NEAR(g2({10, 0, 3, 31764}), 167.23, 5e-3);
  // 52 in 50,000 v. 57 in 75,000, the Lancaster calculator's example.
  EXPECT_NEAR(g2_two_term(Contingency::of_term(52, 57, 50000, 75000)), 2.65, 5e-3);
}

TEST(G2, EqualsTheTextbook) {
  for (const Contingency t : {Contingency{10, 2, 990, 1498},
                              {0, 5, 40, 895},
                              {7, 0, 0, 31},
                              {300, 299, 700, 701},
                              {0.25, 3.5, 17.5, 16.5},
                              {1, 1, 0, 1}}) {
    const double all = t.all();
    const std::vector<double> expected{t.column1() * t.row1() / all, t.column2() * t.row1() / all,
                                       t.column1() * t.row2() / all, t.column2() * t.row2() / all};
    EXPECT_NEAR(g2(t), textbook({t.o11, t.o12, t.o21, t.o22}, expected), 1e-10);
    EXPECT_NEAR(g2_two_term(t), textbook({t.o11, t.o12}, {expected[0], expected[1]}), 1e-10);
    EXPECT_LE(g2_two_term(t), g2(t) + 1e-15);
  }
}

TEST(G2, KeepsItsDigitsAmongLargeCells) {
  // Near independence G2 is the square of the difference times sum(1 / E): here about 4e-6, which
  // the textbook's sum of terms near 1e9 cannot show.
  const Contingency t = Contingency::of_term(1000001, 1000000, 1e9, 1e9);
  const double expected_share = 1000000.5 / 1e9;
  const double near = 0.5 * 0.5 * (2 / (1e9 * expected_share) + 2 / (1e9 * (1 - expected_share)));
  EXPECT_NEAR(g2(t) / near, 1, 1e-6);
  EXPECT_NEAR(chi2(t) / near, 1, 1e-9);
}

TEST(Sign, IsOfTheDifferenceOfShares) {
  EXPECT_EQ(sign(Contingency::of_term(10, 2, 1000, 1500)), 1);
  EXPECT_EQ(sign(Contingency::of_term(2, 10, 1500, 1000)), -1);
  EXPECT_EQ(g2(Contingency::of_term(10, 20, 1000, 2000)), 0);
  EXPECT_EQ(sign(Contingency::of_term(10, 20, 1000, 2000)), 1);
}

TEST(Chi2, PublishedValues) {
  EXPECT_NEAR(chi2({3, 0, 0, 31774}), 31777, 1e-9);   // Dunning (1993), p. 73
  EXPECT_NEAR(chi2_yates({1, 3, 3, 1}), 0.5, 1e-12);  // Pedersen (1996), p. 10
  EXPECT_NEAR(chi2_yates({3, 7, 7, 2}), 2.632438, 5e-7);
  EXPECT_NEAR(chi2_two_term(Contingency::of_term(23, 551, 263, 8870)), 2.6082, 5e-5);
  EXPECT_EQ(chi2_yates(Contingency::of_term(3, 3, 10, 11)), 0);  // misses by less than 0.5
}

TEST(PValue, IsTheChiSquareTail) {
  EXPECT_NEAR(p_value(3.841458820694124), 0.05, 1e-12);
  EXPECT_NEAR(p_value(-6.634896601021214), 0.01, 1e-12);
  EXPECT_EQ(p_value(0), 1);
  EXPECT_EQ(p_value(1e300), 0);
  for (double x = 1e-6; x < 1410; x *= 1.01) {
    EXPECT_NEAR(p_value(x) / std::erfc(std::sqrt(x / 2)), 1, 1e-12) << x;
  }
}

TEST(FisherExact, PublishedValues) {
  // Pedersen (1996), p. 10.
  const Contingency t{1, 3, 3, 1};
  EXPECT_NEAR(fisher_exact(t, Tail::kTwoSided), 0.486, 5e-4);
  EXPECT_NEAR(fisher_exact(t, Tail::kLess), 0.243, 5e-4);
  EXPECT_NEAR(fisher_exact(t, Tail::kGreater), 0.986, 5e-4);
  // Fisher's (1935) tea: 3 of 4 cups told right.
  EXPECT_NEAR(fisher_exact({3, 1, 1, 3}, Tail::kGreater), 17.0 / 70, 1e-15);
  EXPECT_NEAR(fisher_exact({3, 1, 1, 3}, Tail::kTwoSided), 34.0 / 70, 1e-15);
}

TEST(FisherExact, EqualsTheSumOverAllTables) {
  for (int row1 = 1; row1 < 9; ++row1) {
    for (int column1 = 1; column1 < 12; ++column1) {
      const int all = 12;
      std::vector<double> chance;  // of o11 = 0, 1, ...
      for (int x = 0; x <= std::min(row1, column1); ++x) {
        const auto choose = [](int n, int k) {
          return k < 0 || k > n
                     ? 0
                     : std::round(std::tgamma(n + 1) / std::tgamma(k + 1) / std::tgamma(n - k + 1));
        };
        chance.push_back(choose(column1, x) * choose(all - column1, row1 - x) / choose(all, row1));
      }
      for (std::size_t x = 0; x < chance.size(); ++x) {
        if (chance[x] == 0) continue;
        double less = 0;
        double greater = 0;
        double two = 0;
        for (std::size_t y = 0; y < chance.size(); ++y) {
          if (y <= x) less += chance[y];
          if (y >= x) greater += chance[y];
          if (chance[y] <= chance[x] * (1 + 1e-9)) two += chance[y];
        }
        const Contingency t = Contingency::of_pair(static_cast<double>(x), row1, column1, all);
        EXPECT_NEAR(fisher_exact(t, Tail::kLess), less, 1e-13);
        EXPECT_NEAR(fisher_exact(t, Tail::kGreater), greater, 1e-13);
        EXPECT_NEAR(fisher_exact(t, Tail::kTwoSided), two, 1e-13);
      }
    }
  }
}

TEST(FisherExact, IsTheChiSquareTailInLargeTables) {
  // 1e9 words: factorials have 9 billion digits, and their logarithms none after the point.
  const Contingency t = Contingency::of_term(501000, 500000, 5e8, 5e8);
  EXPECT_NEAR(fisher_exact(t, Tail::kTwoSided) / p_value(chi2_yates(t)), 1, 1e-4);
}

TEST(EffectSizes, PublishedValues) {
  EXPECT_NEAR(percent_diff(Contingency::of_term(206523, 178174, 959641, 1562358)), 88.7, 0.05);
  EXPECT_NEAR(odds_ratio(Contingency::of_term(16217, 735, 2796938, 2087946)), 16.56, 5e-3);
  EXPECT_NEAR(difference_coefficient(Contingency::of_term(18, 35, 1e6, 1e6)), -0.3208, 5e-5);
}

TEST(LogRatio, DoublingsAndZeros) {
  const auto of = [](double a, double b, double c, double d) {
    return log_ratio(Contingency::of_term(a, b, c, d));
  };
  EXPECT_DOUBLE_EQ(of(8, 2, 1000, 1000), 2);
  EXPECT_DOUBLE_EQ(of(1, 1, 1000000, 1000000), 0);
  EXPECT_DOUBLE_EQ(of(4, 0, 100, 100), 3);  // 4 against 0.5
  EXPECT_DOUBLE_EQ(of(0, 4, 100, 100), -3);
  // Katz: the variance of ln of the ratio is 1/8 - 1/1000 + 1/2 - 1/1000.
  EXPECT_NEAR(log_ratio_error(Contingency::of_term(8, 2, 1000, 1000)),
              std::sqrt(0.623) / std::log(2), 1e-14);
}

TEST(PairMeasures, AgreeWithTheirFormulas) {
  // "new companies" in Manning and Schütze (1999), p. 169: 8, 15,828 and 4,675 of 14,307,668.
  const Contingency t = Contingency::of_pair(8, 15828, 4675, 14307668);
  EXPECT_DOUBLE_EQ(t.o12, 15820);
  EXPECT_DOUBLE_EQ(t.o21, 4667);
  EXPECT_DOUBLE_EQ(t.o22, 14287173);
  EXPECT_NEAR(chi2(t), 1.55, 5e-3);  // p. 170
  EXPECT_NEAR(t_score(t), 0.999932, 1e-3);
  const double e = 15828.0 * 4675 / 14307668;
  EXPECT_NEAR(z_score(t), (8 - e) / std::sqrt(e), 1e-12);
  EXPECT_NEAR(pmi(t), std::log2(8 / e), 1e-12);
  EXPECT_NEAR(npmi(t), std::log2(8 / e) / -std::log2(8 / 14307668.0), 1e-12);
  EXPECT_NEAR(mi2(t), std::log2(64 / e), 1e-12);
  EXPECT_NEAR(mi3(t), std::log2(512 / e), 1e-12);
  EXPECT_NEAR(local_mi(t), 8 * std::log2(8 / e), 1e-11);
  EXPECT_NEAR(dice(t), 16.0 / (15828 + 4675), 1e-15);
  EXPECT_NEAR(log_dice(t), 14 + std::log2(16.0 / (15828 + 4675)), 1e-12);
  EXPECT_NEAR(delta_p_second(t), 8 / 15828.0 - 4667.0 / (14307668 - 15828), 1e-15);
  EXPECT_NEAR(delta_p_first(t), 8 / 4675.0 - 15820.0 / (14307668 - 4675), 1e-15);
}

TEST(Zeros, AreDefined) {
  const Contingency none{0, 3, 4, 90};
  EXPECT_EQ(npmi(none), -1);
  EXPECT_EQ(local_mi(none), 0);
  EXPECT_EQ(dice(none), 0);
  EXPECT_EQ(percent_diff(none), -100);
  EXPECT_NEAR(odds_ratio(none), 0.5 * 90.5 / (3.5 * 4.5), 1e-15);
  EXPECT_EQ(npmi({5, 0, 0, 0}), 1);
  EXPECT_NEAR(npmi({5, 0, 0, 5}), 1, 1e-15);
  using Measure = double (*)(const Contingency&);
  for (const Contingency t : {Contingency{0, 0, 0, 0},
                              {5, 0, 0, 0},
                              {0, 0, 5, 5},
                              {5, 5, 0, 0},
                              {5, 0, 5, 0},
                              {0, 5, 0, 5},
                              {0, 5, 5, 0},
                              {0, 0, 0, 5}}) {
    for (const Measure measure : {sign,
                                  g2,
                                  g2_two_term,
                                  chi2,
                                  chi2_two_term,
                                  chi2_yates,
                                  t_score,
                                  z_score,
                                  log_ratio,
                                  log_ratio_error,
                                  percent_diff,
                                  odds_ratio,
                                  difference_coefficient,
                                  pmi,
                                  npmi,
                                  mi2,
                                  mi3,
                                  local_mi,
                                  dice,
                                  log_dice,
                                  delta_p_second,
                                  delta_p_first}) {
      EXPECT_TRUE(std::isfinite(measure(t)));
    }
    for (const Tail tail : {Tail::kTwoSided, Tail::kGreater, Tail::kLess}) {
      const double p = fisher_exact(t, tail);
      EXPECT_TRUE(p >= 0 && p <= 1);
    }
  }
}

}  // namespace
}  // namespace wirecopy
