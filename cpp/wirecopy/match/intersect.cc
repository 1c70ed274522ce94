#include "wirecopy/match/intersect.h"

#include <algorithm>
#include <cmath>

namespace wirecopy {

std::uint32_t shared_needed(std::size_t size_a, std::size_t size_b, double threshold) {
  const double total = static_cast<double>(size_a) + static_cast<double>(size_b);
  const auto enough = [&](double shared) { return shared / (total - shared) >= threshold; };
  // The closed form is right up to rounding; step to the value that the definition itself accepts.
  double needed = std::ceil(threshold / (1 + threshold) * total);
  while (needed > 1 && enough(needed - 1)) --needed;
  while (needed < total && !enough(needed)) ++needed;
  return static_cast<std::uint32_t>(needed);
}

std::uint32_t count_shared(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                           std::uint32_t needed) {
  if (needed > std::min(a.size(), b.size())) return 0;
  constexpr std::size_t kStep = 32;
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t shared = 0;
  while (i < a.size() && j < b.size()) {
    // Without branches on the values: at most kStep advances, so neither side runs out inside.
    const std::size_t steps = std::min({kStep, a.size() - i, b.size() - j});
    for (std::size_t step = 0; step < steps; ++step) {
      const std::uint64_t x = a[i];
      const std::uint64_t y = b[j];
      shared += x == y;
      i += x <= y;
      j += y <= x;
    }
    if (shared + std::min(a.size() - i, b.size() - j) < needed) break;
  }
  return static_cast<std::uint32_t>(shared);
}

}  // namespace wirecopy
