// The words of any bytes stand in their order, inside the text.
#include "fuzz.h"
#include "wirecopy/text/words.h"

using namespace wirecopy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::Bytes(data, size).rest());
  for (const WordRule rule : {WordRule::kMatch, WordRule::kCount}) {
    WordScanner scanner(rule);
    scanner.scan(text);
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < scanner.size(); ++i) {
      const Span32 source = scanner.source(i);
      fuzz::require(
          before <= source.begin && source.begin < source.end && source.end <= text.size(),
          "words are in the text, in order");
      fuzz::require(!scanner[i].empty(), "no word is empty");
      before = source.begin;
    }
  }
  return 0;
}
