#include "wirecopy/match/evidence.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "wirecopy/match/constraint.h"
#include "wirecopy/match/dedup.h"

namespace wirecopy {
namespace {

FactText facts(std::string_view text) {
  FactReader reader;
  FactText out;
  reader.read(text, out);
  return out;
}

std::vector<WordKind> kinds(std::string_view text) { return facts(text).kinds; }

constexpr WordKind kPlain = WordKind::kPlain;
constexpr WordKind kNumber = WordKind::kNumber;
constexpr WordKind kName = WordKind::kName;

TEST(Facts, NumbersAndNamesInsideASentence) {
  EXPECT_EQ(kinds("The mayor of Leeds, Ann Lee, paid 3.5m"),
            (std::vector{kPlain, kPlain, kPlain, kName, kName, kName, kPlain, kNumber, kNumber}));
  EXPECT_EQ(kinds("It fell. Prices rose: Oil too"), std::vector(6, kPlain));
  EXPECT_EQ(kinds("said Mr. Smith. Later"), (std::vector{kPlain, kName, kName, kPlain}));
  EXPECT_EQ(kinds("a\nLeeds"), std::vector(2, kPlain));
}

TEST(Facts, EqualNumbersInOtherDigitsAreEqualWords) {
  const FactText ascii = facts("in 2024"), arabic = facts("in ٢٠٢٤"), persian = facts("in ۲۰۲۴");
  EXPECT_EQ(ascii.words, arabic.words);
  EXPECT_EQ(ascii.words, persian.words);
  EXPECT_EQ(arabic.kinds[1], kNumber);
}

TEST(Facts, TheHeadlineIsTheFirstLineWithWords) {
  EXPECT_EQ(facts("\n--\nTwo words\nand more").headline, 2U);
  EXPECT_EQ(facts("no line break").headline, 3U);
  EXPECT_EQ(facts("one\xE2\x80\xA8two").headline, 1U);
  EXPECT_EQ(facts("").headline, 0U);
}

TEST(Evidence, AReplacementIsComparedFactByFact) {
  EvidenceMeter meter;
  // 12 stands on both sides of the replacement: kept. Of 7 and 8, and Rome and Oslo, one each.
  const Evidence e = meter.measure(facts("they flew to Rome with 12 and 7 tons of ice"),
                                   facts("they flew to Oslo with 8 or 12 tons of ice"));
  EXPECT_EQ(e.covered, 6U);
  EXPECT_EQ(e.longest_run, 3U);
  EXPECT_EQ(e.replacements, 1U);
  EXPECT_EQ(e.replaced_words, 10U);
  EXPECT_EQ(e.numbers_changed, 1U);
  EXPECT_EQ(e.numbers_kept, 1U);
  EXPECT_EQ(e.names_changed, 1U);
  EXPECT_EQ(e.names_kept, 0U);
  EXPECT_EQ(e.changed_places, 1U);
}

TEST(Evidence, WhatAScannerMisreadIsToldFromOtherWords) {
  EvidenceMeter meter;
  const Evidence e =
      meter.measure(facts("one of them said the harbour in the east will be cloudy on the day "
                          "and in the night it will be cloudy again as ever"),
                    facts("one of them said the harhour in the east will be sunny on the day "
                          "and in the night it will be sunny again as ever"));
  EXPECT_EQ(e.replacements, 3U);
  EXPECT_EQ(e.misread, 1U);
  EXPECT_EQ(e.reworded, 2U);
  EXPECT_EQ(e.reworded_ways, 1U);  // the same again
  EXPECT_EQ(e.reworded_words, 4U);
}

TEST(Facts, ArabicHasNoCapitals) { EXPECT_EQ(kinds("قال أحمد إن آمنة"), std::vector(4, kPlain)); }

TEST(Evidence, WhatOnlyOneTextHasIsNoReplacement) {
  std::string tail;
  for (int i = 0; i < 30; ++i) tail += " tail" + std::to_string(i) + " 7";
  EvidenceMeter meter;
  const Evidence e = meter.measure(facts("one two three four"), facts("one two three four" + tail));
  EXPECT_EQ(e.replacements, 0U);
  EXPECT_EQ(e.numbers_changed, 0U);
  EXPECT_EQ(e.own_a, 0U);
  EXPECT_EQ(e.own_b, 60U);
  EXPECT_EQ(e.only_a, 0);
  EXPECT_EQ(e.only_b, kTail);
  EXPECT_EQ(e.coverage_a(), 1.0);
  EXPECT_EQ(e.coverage_b(), 4.0 / 64);
  EXPECT_EQ(places_name(kHead | kTail), "head+tail");
  EXPECT_EQ(places_name(0), "");
}

TEST(Evidence, TextsWithoutWordsAreNothing) {
  EvidenceMeter meter;
  const Evidence e = meter.measure(facts(""), facts("..."));
  EXPECT_EQ(e.covered, 0U);
  EXPECT_EQ(e.coverage_a(), 0.0);
  EXPECT_TRUE(e.same_headline);
}

std::string report(int i) {
  const auto n = [&](int k) { return std::to_string(k * 37 + i * 11); };
  return "Weather. The office expects a dry day with light winds over the whole of the county and "
         "a high of " +
         n(1) + " degrees. In the evening the temperature will fall quickly to " + n(2) +
         " degrees under a clear sky. The chance of rain before midnight is put at only " + n(3) +
         " percent, and the pollen count for grass will come to about " + n(4) +
         " grains in each cubic metre of air. Drivers are asked to take care on roads near the "
         "sea.";
}

class Judging : public testing::Test {
 protected:
  Matches match(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) column_.push_back(text);
    DedupOptions options;
    options.rule.threshold = 0.3;
    return find_matches(column_, options, wirecopy::Run{});
  }
  TextColumn column_;
};

TEST_F(Judging, ReportsFromOneFrameAreTemplatesAndTheirReprintsAreNot) {
  const std::vector<std::string> texts{report(1), report(2), report(3), "Reprinted. " + report(3)};
  const Matches matches = match(texts);
  ASSERT_EQ(matches.pairs.size(), 6U);
  wirecopy::Run run;
  run.threads = 2;
  const std::vector<Verdict> quick = judge_templates(column_, matches, run);
  const Judged full = judge_pairs(column_, matches, {}, {}, run);
  for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
    const bool reprint = matches.pairs[i].a == 2 && matches.pairs[i].b == 3;
    EXPECT_EQ(full.verdicts[i], reprint ? Verdict::kNearCopy : Verdict::kTemplate);
    EXPECT_EQ(quick[i], full.verdicts[i]);
    EXPECT_EQ(full.evidence[i].numbers_changed, reprint ? 0U : 4U);
  }
}

