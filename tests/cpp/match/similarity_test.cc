#include "wirecopy/match/similarity.h"

#include <gtest/gtest.h>

#include <vector>

namespace wirecopy {
namespace {

std::vector<Similarity> rules() {
  std::vector<Similarity> rules;
  for (const double threshold : {0.01, 0.3, 1.0 / 3, 0.5, 2.0 / 3, 0.7, 0.8, 0.95, 1.0}) {
    for (const std::uint32_t min_shared : {1u, 4u}) {
      for (const double min_ratio : {0.0, 0.3}) {
        rules.push_back({Measure::kJaccard, threshold, min_shared, min_ratio});
        rules.push_back({Measure::kContainment, threshold, min_shared, min_ratio});
      }
    }
  }
  for (const double threshold : {1.0, 2.0, 7.0})
    rules.push_back({Measure::kOverlap, threshold, 1, 0});
  return rules;
}

bool match(const Similarity& rule, std::uint32_t a, std::uint32_t b, std::uint32_t shared) {
  return rule.of(a, b, shared) >= rule.threshold && shared >= rule.min_shared && shared > 0 &&
         std::min(a, b) >= rule.min_ratio * std::max(a, b);
}

constexpr std::uint32_t kLargest = 40;

TEST(Similarity, NeededIsTheFewestThatMatch) {
  for (const Similarity& rule : rules()) {
    for (std::uint32_t a = 1; a <= kLargest; ++a) {
      for (std::uint32_t b = 1; b <= kLargest; ++b) {
        std::uint32_t least = Similarity::kNever;
        for (std::uint32_t shared = std::min(a, b); shared > 0; --shared) {
          if (match(rule, a, b, shared)) least = shared;
        }
        EXPECT_EQ(rule.needed(a, b), least) << a << " " << b << " " << rule.threshold;
      }
    }
  }
}

TEST(Similarity, NoPartnerNeedsFewerThanSaid) {
  for (const Similarity& rule : rules()) {
    for (std::uint32_t a = 1; a <= kLargest; ++a) {
      for (std::uint32_t b = 1; b <= kLargest; ++b) {
        const std::uint32_t needed = rule.needed(a, b);
        if (needed == Similarity::kNever) continue;
        EXPECT_LE(a <= b ? rule.needed_as_smaller(a) : rule.needed_as_larger(a), needed);
      }
      EXPECT_GE(rule.needed_as_smaller(a), rule.needed_as_larger(a));
    }
  }
}

// What lets a text be judged by more shingles than its set has (dedup.cc, may_match).
TEST(Similarity, OneMoreMemberNeedsAtMostOneMore) {
  for (const Similarity& rule : rules()) {
    for (std::uint32_t size = 1; size < 2000; ++size) {
      const std::uint32_t needed = rule.needed_as_larger(size);
      if (needed == Similarity::kNever) continue;
      EXPECT_LE(rule.needed_as_larger(size + 1), needed + 1) << size << " " << rule.threshold;
    }
  }
}

}  // namespace
}  // namespace wirecopy
