#include "wirecopy/match/banding.h"

#include <gtest/gtest.h>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

TEST(Banding, ProbabilityIsTheSCurve) {
  const Banding banding{16, 8};
  EXPECT_NEAR(banding.candidate_probability(0.8), 0.9470, 1e-4);
  EXPECT_DOUBLE_EQ(banding.candidate_probability(1), 1);
  EXPECT_DOUBLE_EQ(banding.candidate_probability(0), 0);
}

TEST(Banding, ChoiceReachesTheRecallAndOneMoreRowWouldNot) {
  for (const double threshold : {0.1, 0.3, 0.5, 0.7, 0.8, 0.95, 1.0}) {
    for (const double recall : {0.5, 0.9, 0.99, 0.9999}) {
      const int permutations = 256;
      Banding chosen;
      try {
        chosen = choose_banding(threshold, recall, permutations);
      } catch (const InputError&) {
        EXPECT_LT((Banding{permutations, 1}.candidate_probability(threshold)), recall);
        continue;
      }
      EXPECT_LE(chosen.bands * chosen.rows, permutations);
      EXPECT_GE(chosen.candidate_probability(threshold), recall);
      if (chosen.rows < permutations) {
        const Banding stricter{permutations / (chosen.rows + 1), chosen.rows + 1};
        EXPECT_LT(stricter.candidate_probability(threshold), recall);
      }
    }
  }
}

TEST(Banding, ImpossibleRecallSaysWhatItWouldTake) {
  try {
    choose_banding(0.01, 0.99, 128);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.argument(), "recall");
    EXPECT_NE(std::string(error.what()).find("num_perm=459"), std::string::npos) << error.what();
  }
  EXPECT_EQ(choose_banding(0.01, 0.99, 459).rows, 1);
}

}  // namespace
}  // namespace wirecopy
