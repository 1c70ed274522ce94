// The formulas of association.h without a branch and without the C library, so that a compiler
// turns loops over them into vector instructions: and a result has the same bits on every CPU,
// which the C library's logarithms, chosen by CPU, do not promise. Internal linkage: each file that
// includes this has a copy of its own, kernel files among them (see cmake/WirecopyRoom.cmake).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wirecopy/keywords/association_kernel.h"

// Constants are cut so that a product is exact, or stand among the coefficients they belong to:
// they are no other spelling of the library's. NOLINTBEGIN(modernize-use-std-numbers)
namespace wirecopy::kernel {
namespace {

// A double and its bits.
[[maybe_unused]] inline uint64_t bits_of(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
[[maybe_unused]] inline double from_bits(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

inline constexpr double kLn2 = 0.69314718055994530942;

// The natural logarithm of a finite normal x > 0, within an ulp: the reduction to x = 2^k * (1 + f)
// with f about 0 and the polynomial in f / (2 + f) of FreeBSD's msun (Sun Microsystems 1993).
[[maybe_unused]] inline double log_of(double x) {
  constexpr uint64_t kSqrtHalf = 0x3FE6A09E667F3BCD;
  constexpr uint64_t kBias = uint64_t{1023} << 52;
  const uint64_t bits = bits_of(x);
  const uint64_t biased = (bits - kSqrtHalf + kBias) >> 52;
  const double f = from_bits(bits - (biased << 52) + kBias) - 1;
  // A whole number below 2^52, as the last bits of 2^52.
  const double k = from_bits(biased | 0x4330000000000000) - (4503599627370496.0 + 1023);
  const double s = f / (2 + f);
  const double z = s * s;
  const double r =
      z * (0.6666666666666735130 +
           z * (0.3999999999940941908 +
                z * (0.2857142874366239149 +
                     z * (0.2222219843214978396 +
                          z * (0.1818357216161805012 +
                               z * (0.1531383769920937332 + z * 0.1479819860511658591))))));
  const double half = 0.5 * f * f;
  return k * 6.93147180369123816490e-01 -
         ((half - (s * (half + r) + k * 1.90821492927058770002e-10)) - f);
}

// e^-x for x >= 0, within an ulp or so; 0 where it would be below about 2.2e-308.
[[maybe_unused]] inline double exp_of_minus(double x) {
  constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
  const double y = x < 708 ? -x : -708.0;
  const double rounded = y * 1.44269504088896338700 + kRound;
  const double k = rounded - kRound;
  const double high = y - k * 6.93147180369123816490e-01;
  const double low = k * 1.90821492927058770002e-10;
  const double r = high - low;
  const double t = r * r;
  const double c =
      r - t * (1.66666666666666019037e-01 +
               t * (-2.77777777770155933842e-03 +
                    t * (6.61375632143793436117e-05 +
                         t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  const double e = 1 - ((low - r * c / (2 - c)) - high);
  const double scaled = from_bits(bits_of(e) + (bits_of(rounded) << 52));
  return x < 708 ? scaled : 0;
}

// erfc(sqrt(h)) for h >= 0 by the rational approximations of Cody (1969, "Rational Chebyshev
// approximations for the error function"). Takes the square, so that e^-h loses no digit.
[[maybe_unused]] inline double erfc_of_root(double h) {
  const double x = __builtin_sqrt(h);
  // x <= 0.46875: 1 - x * P(x^2) / Q(x^2).
  const double s = h < 0.25 ? h : 0.25;
  const double small_up =
      (((1.85777706184603153e-1 * s + 3.16112374387056560e0) * s + 1.13864154151050156e2) * s +
       3.77485237685302021e2) *
          s +
      3.20937758913846947e3;
  const double small_down =
      (((s + 2.36012909523441209e1) * s + 2.44024637934444173e2) * s + 1.28261652607737228e3) * s +
      2.84423683343917062e3;
  // 0.46875 < x <= 4: e^-x^2 * P(x) / Q(x).
  const double m = x < 4 ? x : 4.0;
  const double middle_up =
      (((((((2.15311535474403846e-8 * m + 5.64188496988670089e-1) * m + 8.88314979438837594e0) * m +
           6.61191906371416295e1) *
              m +
          2.98635138197400131e2) *
             m +
         8.81952221241769090e2) *
            m +
        1.71204761263407058e3) *
           m +
       2.05107837782607147e3) *
          m +
      1.23033935479799725e3;
  const double middle_down =
      (((((((m + 1.57449261107098347e1) * m + 1.17693950891312499e2) * m + 5.37181101862009858e2) *
              m +
          1.62138957456669019e3) *
             m +
         3.29079923573345963e3) *
            m +
        4.36261909014324716e3) *
           m +
       3.43936767414372164e3) *
          m +
      1.23033935480374942e3;
  // x > 4: e^-x^2 / x * (1 / sqrt(pi) - P(1/x^2) / (x^2 * Q(1/x^2))).
  const double far = h > 16 ? h : 16.0;
  const double u = 1 / far;
  const double far_up =
      ((((1.63153871373020978e-2 * u + 3.05326634961232344e-1) * u + 3.60344899949804439e-1) * u +
        1.25781726111229246e-1) *
           u +
       1.60837851487422766e-2) *
          u +
      6.58749161529837803e-4;
  const double far_down =
      ((((u + 2.56852019228982242e0) * u + 1.87295284992346047e0) * u + 5.27905102951428412e-1) *
           u +
       6.05183413124413191e-2) *
          u +
      2.33520497626869185e-3;
  const double far_value = (0.56418958354775628695 - u * far_up / far_down) / __builtin_sqrt(far);
  const double tail = exp_of_minus(h) * (h > 16 ? far_value : middle_up / middle_down);
  return h <= 0.2197265625 ? 1 - x * (small_up / small_down) : tail;
}

// O * ln(O / E) - (O - E) for O = expected + difference; never negative. The parts O - E of a table
// cancel, so their sum is that of O * ln(O / E), without the cancellation that would eat the digits
// of a small G2 among large cells. Near O = E it is the series of Loader (2000, "Fast and accurate
// computation of binomial probabilities"), in v = (O - E) / (O + E). Zero where E is.
[[maybe_unused]] inline double deviance(double expected, double difference) {
  const double observed = expected + difference;
  const double sum = expected + observed;
  const double v = difference / (sum > 0 ? sum : 1.0);
  const double w = v * v;
  const double series =
      difference * v +
      2 * observed * v * w *
          (1.0 / 3 +
           w * (1.0 / 5 +
                w * (1.0 / 7 +
                     w * (1.0 / 9 +
                          w * (1.0 / 11 +
                               w * (1.0 / 13 + w * (1.0 / 15 + w * (1.0 / 17 + w / 19))))))));
  const bool both = (expected > 0) & (observed > 0);
  const double direct = observed * log_of(both ? observed / expected : 1.0) - difference;
  const double value = w < 0.01 ? series : direct;
  return both ? value : expected > 0 ? expected : 0;
}

// What the tests are made of: each observed cell misses its expectation by the same amount.
struct Expected {
  double e11;
  double e12;
  double e21;
  double e22;
  double difference;  // o11 - e11
};

[[maybe_unused]] inline Expected expected_of(double o11, double o12, double o21, double o22) {
  const double column1 = o11 + o21;
  const double column2 = o12 + o22;
  const double all = column1 + column2;
  const double some = all > 0 ? all : 1.0;
  const double share1 = (o11 + o12) / some;
  const double share2 = (o21 + o22) / some;
  return {column1 * share1, column2 * share1, column1 * share2, column2 * share2,
          (o11 * o22 - o12 * o21) / some};
}

[[maybe_unused]] inline double g2_two_term_of(const Expected& e) {
  return 2 * (deviance(e.e11, e.difference) + deviance(e.e12, -e.difference));
}

[[maybe_unused]] inline double g2_of(const Expected& e) {
  return g2_two_term_of(e) + 2 * (deviance(e.e21, -e.difference) + deviance(e.e22, e.difference));
}

// |O - E| given, so that Yates' correction may have lessened it.
[[maybe_unused]] inline double chi2_of(const Expected& e, double miss) {
  const bool proper = (e.e11 > 0) & (e.e12 > 0) & (e.e21 > 0) & (e.e22 > 0);
  const double e11 = proper ? e.e11 : 1.0;
  const double e12 = proper ? e.e12 : 1.0;
  const double e21 = proper ? e.e21 : 1.0;
  const double e22 = proper ? e.e22 : 1.0;
  const double sum =
      miss * (miss / e11) + miss * (miss / e12) + miss * (miss / e21) + miss * (miss / e22);
  return proper ? sum : 0;
}

[[maybe_unused]] inline double absolute(double x) { return x < 0 ? -x : x; }

[[maybe_unused]] inline double yates(double difference) {
  const double miss = absolute(difference);
  return miss > 0.5 ? miss - 0.5 : 0;
}

[[maybe_unused]] inline double chi2_two_term_of(const Expected& e) {
  const double miss = e.difference;
  return (e.e11 > 0 ? miss * (miss / e.e11) : 0) + (e.e12 > 0 ? miss * (miss / e.e12) : 0);
}

[[maybe_unused]] inline double p_value_of(double statistic) {
  return erfc_of_root(absolute(statistic) / 2);
}

[[maybe_unused]] inline double log2_of(double x) { return log_of(x) * 1.44269504088896338700; }

[[maybe_unused]] inline double log_ratio_of(double o11, double o12, double column1,
                                            double column2) {
  const bool proper = (column1 > 0) & (column2 > 0) & (o11 + o12 > 0);
  const double a = o11 > 0 ? o11 : 0.5;
  const double b = o12 > 0 ? o12 : 0.5;
  return log2_of(proper ? (a / column1) / (b / column2) : 1.0);
}

[[maybe_unused]] inline double sign_of(const Expected& e) { return e.difference < 0 ? -1.0 : 1.0; }

// --- loops
// ----------------------------------------------------------------------------------------

template <typename Measure>
inline void each_table(const Cells* cells, size_t n, double* __restrict out,
                       const Measure& measure) {
  const double* const o11 = cells->o11;
  const double* const o12 = cells->o12;
  const double* const o21 = cells->o21;
  const double* const o22 = cells->o22;
  for (size_t i = 0; i < n; ++i) out[i] = measure(o11[i], o12[i], o21[i], o22[i]);
}

[[maybe_unused]] inline void signed_g2_loop(const Cells* cells, size_t n, double* out) {
  each_table(cells, n, out, [](double o11, double o12, double o21, double o22) {
    const Expected e = expected_of(o11, o12, o21, o22);
    return sign_of(e) * g2_of(e);
  });
}

[[maybe_unused]] inline void signed_g2_two_term_loop(const Cells* cells, size_t n, double* out) {
  each_table(cells, n, out, [](double o11, double o12, double o21, double o22) {
    const Expected e = expected_of(o11, o12, o21, o22);
    return sign_of(e) * g2_two_term_of(e);
  });
}

[[maybe_unused]] inline void signed_chi2_loop(const Cells* cells, size_t n, double* out) {
  each_table(cells, n, out, [](double o11, double o12, double o21, double o22) {
    const Expected e = expected_of(o11, o12, o21, o22);
    return sign_of(e) * chi2_of(e, e.difference);
  });
}

[[maybe_unused]] inline void signed_chi2_yates_loop(const Cells* cells, size_t n, double* out) {
  each_table(cells, n, out, [](double o11, double o12, double o21, double o22) {
    const Expected e = expected_of(o11, o12, o21, o22);
    return sign_of(e) * chi2_of(e, yates(e.difference));
  });
}

[[maybe_unused]] inline void log_ratio_loop(const Cells* cells, size_t n, double* out) {
  each_table(cells, n, out, [](double o11, double o12, double o21, double o22) {
    return log_ratio_of(o11, o12, o11 + o21, o12 + o22);
  });
}

[[maybe_unused]] inline void p_value_loop(const double* statistics, size_t n,
                                          double* __restrict out) {
  for (size_t i = 0; i < n; ++i) out[i] = p_value_of(statistics[i]);
}

inline constexpr AssociationKernel kAssociationLoops{signed_g2_loop,   signed_g2_two_term_loop,
                                                     signed_chi2_loop, signed_chi2_yates_loop,
                                                     log_ratio_loop,   p_value_loop};

}  // namespace
}  // namespace wirecopy::kernel
// NOLINTEND(modernize-use-std-numbers)
