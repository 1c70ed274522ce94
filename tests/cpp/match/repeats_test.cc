#include "wirecopy/match/repeats.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace wirecopy {
namespace {

std::vector<std::vector<std::uint64_t>> texts(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> stock(500);
  for (auto& s : stock) s = random();
  std::vector<std::vector<std::uint64_t>> texts(count);
  for (auto& text : texts) {
    text.resize(random() % 200);
    for (auto& s : text) s = random() % 4 == 0 ? stock[random() % stock.size()] : random();
  }
  return texts;
}

void add_all(Repeats& repeats, const std::vector<std::vector<std::uint64_t>>& texts, int threads,
             std::size_t second_from) {
  const Run run{.threads = threads};
  parallel_for(run, texts.size(), 3, [&](int worker, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) repeats.add(worker, texts[i], i >= second_from);
  });
  repeats.finish(run);
}

TEST(Repeats, NothingAddedTwiceIsTakenForUnique) {
  const auto all = texts(3000, 1);
  std::map<std::uint64_t, int> added;
  for (const auto& text : all) {
    for (const auto s : text) ++added[s];
  }
  // From hopelessly full to far too large, with one part and with many.
  for (const std::uint64_t slots : {1u, 1u << 15, 1u << 21, 1u << 24}) {
    for (const int threads : {1, 3}) {
      Repeats repeats(slots, threads, Repeats::Across::kTexts);
      add_all(repeats, all, threads, all.size());
      std::size_t unique = 0;
      std::size_t taken_for_repeated = 0;
      for (const auto& [shingle, times] : added) {
        const bool repeated = repeats.repeated(Repeats::half(shingle));
        if (times > 1) {
          EXPECT_TRUE(repeated);
        } else {
          ++unique;
          taken_for_repeated += repeated;
        }
      }
      if (slots >= 1u << 21) {
        // A slot shared with one of the others: about added / slots of them.
        EXPECT_LT(static_cast<double>(taken_for_repeated), 1.2 * static_cast<double>(unique) *
                                                               static_cast<double>(added.size()) /
                                                               static_cast<double>(slots));
      }
    }
  }
}

TEST(Repeats, AcrossSidesBothCount) {
  const auto all = texts(2000, 2);
  const std::size_t second_from = 700;
  std::map<std::uint64_t, int> sides;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto s : all[i]) sides[s] |= i >= second_from ? 2 : 1;
  }
  Repeats repeats(1u << 22, 2, Repeats::Across::kSides);
  add_all(repeats, all, 2, second_from);
  std::size_t wrong = 0;
  for (const auto& [shingle, seen] : sides) {
    const bool repeated = repeats.repeated(Repeats::half(shingle));
    if (seen == 3) {
      EXPECT_TRUE(repeated);
    } else {
      wrong += repeated;
    }
  }
  EXPECT_LT(wrong, sides.size() / 10);
}

TEST(Repeats, MemoryIsWhatItSays) {
  EXPECT_LT(Repeats::memory_needed(1, 1), 10'000u);
  const std::uint64_t slots = std::uint64_t{1} << 28;
  EXPECT_GE(Repeats::memory_needed(slots, 1), slots / 4);
  // The marks that are gathered are no more than the table, for any number of workers.
  for (const int workers : {1, 2, 3, 64}) {
    EXPECT_LE(Repeats::memory_needed(slots, workers), slots / 2 + slots / 16) << workers;
  }
  // The table has an upper bound.
  EXPECT_EQ(Repeats::memory_needed(std::uint64_t{1} << 40, 1),
            Repeats::memory_needed(std::uint64_t{1} << 32, 1));
}

}  // namespace
}  // namespace wirecopy
