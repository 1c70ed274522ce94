#include "wirecopy/sketch/minhash.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

std::vector<std::uint64_t> random_shingles(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> shingles(count);
  for (auto& s : shingles) s = random();
  return shingles;
}

std::vector<std::uint32_t> sign(const MinHasher& hasher, std::span<const std::uint64_t> shingles) {
  std::vector<std::uint32_t> signature(hasher.size());
  hasher.sign(shingles, signature);
  return signature;
}

TEST(MinHash, EveryInstructionSetGivesTheSameSignature) {
  for (const int permutations : {1, 16, 63, 64, 65, 128, 129, 200, 256, 1000}) {
    const MinHasher hasher(permutations, 42);
    for (const std::size_t count : {0, 1, 2, 7, 100, 1001}) {
      const auto shingles = random_shingles(count, 3);
      force_cpu_path(CpuPath::kScalar);
      const auto expected = sign(hasher, shingles);
      for (const CpuPath path : available_cpu_paths()) {
        force_cpu_path(path);
        EXPECT_EQ(sign(hasher, shingles), expected)
            << cpu_path_name(path) << " " << permutations << " " << count;
      }
    }
  }
  force_cpu_path(available_cpu_paths().back());
}

TEST(MinHash, NoShinglesAreAllOnes) {
  EXPECT_EQ(sign(MinHasher(3, 1), {}), std::vector<std::uint32_t>(3, 0xFFFFFFFFu));
}

TEST(MinHash, AgreementEstimatesJaccard) {
  // 4,096 values: the standard error of the share of equal values is at most 1/128.
  const MinHasher hasher(kMaxPermutations, 5);
  const auto all = random_shingles(1000, 11);
  for (const std::size_t shared : {0, 200, 500, 800, 1000}) {
    // |A| = |B| = (1000 + shared) / 2, overlapping in `shared`.
    const std::size_t half = (1000 - shared) / 2;
    const auto a = sign(hasher, std::span(all).first(half + shared));
    const auto b = sign(hasher, std::span(all).subspan(half, half + shared));
    std::size_t equal = 0;
    for (std::size_t k = 0; k < a.size(); ++k) equal += a[k] == b[k];
    const double jaccard = static_cast<double>(shared) / static_cast<double>(2 * half + shared);
    EXPECT_NEAR(static_cast<double>(equal) / kMaxPermutations, jaccard, 4.0 / 128);
  }
}

TEST(MinHash, SizeIsChecked) {
  EXPECT_THROW(MinHasher(0, 1), InputError);
  EXPECT_THROW(MinHasher(kMaxPermutations + 1, 1), InputError);
}

}  // namespace
}  // namespace wirecopy
