#include "wirecopy/sketch/fingerprints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

std::vector<std::uint64_t> kgrams_of(const std::vector<std::uint64_t>& words, std::size_t k) {
  std::vector<std::uint64_t> kgrams;
  for (std::size_t i = 0; i + k <= words.size(); ++i) kgrams.push_back(hash_words(&words[i], k));
  return kgrams;
}

// The definition, window by window.
std::vector<FingerprintAt> winnow(const std::vector<std::uint64_t>& kgrams, std::size_t window) {
  std::set<std::uint32_t> chosen;
  window = std::min(window, kgrams.size());
  for (std::size_t begin = 0; window > 0 && begin + window <= kgrams.size(); ++begin) {
    std::size_t smallest = begin;
    for (std::size_t i = begin; i < begin + window; ++i) {
      if (kgrams[i] <= kgrams[smallest]) smallest = i;
    }
    chosen.insert(static_cast<std::uint32_t>(smallest));
  }
  std::vector<FingerprintAt> fingerprints;
  for (const std::uint32_t word : chosen) fingerprints.push_back({kgrams[word], word});
  return fingerprints;
}

// The example of the paper (figure 2): "A do run run run, a do run run", 5-grams, windows of 4.
TEST(Fingerprints, ExampleOfThePaper) {
  const std::vector<std::uint64_t> kgrams = {77, 74, 42, 17, 98, 50, 17, 98, 8,
                                             88, 67, 39, 77, 74, 42, 17, 98};
  Winnower winnower(5, 4);
  const auto chosen = winnower.choose(kgrams);
  const std::vector<FingerprintAt> expected = {{17, 3}, {17, 6}, {8, 8}, {39, 11}, {17, 15}};
  EXPECT_EQ(std::vector(chosen.begin(), chosen.end()), expected);
}

TEST(Fingerprints, EqualTheDefinition) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::uint64_t> kgrams(random() % 80);
    const std::uint64_t range = 1 + random() % 60;
    for (std::uint64_t& kgram : kgrams) kgram = random() % range;
    const std::size_t window = 1 + random() % 12;
    Winnower winnower(3, static_cast<int>(window));
    const auto chosen = winnower.choose(kgrams);
    ASSERT_EQ(std::vector(chosen.begin(), chosen.end()), winnow(kgrams, window));
  }
}

TEST(Fingerprints, SharedRunHoldsSharedFingerprint) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t k = 1 + random() % 6, window = 1 + random() % 9;
    Winnower winnower(static_cast<int>(k), static_cast<int>(window));
    std::vector<std::uint64_t> a(random() % 40), b(random() % 40);
    for (std::uint64_t& word : a) word = random();
    for (std::uint64_t& word : b) word = random();
    std::vector<std::uint64_t> run(winnower.guaranteed_run());
    for (std::uint64_t& word : run) word = random() % 50;
    const std::size_t a_at = random() % (a.size() + 1), b_at = random() % (b.size() + 1);
    a.insert(a.begin() + static_cast<std::ptrdiff_t>(a_at), run.begin(), run.end());
    b.insert(b.begin() + static_cast<std::ptrdiff_t>(b_at), run.begin(), run.end());
    const auto first = winnower.choose(kgrams_of(a, k));
    const std::vector<FingerprintAt> of_a(first.begin(), first.end());
    bool found = false;
    for (const FingerprintAt& y : winnower.choose(kgrams_of(b, k))) {
      if (y.word < b_at || y.word + k > b_at + run.size()) continue;
      const auto in_a = static_cast<std::uint32_t>(y.word - b_at + a_at);
      found = found || std::ranges::count(of_a, FingerprintAt{y.hash, in_a}) > 0;
    }
    ASSERT_TRUE(found) << round;
  }
}

TEST(Fingerprints, DensityIsThatOfThePaper) {
  std::mt19937_64 random(3);
  std::vector<std::uint64_t> kgrams(100000);
  for (std::uint64_t& kgram : kgrams) kgram = random();
  const auto chosen = static_cast<double>(Winnower(5, 9).choose(kgrams).size());
  EXPECT_NEAR(chosen / 100000, 2.0 / (9 + 1), 0.005);
}

TEST(Fingerprints, BadOptions) {
  EXPECT_THROW(Winnower(0, 4), InputError);
  EXPECT_THROW(Winnower(33, 4), InputError);
  EXPECT_THROW(Winnower(5, 0), InputError);
}

}  // namespace
}  // namespace wirecopy
