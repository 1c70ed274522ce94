// Graphemes, words and sentences cover the text.
#include <vector>

#include "fuzz.h"
#include "wirecopy/text/segment.h"

using namespace wirecopy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::well_formed(fuzz::Bytes(data, size).rest());
  std::vector<std::size_t> graphemes, sentences, words;
  std::vector<WordSegment> segments;
  grapheme_ends(text, graphemes);
  sentence_ends(text, sentences);
  word_segments(text, segments);
  for (const WordSegment& segment : segments) words.push_back(segment.end);
  for (const auto* ends : {&graphemes, &sentences, &words}) {
    std::size_t last = 0;
    for (const std::size_t end : *ends) {
      fuzz::require(last < end, "ends ascend");
      fuzz::require(end == text.size() || (static_cast<std::uint8_t>(text[end]) & 0xC0u) != 0x80u,
                    "no character is cut");
      last = end;
    }
    fuzz::require(last == text.size(), "the last is the text's");
  }
  return 0;
}
