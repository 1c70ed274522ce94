#include "wirecopy/keywords/dispersion.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

using Entries = std::vector<PartCounts::Entry>;

TEST(Dispersion, GriesWorkedExample) {
  // Gries (2008, 2020): 1 to 5 occurrences in parts of 9, 10, 10, 10 and 11 words.
  const Entries entries{{0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {3, 4, 1}, {4, 5, 1}};
  const Dispersion d = dispersion(entries, std::array{9.0, 10.0, 10.0, 10.0, 11.0}, {});
  EXPECT_EQ(d.frequency, 15);
  EXPECT_EQ(d.range, 5);
  EXPECT_NEAR(d.juilland_d, 0.785, 5e-4);
  EXPECT_NEAR(d.carroll_d2, 0.938, 5e-4);
  EXPECT_NEAR(d.rosengren_s, 0.95, 5e-4);
  EXPECT_NEAR(d.dp, 0.18, 5e-4);
  EXPECT_NEAR(d.dp_norm, 0.22, 5e-4);
  EXPECT_NEAR(d.kl_divergence, 0.137, 5e-4);
}

TEST(Dispersion, EvenAndUneven) {
  const std::array sizes{10.0, 30.0, 60.0};
  const Dispersion even = dispersion(Entries{{0, 1, 1}, {1, 3, 1}, {2, 6, 1}}, sizes, {});
  EXPECT_NEAR(even.juilland_d, 1, 1e-12);
  EXPECT_NEAR(even.carroll_d2, 1, 1e-12);
  EXPECT_NEAR(even.rosengren_s, 1, 1e-12);
  EXPECT_NEAR(even.dp, 0, 1e-12);
  EXPECT_NEAR(even.kl_divergence, 0, 1e-12);
  const Dispersion smallest = dispersion(Entries{{0, 5, 1}}, sizes, {});
  EXPECT_NEAR(smallest.dp_norm, 1, 1e-12);
  EXPECT_NEAR(smallest.juilland_d, 0, 1e-12);
  EXPECT_NEAR(smallest.carroll_d2, 0, 1e-12);
}

TEST(Dispersion, HalvesOfAPartAreThePart) {
  const std::array sizes{10.0, 10.0, 20.0};
  const std::array halves{0.5, 0.5, 1.0};
  const Dispersion two = dispersion(Entries{{0, 2, 1}, {1, 2, 1}, {2, 1, 1}}, sizes, halves);
  const Dispersion one = dispersion(Entries{{0, 2, 1}, {1, 1, 1}}, std::array{10.0, 20.0}, {});
  EXPECT_DOUBLE_EQ(two.range, one.range);
  EXPECT_NEAR(two.juilland_d, one.juilland_d, 1e-15);
  EXPECT_NEAR(two.carroll_d2, one.carroll_d2, 1e-15);
  EXPECT_NEAR(two.rosengren_s, one.rosengren_s, 1e-15);
  EXPECT_NEAR(two.dp_norm, one.dp_norm, 1e-15);
}

TEST(Dispersion, NothingAnywhere) {
  const Dispersion none = dispersion({}, std::array{1.0, 3.0}, {});
  EXPECT_EQ(none.juilland_d, 0);
  EXPECT_EQ(none.dp_norm, 1);
  EXPECT_NEAR(none.kl_divergence, 2, 1e-12);  // all in a quarter of the words
  EXPECT_EQ(dispersion({}, {}, {}).kl_divergence, 0);
}

TEST(CountInParts, EqualPartsCutTextsAndSayWhereAnNgramBegins) {
  TextColumn texts;
  texts.push_back("a b");
  texts.push_back("a a");
  const PartOptions options{.min_n = 1, .max_n = 2, .terms = {"a", "a a", "x"}};
  const PartCounts counts = count_in_equal_parts(texts, 2, {}, options, wirecopy::Run{});
  ASSERT_EQ(counts.size(), 3U);
  ASSERT_EQ(counts.of(0).size(), 2U);
  EXPECT_EQ(counts.of(0)[0].count, 1);
  EXPECT_EQ(counts.of(0)[1].count, 2);
  ASSERT_EQ(counts.of(1).size(), 1U);
  EXPECT_EQ(counts.of(1)[0].part, 1U);
  EXPECT_TRUE(counts.of(2).empty());
  EXPECT_EQ(counts.sizes_of(1)[0], 2);
  EXPECT_EQ(counts.sizes_of(2)[1], 1);
}

TEST(CountInParts, RefusesTermsThatCannotBeCounted) {
  TextColumn texts;
  texts.push_back("a");
  const std::array<std::uint32_t, 1> parts{0};
  for (const std::vector<std::string>& terms :
       {std::vector<std::string>{"!"}, {"a b"}, {"a", "A"}}) {
    EXPECT_THROW(count_in_parts(texts, parts, 1, {}, {.terms = terms}, wirecopy::Run{}),
                 InputError);
  }
}

}  // namespace
}  // namespace wirecopy
