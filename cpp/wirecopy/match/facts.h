// The words of a text, and which of them state facts: the numbers and the names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

enum class WordKind : std::uint8_t {
  kPlain,
  // Begins with a decimal digit of any script. The core's words end at punctuation, so "3.5" and
  // "12:30" are two numbers each, and "10km" is one.
  kNumber,
  // Begins with a capital letter inside a sentence: nothing but spaces, commas, hyphens,
  // apostrophes, slashes, ampersands or brackets stand before it, or the point of an initial or of
  // a short title ("J.", "Mr."). Scripts without case have none.
  kName,
};

struct FactText {
  // XXH3-64 of each word; of a number in other digits than ASCII's, of the same number in those, so
  // that equal numbers are equal words.
  std::vector<std::uint64_t> words;
  std::vector<WordKind> kinds;
  // The numbers and the names among the words, each ascending.
  std::vector<std::uint64_t> numbers;
  std::vector<std::uint64_t> names;
  std::uint32_t headline = 0;  // words on the first line that has any
  // The normalized words, end to end, and where each ends.
  std::string letters;
  std::vector<std::uint32_t> ends;

  std::size_t size() const { return words.size(); }
  // Of the words begin .. end.
  std::string_view letters_of(std::uint32_t begin, std::uint32_t end) const {
    const std::uint32_t from = begin == 0 ? 0 : ends[begin - 1];
    const std::uint32_t to = end == 0 ? 0 : ends[end - 1];
    return std::string_view(letters).substr(from, to - from);
  }
};

// Keeps its buffers from one text to the next. One per thread.
class FactReader {
 public:
  void read(std::string_view text, FactText& out);
  // The words of the text last read, with their places in it.
  const WordScanner& words() const { return scanner_; }

 private:
  WordScanner scanner_;
  WordHasher hasher_;
};

}  // namespace wirecopy
