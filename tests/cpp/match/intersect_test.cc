#include "wirecopy/match/intersect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <vector>

namespace wirecopy {
namespace {

TEST(Intersect, NeededIsTheLeastThatTheDefinitionAccepts) {
  for (const double threshold : {0.01, 0.1, 1.0 / 3, 0.5, 0.6, 2.0 / 3, 0.7, 0.8, 0.9, 0.95, 1.0}) {
    for (std::size_t a = 1; a < 60; ++a) {
      for (std::size_t b = a; b < 60; ++b) {
        std::uint32_t least = 1;
        const double total = static_cast<double>(a + b);
        while (least < a + b && least / (total - least) < threshold) ++least;
        EXPECT_EQ(shared_needed(a, b, threshold), least) << a << " " << b << " " << threshold;
      }
    }
  }
}

TEST(Intersect, CountsExactlyUnlessTooFew) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::set<std::uint64_t> x, y;
    const std::size_t n = random() % 150, m = random() % 150, range = 1 + random() % 300;
    for (std::size_t i = 0; i < n; ++i) x.insert(random() % range);
    for (std::size_t i = 0; i < m; ++i) y.insert(random() % range);
    const std::vector<std::uint64_t> a(x.begin(), x.end()), b(y.begin(), y.end());
    std::vector<std::uint64_t> both;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    const auto needed = static_cast<std::uint32_t>(random() % 160);
    const std::uint32_t shared = count_shared(a, b, needed);
    if (both.size() >= needed) {
      EXPECT_EQ(shared, both.size());
    } else {
      EXPECT_LT(shared, needed);
    }
  }
}

}  // namespace
}  // namespace wirecopy