TEST_F(Judging, AStoryThatOneSourceAddedToIsAnUpdate) {
  const std::string short_text = report(1),
                    long_text = short_text + " " + std::string(report(900)).substr(9);
  const std::vector<std::string> texts{long_text, short_text, short_text};
  const Matches matches = match(texts);
  ASSERT_EQ(matches.pairs.size(), 1U);
  const std::vector<std::int32_t> sources{5, 6, 5};
  // The shorter one came first in source 6, then in 5: it counts where it was first.
  EXPECT_EQ(
      judge_pairs(column_, matches, std::vector<std::int64_t>{9, 1, 2}, sources, wirecopy::Run{})
          .verdicts[0],
      Verdict::kCutDown);
  EXPECT_EQ(
      judge_pairs(column_, matches, std::vector<std::int64_t>{9, 2, 1}, sources, wirecopy::Run{})
          .verdicts[0],
      Verdict::kUpdate);
  const std::vector<std::int64_t> unknown(3, Constraint::kUnknownDate);
  EXPECT_EQ(judge_pairs(column_, matches, unknown, sources, wirecopy::Run{}).verdicts[0],
            Verdict::kCutDown);
}

TEST_F(Judging, StopsWhenAsked) {
  const std::vector<std::string> texts{report(1), report(2)};
  const Matches matches = match(texts);
  StopToken stop;
  stop.request();
  wirecopy::Run run;
  run.stop = &stop;
  EXPECT_THROW(judge_templates(column_, matches, run), Stopped);
  EXPECT_THROW(judge_pairs(column_, matches, {}, {}, run), Stopped);
}

}  // namespace
}  // namespace wirecopy
