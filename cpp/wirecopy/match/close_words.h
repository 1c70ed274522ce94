// Whether two words, or stretches of words, are the same, misread by a scanner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wirecopy {

// The edits that may part close words, the longer of which has so many characters: 0 below 3, 1 up
// to 5, 2 up to 9, then 3.
constexpr int close_edits(std::size_t characters) {
  return characters < 3 ? 0 : characters <= 5 ? 1 : characters <= 9 ? 2 : 3;
}

// What tells most words that are not close apart at a glance.
struct WordShape {
  std::uint64_t bag = 0;         // which characters, by their last six bits
  std::uint32_t characters = 0;  // 0: too long to be close to another word
  bool digit = false;            // of any script

  explicit WordShape(std::string_view word);
  WordShape() = default;
};

// False only where close_words is.
inline bool may_be_close(const WordShape& a, const WordShape& b) {
  const std::uint32_t longer = a.characters > b.characters ? a.characters : b.characters;
  const std::uint32_t shorter = a.characters > b.characters ? b.characters : a.characters;
  const int limit = close_edits(longer);
  if (shorter == 0 || longer - shorter > static_cast<std::uint32_t>(limit) || limit == 0 ||
      (a.digit && b.digit)) {
    return false;
  }
  // Each edit gives and takes one kind of character at most.
  const auto within = [limit](std::uint64_t kinds) {
    for (int i = 0; i < limit; ++i) kinds &= kinds - 1;
    return kinds == 0;
  };
  return within(a.bag & ~b.bag) && within(b.bag & ~a.bag);
}

// Whether two different normalized words (UTF-8) are close: within close_edits of one another
// (Levenshtein distance in code points). Words that both hold a digit are not: another figure is
// another fact. Nor are words of more than 48 bytes.
bool close_words(std::string_view a, std::string_view b);

// Whether two stretches of normalized words, each without its spaces, are one that was misread: at
// most two characters in five differ (Levenshtein distance over the longer's code points), or each
// is one character. Not where both hold digits and these are not the same, nor beyond 128 code
// points.
bool misread(std::string_view a, std::string_view b);

}  // namespace wirecopy
