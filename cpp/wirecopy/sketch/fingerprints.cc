#include "wirecopy/sketch/fingerprints.h"

#include <algorithm>
#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {

Winnower::Winnower(int k, int window)
    : k_(static_cast<std::size_t>(k)), window_(static_cast<std::size_t>(window)) {
  if (k < 1 || k > kMaxShingleSize) {
    throw InputError("k", "must be from 1 to " + std::to_string(kMaxShingleSize));
  }
  if (window < 1) throw InputError("window", "must be at least 1");
}

std::span<const FingerprintAt> Winnower::choose(std::span<const std::uint64_t> kgrams) {
  chosen_.clear();
  waiting_.resize(kgrams.size());
  std::size_t first = 0;
  std::size_t last = 0;
  const std::size_t window = std::min(window_, kgrams.size());
  for (std::size_t i = 0; i < kgrams.size(); ++i) {
    while (last > first && kgrams[waiting_[last - 1]] >= kgrams[i]) --last;
    waiting_[last++] = static_cast<std::uint32_t>(i);
    if (i + 1 < window) continue;
    if (waiting_[first] + window <= i) ++first;
    const std::uint32_t smallest = waiting_[first];
    if (chosen_.empty() || chosen_.back().word != smallest) {
      chosen_.push_back({kgrams[smallest], smallest});
    }
  }
  return chosen_;
}

}  // namespace wirecopy
