#include "wirecopy/sketch/hash_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "every_cpu.h"
#include "wirecopy/base/cpu.h"
#include "wirecopy/sketch/neighbor_sort_kernel.h"

namespace wirecopy {
namespace {

using Values = std::vector<std::uint64_t>;

struct Kind {
  std::string name;
  std::uint64_t (*value)(std::mt19937_64& rng, std::size_t i, std::size_t n);
};

const Kind kKinds[] = {
    {"uniform", [](std::mt19937_64& rng, std::size_t, std::size_t) { return rng(); }},
    {"equal", [](std::mt19937_64&, std::size_t, std::size_t) { return ~std::uint64_t{0}; }},
    {"few", [](std::mt19937_64& rng, std::size_t, std::size_t) { return rng() % 7 << 61; }},
    {"one bucket", [](std::mt19937_64& rng, std::size_t, std::size_t) { return rng() >> 40; }},
    {"descending",
     [](std::mt19937_64&, std::size_t i, std::size_t n) { return std::uint64_t{n} - i; }},
    {"one out of place",
     [](std::mt19937_64&, std::size_t i, std::size_t n) {
       return i == n / 2 ? 0 : (~std::uint64_t{0} / n) * i;
     }},
    {"half in one bucket", [](std::mt19937_64& rng, std::size_t i,
                              std::size_t) { return i % 2 == 0 ? rng() : rng() >> 30; }},
};

class HashSort : public OnEveryCpu {};

INSTANTIATE_TEST_SUITE_P(Paths, HashSort, testing::ValuesIn(available_cpu_paths()), cpu_name);

// Around the ends of what is sorted without buckets, and of 16-bit counts.
const std::size_t kSizes[] = {0,    1,     2,     3,     15,    16,    17,    18,    31,
                              32,   33,    127,   128,   129,   430,   1000,  4095,  4096,
                              4097, 32767, 32768, 65534, 65535, 65536, 65537, 70'000};

TEST_P(HashSort, IsThatOfTheLibrary) {
  std::mt19937_64 rng(3);
  SortScratch scratch;
  for (const Kind& kind : kKinds) {
    for (const std::size_t n : kSizes) {
      Values values(n);
      for (std::size_t i = 0; i < n; ++i) values[i] = kind.value(rng, i, n);
      Values expected = values;
      std::ranges::sort(expected);
      Values out(n);
      sort_hashes(values, out, scratch);
      EXPECT_EQ(out, expected) << kind.name << " " << n;
      const auto set = sort_as_set(values, out, scratch);
      expected.erase(std::ranges::unique(expected).begin(), expected.end());
      EXPECT_TRUE(std::ranges::equal(set, expected)) << kind.name << " " << n;
    }
  }
}

TEST_P(HashSort, OfEverySizeAfterAnother) {
  std::mt19937_64 rng(4);
  SortScratch scratch;
  for (std::size_t n = 600; n > 0; --n) {
    Values values(n);
    for (std::uint64_t& v : values) v = rng();
    Values out(n);
    sort_hashes(values, out, scratch);
    std::ranges::sort(values);
    EXPECT_EQ(out, values) << n;
  }
}

TEST(NeighborSort, SortsGroupsOfFive) {
  std::vector<kernel::SortNeighbors> kernels;
#if defined(__x86_64__)
  for (const CpuPath path : available_cpu_paths()) {
    if (path == CpuPath::kAvx2) kernels.push_back(kernel::sort_neighbors_avx2);
    if (path == CpuPath::kAvx512) kernels.push_back(kernel::sort_neighbors_avx512);
  }
#endif
  if (kernels.empty()) GTEST_SKIP() << "no kernel for this CPU";
  std::mt19937_64 rng(6);
  for (const kernel::SortNeighbors sort_neighbors : kernels) {
    for (std::size_t n = 0; n < 200; ++n) {
      for (int times = 0; times < 20; ++times) {
        Values sorted(n);
        for (std::uint64_t& v : sorted) v = times % 2 == 0 ? rng() : rng() % (n + 1) << 60;
        std::ranges::sort(sorted);
        Values near = sorted;
        for (std::size_t i = 0; i < n; i += 5) {
          std::shuffle(near.begin() + static_cast<std::ptrdiff_t>(i),
                       near.begin() + static_cast<std::ptrdiff_t>(std::min(n, i + 5)), rng);
        }
        EXPECT_TRUE(sort_neighbors(near.data(), n)) << n;
        EXPECT_EQ(near, sorted) << n;
        // Of others it tells the truth, and loses nothing.
        Values far = sorted;
        std::ranges::shuffle(far, rng);
        const bool ascending = sort_neighbors(far.data(), n);
        EXPECT_EQ(ascending, std::ranges::is_sorted(far)) << n;
        std::ranges::sort(far);
        EXPECT_EQ(far, sorted) << n;
      }
    }
  }
}

}  // namespace
}  // namespace wirecopy
