#include "wirecopy/match/similarity.h"

#include <cmath>

#include "wirecopy/match/intersect.h"

namespace wirecopy {
namespace {

// The least whole number n >= 1 with n / size >= share, by the division itself: the closed form is
// right up to rounding only.
std::uint32_t least_share(std::uint32_t size, double share) {
  const auto enough = [&](double n) { return n / size >= share; };
  double n = std::max(1.0, std::ceil(share * size));
  while (n > 1 && enough(n - 1)) --n;
  while (!enough(n)) ++n;
  return static_cast<std::uint32_t>(n);
}

}  // namespace

std::uint32_t Similarity::needed(std::uint32_t size_a, std::uint32_t size_b) const {
  const auto [smaller, larger] = std::minmax(size_a, size_b);
  if (static_cast<double>(smaller) < min_ratio * larger) return kNever;
  std::uint32_t least = min_shared;
  switch (measure) {
    case Measure::kJaccard:
      least = std::max(least, shared_needed(smaller, larger, threshold));
      break;
    case Measure::kContainment: least = std::max(least, least_share(smaller, threshold)); break;
    case Measure::kOverlap: least = std::max(least, static_cast<std::uint32_t>(threshold)); break;
  }
  return least <= smaller ? least : kNever;
}

std::uint32_t Similarity::needed_as_smaller(std::uint32_t size) const { return needed(size, size); }

std::uint32_t Similarity::needed_as_larger(std::uint32_t size) const {
  std::uint32_t least = min_shared;
  switch (measure) {
    // With a set that lies inside this one: shared / size.
    case Measure::kJaccard: least = std::max(least, least_share(size, threshold)); break;
    case Measure::kContainment: break;
    case Measure::kOverlap: least = std::max(least, static_cast<std::uint32_t>(threshold)); break;
  }
  return least <= size ? least : kNever;
}

}  // namespace wirecopy
