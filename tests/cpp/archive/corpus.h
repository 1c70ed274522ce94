// Small articles made from a seed, among them copies, cut-downs and rewritings of earlier ones.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "wirecopy/archive/archive.h"

namespace wirecopy::testing {

inline std::vector<std::string> make_articles(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto words = [&](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += "w" + std::to_string(random() % 4000) + " ";
    return text;
  };
  const std::string boilerplate = words(12);
  std::vector<std::string> articles;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && random() % 2 == 0) {
      std::string text = articles[random() % i];
      switch (random() % 5) {
        case 0: break;                                          // a copy
        case 1: text.resize(text.size() / 2); break;            // cut down
        case 2: text += words(random() % 30); break;            // longer
        case 3: text.insert(text.size() / 2, words(3)); break;  // changed
        default: text = words(5) + text.substr(text.size() / 3); break;
      }
      articles.push_back(std::move(text));
      continue;
    }
    std::string text = words(random() % 80);
    if (random() % 2 == 0) text += boilerplate;
    articles.push_back(std::move(text));
  }
  if (count > 3) articles[3] = "";  // without a word
  return articles;
}

// Texts with what they are called, which an archive borrows.
class Batch {
 public:
  Batch(const std::vector<std::string>& articles, std::size_t begin, std::size_t end,
        std::int64_t id_shift = 0)
      : articles_(articles.begin() + static_cast<std::ptrdiff_t>(begin),
                  articles.begin() + static_cast<std::ptrdiff_t>(end)) {
    for (std::size_t i = 0; i < articles_.size(); ++i) {
      column_.push_back(articles_[i]);
      const std::int64_t id = static_cast<std::int64_t>(begin + i) + id_shift;
      texts.ids.push_back({reinterpret_cast<const char*>(&id), sizeof id});
      texts.dates.push_back(1'000'000 * id);
      texts.sources.push_back("source " + std::to_string(id % 3));
      texts.has_source.push_back(id % 4 != 0);
    }
    texts.whole = texts.compared = &column_;
    texts.id_kind = format::IdKind::kIntegers;
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  NewTexts texts;

 private:
  std::vector<std::string> articles_;
  TextColumn column_;
};

inline Strings ids_of(const std::vector<std::int64_t>& numbers) {
  Strings ids;
  for (const std::int64_t id : numbers) {
    ids.push_back({reinterpret_cast<const char*>(&id), sizeof id});
  }
  return ids;
}

}  // namespace wirecopy::testing
