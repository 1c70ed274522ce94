// Runs a fuzz target without libFuzzer: texts made from seeds, mutated and glued together, always
// the same ones. What libFuzzer finds by coverage, this finds only by luck, but any compiler and
// every sanitizer can run it.
//
//     wirecopy_normalize_fuzz [ROUNDS] [FILE ...]     files: inputs to run first, as they are
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "fuzz.h"

namespace {

constexpr std::array<std::string_view, 40> kSeeds = {
    "The mayor said \xE2\x80\x9Cno\xE2\x80\x9D.",
    "LONDON, March 3 (Reuters) - Rain fell.\n\n",
    "&amp;amp;amp;lt;",
    "&#x110000;&#8217;&copy",
    "READ MORE: Envoy Arrives\n",
    "\xC2\xA9 AP Photo/",
    "https://x.org/a_(b)?q=1,",
    "a.b@c.de @who",
    "1,234.5 ",
    "exam-\nple",
    "co\xC2\xAD\r\nop",
    "\xEF\xAC\x81\xEF\xB7\xBA\xE2\x84\xA6",
    "e\xCC\x81\xCC\x80\xCC\xA3",
    "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8",
    "\xED\xA0\xBD\xED\xB8\x80",
    "\xF0\x9F\x98\x80\xE2\x80\x8D\xF0\x9F\x91\xA9",
    "\xE6\xB1\x89\xE5\xAD\x97\xE3\x80\x82",
    "\xD8\xA3\xD9\x84\xD8\xB9\xD8\xB1\xD8\xA8",
    "\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0",
    "\xC3\x83\xC2\xA9",
    "\xE2\x80\xA8\xC2\x85\x1C\x0B",
    "\xC0\x80\xFF\xFE\xF5",
    "***\n----\n",
    "teaser line en.x max=80 : \"read more\" ...\n",
    "class a = b | {cap} c?\n",
    "byline any x.y confidence=0.5 last : by {a}+ ( {name} | , )*\n",
    "label start x.z source=\"A B\" : ( ( a",
    "class name/Label = 'AP' | \"the ap\"\n",
    "{day} {year} {upper} ... ",
    "|",
    "(",
    ")",
    "?",
    "*",
    "+",
    "\"",
    "'",
    " : ",
    "\n  continued",
    "  # comment"};

}  // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 2000;
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }
  std::mt19937_64 random(1);
  std::vector<std::string> kept = {""};
  for (long round = 0; round < rounds; ++round) {
    std::string text = kept[random() % kept.size()];
    if (text.size() > 2000) text.resize(text.size() / 4);
    if (text.size() < 8) {
      for (int i = 0; i < 8; ++i) text += static_cast<char>(random() & (random() & 0xFF));
    }
    for (std::uint64_t edits = random() % 8 + 1; edits > 0; --edits) {
      const std::size_t at = random() % (text.size() + 1);
      switch (random() % 6) {
        case 0: text.insert(at, 1, static_cast<char>(random())); break;
        case 1: text.erase(at, random() % 8); break;
        case 2:
          if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
          break;
        case 3: text.insert(at, text.substr(random() % (text.size() + 1), random() % 40)); break;
        default: text.insert(at, kSeeds[random() % kSeeds.size()]); break;
      }
    }
    const std::vector<std::uint8_t> input(text.begin(), text.end());  // its end is the memory's
    LLVMFuzzerTestOneInput(input.data(), input.size());
    if (kept.size() < 200) {
      kept.push_back(text);
    } else {
      kept[random() % kept.size()] = text;
    }
  }
  return 0;
}
