#include "wirecopy/keywords/association.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wirecopy/keywords/association_kernel_portable.h"

namespace wirecopy {
namespace {

using kernel::log2_of;
using kernel::log_of;

kernel::Expected expected(const Contingency& t) {
  return kernel::expected_of(t.o11, t.o12, t.o21, t.o22);
}

// log2(1 + x), to the last digits also of a small x (Goldberg 1991, "What every computer scientist
// should know about floating-point arithmetic", theorem 4).
double log2_of_1_plus(double x) {
  const double sum = 1 + x;
  return sum == 1 ? x * std::numbers::log2e : log2_of(sum) * (x / (sum - 1));
}

double or_half(double frequency) { return frequency > 0 ? frequency : 0.5; }

// Whether both rows and both columns have something in them.
bool proper(const Contingency& t) {
  return t.row1() > 0 && t.row2() > 0 && t.column1() > 0 && t.column2() > 0;
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

// ln k! - (k ln k - k) for a whole k: Stirling's correction, from a series or for small k from the
// product.
double beyond_stirling(double k) {
  if (k <= 0) return 0;
  constexpr double kHalfLn2Pi = 0.91893853320467274178;
  if (k < 16) {
    double factorial = 1;
    for (int i = 2; i <= static_cast<int>(k); ++i) factorial *= i;
    return log_of(factorial) - (k * log_of(k) - k);
  }
  const double u = 1 / (k * k);
  return kHalfLn2Pi + 0.5 * log_of(k) +
         (1.0 / 12 - u * (1.0 / 360 - u * (1.0 / 1260 - u * (1.0 / 1680 - u / 1188)))) / k;
}

// o11 of a table of whole numbers with these margins, drawn under independence.
class Hypergeometric {
 public:
  Hypergeometric(double row1, double column1, double all)
      : row1_(row1),
        column1_(column1),
        all_(all),
        least_(std::max(0.0, row1 + column1 - all)),
        most_(std::min(row1, column1)),
        mode_(std::clamp(std::floor((row1 + 1) * ((column1 + 1) / (all + 2))), least_, most_)),
        constant_(beyond_stirling(row1) + beyond_stirling(all - row1) + beyond_stirling(column1) +
                  beyond_stirling(all - column1) - beyond_stirling(all)) {}

  // P = (product of the margins' factorials) / (all! * product of the cells'). With ln k! = k ln k
  // - k + correction, the first parts make up -G2 / 2, which is known to all its digits however
  // large the table is.
  double log_chance(double x) const {
    const Contingency t{x, row1_ - x, column1_ - x, all_ - row1_ - column1_ + x};
    return constant_ - g2(t) / 2 - beyond_stirling(t.o11) - beyond_stirling(t.o12) -
           beyond_stirling(t.o21) - beyond_stirling(t.o22);
  }
  double at_least(double x) const {
    return x > mode_ ? upper_tail(x) : 1 - (x > least_ ? lower_tail(x - 1) : 0);
  }
  double at_most(double x) const {
    return x < mode_ ? lower_tail(x) : 1 - (x < most_ ? upper_tail(x + 1) : 0);
  }
  // Of every x that is no likelier. Chances that differ by rounding only are equal.
  double no_likelier(double x) const {
    const double limit = log_chance(x) + 1e-10;
    if (log_chance(mode_) <= limit) return 1;
    if (x < mode_) {
      const double from = first(mode_, most_ + 1, [&](double y) { return log_chance(y) <= limit; });
      return lower_tail(x) + (from <= most_ ? upper_tail(from) : 0);
    }
    const double after = first(least_, mode_, [&](double y) { return log_chance(y) > limit; });
    return upper_tail(x) + (after > least_ ? lower_tail(after - 1) : 0);
  }

 private:
  // The least whole number in [from, end) that `holds`, and with it all greater ones; else end.
  template <typename Holds>
  static double first(double from, double end, const Holds& holds) {
    while (from < end) {
      const double middle = std::floor(from + (end - from) / 2);
      if (holds(middle)) {
        end = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  // Sums from x away from the mode, where each chance is less than the one before.
  double upper_tail(double x) const {
    const double rest = all_ - row1_ - column1_;
    double sum = 1;
    double term = 1;
    double k = x;
    while (k < most_ && term > 1e-18 * sum) {
      term *= (row1_ - k) / (k + 1) * ((column1_ - k) / (rest + k + 1));
      sum += term;
      ++k;
    }
    return std::exp(log_chance(x)) * sum;
  }
  double lower_tail(double x) const {
    const double rest = all_ - row1_ - column1_;
    double sum = 1;
    double term = 1;
    double k = x;
    while (k > least_ && term > 1e-18 * sum) {
      term *= k / (row1_ - k + 1) * ((rest + k) / (column1_ - k + 1));
      sum += term;
      --k;
    }
    return std::exp(log_chance(x)) * sum;
  }

  double row1_;
  double column1_;
  double all_;
  double least_;
  double most_;
  double mode_;
  double constant_;
};

}  // namespace

Contingency Contingency::of_pair(double both, double first, double second, double all) {
  return {both, std::max(0.0, first - both), std::max(0.0, second - both),
          std::max(0.0, (all - first) - (second - both))};
}

Contingency Contingency::of_term(double a, double b, double c, double d) {
  return {a, b, std::max(0.0, c - a), std::max(0.0, d - b)};
}

double sign(const Contingency& t) { return expected(t).difference < 0 ? -1 : 1; }

double g2(const Contingency& t) { return kernel::g2_of(expected(t)); }

double g2_two_term(const Contingency& t) { return kernel::g2_two_term_of(expected(t)); }

double chi2(const Contingency& t) {
  const kernel::Expected e = expected(t);
  return kernel::chi2_of(e, e.difference);
}

double chi2_two_term(const Contingency& t) { return kernel::chi2_two_term_of(expected(t)); }

double chi2_yates(const Contingency& t) {
  const kernel::Expected e = expected(t);
  return kernel::chi2_of(e, kernel::yates(e.difference));
}

double p_value(double statistic) { return kernel::p_value_of(statistic); }

double fisher_exact(const Contingency& t, Tail tail) {
  const Contingency whole{std::round(t.o11), std::round(t.o12), std::round(t.o21),
                          std::round(t.o22)};
  if (!proper(whole)) return 1;
  const Hypergeometric law(whole.row1(), whole.column1(), whole.all());
  const double p = tail == Tail::kGreater ? law.at_least(whole.o11)
                   : tail == Tail::kLess  ? law.at_most(whole.o11)
                                          : law.no_likelier(whole.o11);
  return std::clamp(p, 0.0, 1.0);
}

double t_score(const Contingency& t) {
  if (t.expected11() <= 0) return 0;
  const double observed = or_half(t.o11);
  return (observed - t.expected11()) / std::sqrt(observed);
}

double z_score(const Contingency& t) {
  const double e = t.expected11();
  return e > 0 ? (t.o11 - e) / std::sqrt(e) : 0;
}

double log_ratio(const Contingency& t) {
  return kernel::log_ratio_of(t.o11, t.o12, t.column1(), t.column2());
}

double log_ratio_error(const Contingency& t) {
  if (t.row1() <= 0 || t.column1() <= 0 || t.column2() <= 0) return 0;
  const double variance =
      (1 / or_half(t.o11) - 1 / t.column1()) + (1 / or_half(t.o12) - 1 / t.column2());
  return std::sqrt(std::max(0.0, variance)) / kernel::kLn2;
}

double percent_diff(const Contingency& t) {
  if (t.row1() <= 0 || t.column1() <= 0 || t.column2() <= 0) return 0;
  const double reference = or_half(t.o12) / t.column2();
  return 100 * (t.o11 / t.column1() - reference) / reference;
}

double odds_ratio(const Contingency& t) {
  if (!proper(t)) return 1;
  const bool zero = t.o11 <= 0 || t.o12 <= 0 || t.o21 <= 0 || t.o22 <= 0;
  const double more = zero ? 0.5 : 0;
  return ((t.o11 + more) / (t.o12 + more)) * ((t.o22 + more) / (t.o21 + more));
}

double difference_coefficient(const Contingency& t) {
  const double p1 = share(t.o11, t.column1());
  const double p2 = share(t.o12, t.column2());
  return share(p1 - p2, p1 + p2);
}

double pmi(const Contingency& t) {
  const double e = t.expected11();
  if (e <= 0) return 0;
  if (t.o11 <= 0) return log2_of(0.5 / e);
  // o11 / e - 1, which keeps its digits where o11 is near e.
  const double excess = (t.o11 * t.o22 - t.o12 * t.o21) / t.row1() / t.column1();
  return std::abs(excess) < 0.5 ? log2_of_1_plus(excess) : log2_of(t.o11 / e);
}

double npmi(const Contingency& t) {
  if (t.expected11() <= 0) return 0;
  if (t.o11 <= 0) return -1;
  const double rest = t.o12 + t.o21 + t.o22;
  const double information =
      rest < t.o11 ? log2_of_1_plus(rest / t.o11) : -log2_of(t.o11 / t.all());
  // Where o11 is all there is, PMI and its bound are both 0.
  return information > 0 ? std::clamp(pmi(t) / information, -1.0, 1.0) : 1;
}

double mi2(const Contingency& t) {
  return t.expected11() > 0 ? pmi(t) + log2_of(or_half(t.o11)) : 0;
}

double mi3(const Contingency& t) {
  return t.expected11() > 0 ? pmi(t) + 2 * log2_of(or_half(t.o11)) : 0;
}

double local_mi(const Contingency& t) { return t.o11 > 0 ? t.o11 * pmi(t) : 0; }

double dice(const Contingency& t) { return share(2 * t.o11, t.row1() + t.column1()); }

double log_dice(const Contingency& t) {
  const double sum = t.row1() + t.column1();
  return sum > 0 ? 14 + log2_of(2 * or_half(t.o11) / sum) : 0;
}

double delta_p_second(const Contingency& t) {
  return share(t.o11, t.row1()) - share(t.o21, t.row2());
}

double delta_p_first(const Contingency& t) {
  return share(t.o11, t.column1()) - share(t.o12, t.column2());
}

}  // namespace wirecopy
