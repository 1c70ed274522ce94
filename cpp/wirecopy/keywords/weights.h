// What each text counts for, and exact sums of it.
#pragma once

#include <absl/numeric/int128.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wirecopy {

// Sums of weights in units of 2^-60. Whole numbers add up the same in any order and any grouping,
// so that counting in parts, or on several threads, gives the same bits as counting at once. A
// weight is read to the nearest unit (9e-19).
using WeightSum = absl::uint128;

inline constexpr int kWeightBits = 60;
// Whole numbers are exact in a double up to here; larger sums are refused.
inline constexpr double kLargestTotal = 9007199254740992.0;

// `weight` is from 0 to kLargestTotal.
inline WeightSum to_units(double weight) {
  int exponent = 0;
  const double fraction = std::frexp(weight, &exponent);  // in [0.5, 1), or 0
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  const int shift = exponent - 53 + kWeightBits;
  if (shift >= 0) return WeightSum(mantissa) << shift;
  if (shift <= -64) return 0;
  return (mantissa >> (-shift - 1) >> 1) + (mantissa >> (-shift - 1) & 1u);
}

// Seven times 1/7 is a little less than 1, because 1/7 is: a sum that misses a whole number by no
// more than rounding can explain is that number. So a story with k copies of weight 1/k counts
// exactly once.
inline double whole_if_near(double sum) {
  const double whole = std::round(sum);
  return std::abs(sum - whole) <= 1e-12 * whole ? whole : sum;
}

inline double to_weight(WeightSum units) {
  return whole_if_near(std::ldexp(static_cast<double>(units), -kWeightBits));
}

// One finite weight >= 0 a text, or 1 for each.
class Weights {
 public:
  // `values` is empty, or has one for each of `texts`. Throws InputError naming the row.
  Weights(std::span<const double> values, std::size_t texts);

  bool given() const { return !values_.empty(); }
  double operator[](std::size_t text) const { return values_.empty() ? 1.0 : values_[text]; }

 private:
  std::span<const double> values_;
};

}  // namespace wirecopy
