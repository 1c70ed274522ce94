// Sums of weights that do not wander from their true value, however many are added.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "wirecopy/keywords/weights.h"

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

  double value() const { return whole_if_near(high_ + low_); }

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
