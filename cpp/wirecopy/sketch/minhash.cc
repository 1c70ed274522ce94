#include "wirecopy/sketch/minhash.h"

#include <algorithm>
#include <string>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/error.h"
#include "wirecopy/sketch/minhash_kernel.h"

namespace wirecopy {
namespace {

kernel::MinHash min_hash() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::min_hash_avx2;
    case CpuPath::kAvx512: return kernel::min_hash_avx512;
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::min_hash_neon;
#endif
    default: return kernel::min_hash_scalar;
  }
}

// SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every platform, unlike <random>'s
// distributions.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ z >> 27) * 0x94D049BB133111EBull;
    return z ^ z >> 31;
  }

 private:
  std::uint64_t state_;
};

}  // namespace

MinHasher::MinHasher(int permutations, std::uint64_t seed)
    : size_(static_cast<std::size_t>(permutations)) {
  if (permutations < 1 || permutations > kMaxPermutations) {
    throw InputError("num_perm", "is " + std::to_string(permutations) + "; must be from 1 to " +
                                     std::to_string(kMaxPermutations));
  }
  const std::size_t blocks = (size_ + kernel::kMinHashBlock - 1) / kernel::kMinHashBlock;
  SplitMix64 random(seed);
  for (std::size_t k = 0; k < blocks * kernel::kMinHashBlock; ++k) {
    const std::uint64_t bits = random();
    multipliers_.push_back(static_cast<std::uint32_t>(bits) | 1u);
    increments_.push_back(static_cast<std::uint32_t>(bits >> 32));
  }
}

void MinHasher::sign(std::span<const std::uint64_t> shingles,
                     std::span<std::uint32_t> signature) const {
  std::uint32_t minima[kMaxPermutations];
  min_hash()(shingles.data(), shingles.size(), multipliers_.data(), increments_.data(),
             multipliers_.size() / kernel::kMinHashBlock, minima);
  std::copy_n(minima, size_, signature.begin());
}

}  // namespace wirecopy
