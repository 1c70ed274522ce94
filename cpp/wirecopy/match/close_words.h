// Whether two words are the same word, misread by a scanner.
#pragma once

#include <cstddef>
#include <string_view>

namespace wirecopy {

// The edits that may part close words, the longer of which has so many characters: 0 below 3, 1 up
// to 5, 2 up to 9, then 3.
constexpr int close_edits(std::size_t characters) {
  return characters < 3 ? 0 : characters <= 5 ? 1 : characters <= 9 ? 2 : 3;
}

// Whether two different normalized words (UTF-8) are close: within close_edits of one another
// (Levenshtein distance in code points). Words that both hold a digit are not: another figure is
// another fact. Nor are words of more than 48 bytes.
bool close_words(std::string_view a, std::string_view b);

}  // namespace wirecopy
