#include "wirecopy/text/furniture.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/text/bodies.h"

namespace wirecopy {
namespace {

constexpr std::string_view kRules =
    "class agency/Reuters = reuters | \"thomson reuters\"\n"
    "teaser line en.more label max=60 : \"read more\" : ...\n"
    "credit line en.photo : photo : {cap}+\n"
    "dateline start x.place : {upper}+ \"(\" {agency} \")\" -\n"
    "advertisement any en.ad : 'Advertisement'\n"
    "copyright line en.rights : ( ... )? \"all rights reserved\"\n";

FurnitureRules rules_of(std::string_view text) {
  FurnitureRules rules;
  rules.read("rules", text, {});
  return rules;
}

std::vector<std::string> found_in(const FurnitureRules& rules, std::string_view text) {
  FurnitureFinder finder(rules, {});
  FoundFurniture found;
  finder.find(text, -1, found);
  std::vector<std::string> out;
  for (const FurnitureSpan& span : found.spans) {
    out.emplace_back(text.substr(span.begin, span.end - span.begin));
  }
  return out;
}

using List = std::vector<std::string>;

TEST(Furniture, LinesStartsAndSentences) {
  const FurnitureRules rules = rules_of(kRules);
  EXPECT_EQ(found_in(rules, "Read More: Rain\nIt rained all day long in the town of Hay."),
            List{"Read More: Rain"});
  EXPECT_EQ(found_in(rules, "HAY (Reuters) - It rained."), List{"HAY (Reuters) -"});
  EXPECT_EQ(found_in(rules, "It rained. Advertisement More came."), List{"Advertisement"});
  EXPECT_EQ(found_in(rules, "It rained. advertisement More came."), List{});
  EXPECT_EQ(found_in(rules, "photo: Anna Bell"), List{"photo: Anna Bell"});
  EXPECT_EQ(found_in(rules, "photo: anna bell"), List{});
  EXPECT_EQ(found_in(rules, "The Post \xC2\xA9 2020. All rights reserved."),
            List{"The Post \xC2\xA9 2020. All rights reserved."});
  EXPECT_EQ(found_in(rules, "All rights reserved for fish, he said"), List{});
}

TEST(Furniture, RulesThatAreWrongChangeNothing) {
  FurnitureRules rules;
  EXPECT_EQ(found_in(rules, "Read more: Rain\nIt rained."), List{});
  rules.read("rules", kRules, {});
  const std::size_t before = rules.rules().size();
  EXPECT_THROW(rules.read("more", "label line en.odd : unheard of\nlabel line en.bad : (", {}),
               InputError);
  EXPECT_EQ(rules.rules().size(), before);
  EXPECT_EQ(found_in(rules, "Unheard of\nread more: unheard rain\nIt rained."),
            List{"read more: unheard rain"});
  rules.read("more", "label line en.odd : unheard of", {});
  EXPECT_EQ(found_in(rules, "Unheard of\nIt rained."), List{"Unheard of"});
}

TEST(Furniture, HyphensInsideWordsEndNoDateline) {
  const FurnitureRules rules = rules_of("dateline start x.dash : {upper} -\n");
  EXPECT_EQ(found_in(rules, "HAY - It rained."), List{"HAY -"});
  EXPECT_EQ(found_in(rules, "HAY-ON-WYE is a town."), List{});
}

TEST(Furniture, WordsThatEndNearTheEndOfTheText) {
  // Words of every length, at every distance from the end of the memory that may be read.
  for (std::size_t size = 1; size < 40; ++size) {
    const std::string word(size, 'a');
    const FurnitureRules rules = rules_of("label line x.word : " + word + "\n");
    EXPECT_EQ(found_in(rules, word), List{word});
    EXPECT_EQ(found_in(rules, word + "b"), List{});
    EXPECT_EQ(found_in(rules, std::string(size, 'A')), List{std::string(size, 'A')});
  }
}

TEST(Furniture, TokensDoNotDependOnWhereReadingBegins) {
  std::mt19937 draw(7);
  const std::vector<std::string> pieces = {
      "Rain",         "U.S.", "--", " ",   "\xC3\xA9t\xC3\xA9", "12",
      "\xE2\x80\x94", "(",    "'",  "a_b", "\xE5\x8C\x97",      "X"};
  const FurnitureRules rules = rules_of(kRules);
  FurnitureScratch scratch;
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += pieces[draw() % pieces.size()];
    std::vector<FurnitureToken> all;
    read_furniture_tokens(text, 0, text.size(), 1000, rules.vocabulary(), scratch, all);
    for (std::size_t from = 0; from < all.size(); ++from) {
      std::vector<FurnitureToken> rest;
      read_furniture_tokens(text, all[from].begin, text.size(), 1000, rules.vocabulary(), scratch,
                            rest);
      ASSERT_EQ(rest.size(), all.size() - from) << text;
      for (std::size_t i = 0; i < rest.size(); ++i) {
        EXPECT_EQ(rest[i].begin, all[from + i].begin);
        EXPECT_EQ(rest[i].end, all[from + i].end);
        EXPECT_EQ(rest[i].id, all[from + i].id);
        EXPECT_EQ(rest[i].flags, all[from + i].flags) << text;
      }
    }
  }
}

TEST(Bodies, AreSlicesOrWhole) {
  const FurnitureRules rules = rules_of(kRules);
  TextColumn texts;
  texts.push_back("HAY (Reuters) - It rained.\nRead more: Sun\nIt stopped.");
  texts.push_back("It rained.");
  texts.push_back("Read more: Sun");  // nothing else: stays whole
  texts.push_null();
  const Bodies bodies = find_bodies(texts, rules, {}, {}, wirecopy::Run{});
  EXPECT_EQ(bodies.shortened, 1u);
  TextReader reader(bodies.texts);
  EXPECT_EQ(reader[0], "It rained.\nIt stopped.");
  EXPECT_EQ(reader[1], "It rained.");
  EXPECT_EQ(reader[2], "Read more: Sun");
  EXPECT_TRUE(bodies.texts.is_null(3));
}

TEST(FurnitureRules, WrongLinesAreNamed) {
  FurnitureRules rules;
  try {
    rules.read("mine", "\nlabel line en.x : {nothing}\n", {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("mine"), std::string::npos);
  }
}

}  // namespace
}  // namespace wirecopy
