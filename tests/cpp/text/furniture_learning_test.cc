#include "wirecopy/text/furniture_learning.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wirecopy {
namespace {

std::string story(int number) {
  std::string text;
  for (int part = 0; part < 4; ++part) {
    text += "The council of case " + std::to_string(number) + " met for part " +
            std::to_string(part) + " of it and then went home, letter " +
            std::string(1, static_cast<char>('a' + number % 26)) + std::to_string(number) + ".\n";
  }
  return text;
}

Learned learn(const std::vector<std::string>& texts, int threads = 1) {
  TextColumn column("texts");
  for (const std::string& text : texts) column.push_back(text);
  const std::vector<std::int32_t> sources(texts.size(), 0);
  return learn_furniture(column, sources, 1, {}, Run{.threads = threads});
}

TEST(FurnitureLearning, FindsALineOfDifferentStories) {
  std::vector<std::string> texts;
  for (int n = 0; n < 20; ++n) texts.push_back(story(n) + "Gazette online");
  const Learned learned = learn(texts);
  ASSERT_EQ(learned.found.size(), 1u);
  EXPECT_EQ(learned.found[0].text, "Gazette online");
  EXPECT_EQ(learned.found[0].place, LearnedFurniture::Place::kLine);
  EXPECT_EQ(learned.found[0].texts, 20u);
  EXPECT_FALSE(learned.found[0].numbers);
  EXPECT_EQ(learned.stories, std::vector<std::size_t>{20});
}

TEST(FurnitureLearning, CountsAReprintedStoryOnce) {
  std::vector<std::string> texts;
  for (int n = 0; n < 20; ++n) texts.push_back("Version " + std::to_string(n) + "\n" + story(7));
  const Learned learned = learn(texts);
  EXPECT_TRUE(learned.found.empty());
  EXPECT_EQ(learned.stories, std::vector<std::size_t>{1});
}

TEST(FurnitureLearning, LeavesNumbersOpenThatDiffer) {
  std::vector<std::string> texts;
  for (int n = 0; n < 20; ++n) {
    texts.push_back(std::to_string(n) + " readers like this\n" + story(n) +
                    "2 : " + std::to_string(n));
  }
  const Learned learned = learn(texts);
  ASSERT_EQ(learned.found.size(), 1u);
  EXPECT_TRUE(learned.found[0].numbers);
  EXPECT_EQ(learned.found[0].text, "0 readers like this");
}

}  // namespace
}  // namespace wirecopy
