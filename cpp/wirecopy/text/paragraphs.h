// Texts cut into their paragraphs.
//
// A line ends where Python's str.splitlines() ends it: at \n, \r, \r\n, \v, \f, U+001C to U+001E,
// U+0085, U+2028 and U+2029. A line is blank if nothing of it is left by str.strip(). Where blank
// lines stand between the other lines of a text, they (and only they) separate its paragraphs;
// where none do, every line is a paragraph. White space at the ends is no part of a paragraph, so
// blank lines before and after a text change nothing, and a text of white space has no paragraph.
#pragma once

#include <cstdint>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// One entry a paragraph, in the order of the texts.
struct Paragraphs {
  TextColumn texts;  // pieces of the memory of the column that was split, which it keeps alive
  std::vector<std::int64_t> row;    // the text
  std::vector<std::int64_t> start;  // code points of the text before the paragraph
  std::vector<std::int64_t> end;    // and to its end
};

// Null texts have no paragraphs. Throws InputError naming the first text with a lone surrogate.
Paragraphs split_paragraphs(const TextColumn& texts, const Run& run);

}  // namespace wirecopy
