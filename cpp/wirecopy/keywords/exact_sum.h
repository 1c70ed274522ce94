// Sums of weights that do not wander from their true value, however many are added.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wirecopy {

// A sum and the rounding errors it made (Neumaier 1974): 30 million times 1/3 is 10 million to the
// last digit.
class ExactSum {
 public:
  void add(double value) {
    const double sum = high_ + value;
    low_ += std::abs(high_) >= std::abs(value) ? (high_ - sum) + value : (value - sum) + high_;
    high_ = sum;
  }
  void add(const ExactSum& other) {
    add(other.high_);
    low_ += other.low_;
  }

  // A weight like 1/7 is itself rounded, so that seven of them may miss 1 by a rounding: a sum that
  // misses a whole number by one part in 10^12 or less is that number. So k copies of weight 1/k
  // count exactly as one.
  double value() const {
    const double sum = high_ + low_;
    const double whole = std::round(sum);
    return std::abs(sum - whole) <= 1e-12 * std::abs(whole) ? whole : sum;
  }

 private:
  double high_ = 0;
  double low_ = 0;
};

// What each text counts for: 1 where no weights were given.
class TextWeights {
 public:
  explicit TextWeights(std::span<const double> values) : values_(values) {}
  bool all_one() const { return values_.empty(); }
  double operator[](std::size_t text) const { return values_.empty() ? 1.0 : values_[text]; }

 private:
  std::span<const double> values_;
};

}  // namespace wirecopy
