#include "wirecopy/match/intersect.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wirecopy/base/cpu.h"
#include "wirecopy/match/intersect_kernel.h"

namespace wirecopy {
namespace {

// From this ratio of sizes on, looking each value of the smaller set up beats reading the larger.
constexpr std::size_t kMuchLarger = 32;

kernel::CountCommon count_common() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::count_common_avx2;
    case CpuPath::kAvx512: return kernel::count_common_avx512;
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::count_common_neon;
#endif
    default: return kernel::count_common_scalar;
  }
}

// Finds each value of `small` in what is left of `large`, by steps that double and then a binary
// search (Bentley and Yao 1976). The count, or 0 where it is below `needed`.
std::size_t search_each(std::span<const std::uint64_t> small, std::span<const std::uint64_t> large,
                        std::size_t needed) {
  std::size_t shared = 0;
  std::size_t at = 0;  // what comes before is smaller than the value looked for
  for (std::size_t i = 0; i < small.size(); ++i) {
    if (shared + (small.size() - i) < needed) return 0;
    std::size_t reach = 1;
    while (reach <= large.size() - at && large[at + reach - 1] < small[i]) reach *= 2;
    const auto from = large.begin() + static_cast<std::ptrdiff_t>(at + reach / 2);
    const auto to = large.begin() + static_cast<std::ptrdiff_t>(std::min(at + reach, large.size()));
    const auto found = std::lower_bound(from, to, small[i]);
    if (found == large.end()) break;
    shared += *found == small[i];
    at = static_cast<std::size_t>(found - large.begin());
  }
  return shared < needed ? 0 : shared;
}

}  // namespace

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
  if (a.size() > b.size()) std::swap(a, b);
  if (needed > a.size()) return 0;
  const std::size_t shared = b.size() / kMuchLarger > a.size()
                                 ? search_each(a, b, needed)
                                 : count_common()(a.data(), a.size(), b.data(), b.size(), needed);
  return static_cast<std::uint32_t>(shared);
}

}  // namespace wirecopy
