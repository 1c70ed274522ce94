// When two sets are alike enough, from their sizes and the number of members they share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace wirecopy {

enum class Measure : std::uint8_t {
  kJaccard,      // shared / (a + b - shared)
  kContainment,  // shared / min(a, b)
  kOverlap,      // shared
};

struct Similarity {
  Measure measure = Measure::kJaccard;
  double threshold = 0.5;        // in (0, 1]; for kOverlap a whole number >= 1
  std::uint32_t min_shared = 1;  // a match shares at least so many
  double min_ratio = 0;          // ... and the smaller has at least this share of the larger's size

  static constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();

  double of(std::uint32_t size_a, std::uint32_t size_b, std::uint32_t shared) const {
    const double common = shared;
    switch (measure) {
      case Measure::kJaccard:
        return common / (static_cast<double>(size_a) + static_cast<double>(size_b) - common);
      case Measure::kContainment: return common / std::min(size_a, size_b);
      case Measure::kOverlap: return common;
    }
    return 0;
  }

  // The fewest shared members with which sets of these sizes match; kNever where they cannot. Does
  // not fall when either size grows.
  std::uint32_t needed(std::uint32_t size_a, std::uint32_t size_b) const;
  // The fewest with which a set of this size matches any that is not smaller.
  std::uint32_t needed_as_smaller(std::uint32_t size) const;
  // The fewest with which it matches any that is not larger.
  std::uint32_t needed_as_larger(std::uint32_t size) const;
};

}  // namespace wirecopy
