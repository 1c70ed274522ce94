// Keyword in context: every place where a word or phrase stands, with the words around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/word_pattern.h"

namespace wirecopy {

// What neither a hit nor its context goes beyond. Sentences are those of UAX #29 (segment.h),
// paragraphs those of paragraphs.h.
enum class Within : std::uint8_t { kText, kSentence, kParagraph };

struct KwicOptions {
  std::vector<std::string> patterns;        // word_pattern.h
  std::vector<std::uint32_t> numbers = {};  // what each is called in hits; empty: its index
  Spelling spelling = {};
  std::size_t left = 5;  // words before the hit, and after it
  std::size_t right = 5;
  Within within = Within::kText;
  std::size_t limit = SIZE_MAX;             // hits, the first ones
  std::span<const std::uint8_t> skip = {};  // empty, or not 0 for each text to leave out
};

// Bytes of the text's UTF-8, but for start and end.
struct KwicHit {
  DocId row;
  std::uint32_t pattern;
  std::uint32_t left;  // where the context begins
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t right;  // where the context ends
  std::uint32_t start_chars;
  std::uint32_t end_chars;
};

// Every match of every pattern at every word, so hits may overlap; in the order of rows, words and
// patterns. The context begins and ends with a word, or where the unit (`within`) does if the
// window takes in its first or last word. Null texts have no hits. Throws InputError naming a
// pattern that holds no word, or the first text with a lone surrogate among those that were read as
// words (a text that surely holds no match is not).
std::vector<KwicHit> find_in_context(const TextColumn& texts, const KwicOptions& options,
                                     const Run& run);

// A hit as columns row, start, end (code points), left, match, right (pieces of the text; white
// space at the outer and inner ends of a context is no part of it) and pattern (its number).
Table kwic_table(const TextColumn& texts, std::span<const KwicHit> hits, const Run& run);

// What hits are ordered by: words in the form in which they are compared.
struct KwicSortKey {
  enum class Side : std::uint8_t { kLeft, kMatch, kRight } side;
  // 1 for the word next to the hit, and so on; 0 for all of them, from the hit outwards.
  std::size_t word = 0;
};

// The order of the hits by the keys, one after the other, then by where they stand. Words are
// ordered by code point; a hit without the word asked for comes first.
std::vector<std::int64_t> kwic_order(const TextColumn& texts, std::span<const KwicHit> hits,
                                     std::span<const KwicSortKey> keys, const Run& run);

}  // namespace wirecopy
