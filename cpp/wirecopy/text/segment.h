// Words, sentences and graphemes by Unicode Standard Annex #29, with its default rules.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// The bytes at which segments end, ascending; the last is the text's size. Replace `ends`. Linear
// in the text, which is well-formed UTF-8.
void grapheme_ends(std::string_view text, std::vector<std::size_t>& ends);
void sentence_ends(std::string_view text, std::vector<std::size_t>& ends);

struct WordSegment {
  std::size_t end;
  bool is_word;  // holds a letter, a digit or an ideograph
};
void word_segments(std::string_view text, std::vector<WordSegment>& segments);

enum class SegmentKind : std::uint8_t { kGraphemes, kWords, kAllWords, kSentences, kAllSentences };

// Columns row, start, end (code points), in the order of the texts. kWords leaves out segments of
// spaces and punctuation, and has a column word: the word, with U+2019 as "'"; kSentences gives
// them without the white space at their ends, and leaves out those of nothing else. Throws
// InputError naming the first text with a lone surrogate.
Table segment_texts(const TextColumn& texts, SegmentKind kind, const Run& run);

}  // namespace wirecopy
