// Any automaton over any text that is UTF-8.
#include <array>
#include <vector>

#include "fuzz.h"
#include "wirecopy/base/error.h"
#include "wirecopy/text/mojibake.h"

using namespace wirecopy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes input(data, size);
  const std::uint8_t classes = input.byte() % 8;
  const auto bits = [&] {
    SequenceDetector::Bits all{};
    const std::size_t words = input.byte() % SequenceDetector::kWords;
    for (std::size_t i = 0; i <= words; ++i) all[i] = input.word() & input.word();
    return all;
  };
  std::vector<SequenceDetector::Bits> of_class;
  for (std::uint8_t i = 0; i < classes; ++i) of_class.push_back(bits());
  const SequenceDetector::Bits first = bits(), anchored = bits(), last = bits();
  std::vector<std::uint8_t> class_of(0x110000);
  for (std::size_t c = 0; c < class_of.size(); ++c) {
    class_of[c] = static_cast<std::uint8_t>(classes == 0 ? 0 : c % classes);
  }
  const std::string text = fuzz::well_formed(input.rest());
  try {
    const SequenceDetector detector(std::move(class_of), std::move(of_class), first, anchored,
                                    last);
    const bool found = detector.matches(text);
    fuzz::require(found == detector.matches(text), "the same twice");
  } catch (const InputError&) {
  }
  return 0;
}
