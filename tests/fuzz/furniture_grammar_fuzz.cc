// Rules that are right by the grammar, made from the input, matched against a text of the same
// words: reading never refuses them, and matching them is what the sanitizers see. (Any bytes as
// rules: furniture_rules_fuzz.cc. What is found, against a slow twin: test_furniture_oracle.py.)
#include <array>

#include "fuzz.h"
#include "wirecopy/base/error.h"
#include "wirecopy/text/furniture.h"

using namespace wirecopy;

namespace {

constexpr std::array<std::string_view, 16> kWords = {
    "read", "more", "by",   "Ann",   "LEE", "dpa",  "x9", "7",
    "31",   "2017", "Łódź", "может", "日",  "أحمد", "é",  "internationalization"};
constexpr std::array<std::string_view, 10> kMarks = {"-", "—", ".", ",", ":",
                                                     "(", ")", "’", "©", "/"};
constexpr std::array<std::string_view, 9> kBuiltIn = {"any", "word",  "n",     "day",  "year",
                                                      "cap", "upper", "lower", "punct"};
constexpr std::array<std::string_view, 4> kKinds = {"teaser", "byline", "dateline", "label"};
constexpr std::array<std::string_view, 3> kScopes = {"line", "start", "any"};
constexpr std::array<std::string_view, 9> kConditions = {
    "max=80", "head", "tail", "last", "upper", "open", "thorough", "wire", "confidence=0.5"};

class Grammar {
 public:
  explicit Grammar(fuzz::Bytes& input) : input_(&input) {}

  std::string rules() {
    std::string all = "class odd = read | \"more by\" | {cap} 7\n";
    const unsigned count = 1 + below(6);
    for (unsigned i = 0; i < count; ++i) {
      all += std::string(pick(kKinds)) + ' ' + std::string(pick(kScopes)) + " en.r" +
             std::to_string(i);
      if (below(3) == 0) all += ' ' + std::string(pick(kConditions));
      parts_ = 0;
      all += " : " + pattern(0) + '\n';
    }
    return all;
  }

  std::string text() {
    std::string all;
    for (unsigned i = 20 + below(60); i > 0; --i) {
      all += below(4) == 0 ? pick(kMarks) : pick(kWords);
      const unsigned after = below(16);
      all += after == 0 ? "\n" : after == 1 ? "\n\n" : after == 2 ? "" : " ";
    }
    return all;
  }

 private:
  unsigned below(unsigned n) { return input_->byte() % n; }
  template <std::size_t n>
  std::string_view pick(const std::array<std::string_view, n>& from) {
    return from[below(n)];
  }

  // What must be there comes first, so that no pattern matches nothing.
  std::string pattern(int depth) {
    std::string all = sequence(depth);
    while (parts_ < 20 && below(4) == 0) all += " | " + sequence(depth);
    return all;
  }
  std::string sequence(int depth) {
    std::string all = atom(depth);
    while (parts_ < 20 && below(2) == 0) {
      static constexpr std::array<std::string_view, 4> kTimes = {"", "?", "*", "+"};
      all += ' ' + atom(depth) + std::string(pick(kTimes));
    }
    return all;
  }
  std::string atom(int depth) {
    ++parts_;
    switch (below(depth < 4 ? 8 : 6)) {
      case 0: return '{' + std::string(pick(kBuiltIn)) + '}';
      case 1: return "{odd}";
      case 2: return '"' + std::string(pick(kWords)) + ' ' + std::string(pick(kMarks)) + '"';
      case 3: return '\'' + std::string(pick(kWords)) + '\'';
      case 4: return std::string(pick(kMarks.data(), 2));
      case 6:
      case 7: return "( " + pattern(depth + 1) + " )";
      default: return std::string(pick(kWords));
    }
  }
  std::string_view pick(const std::string_view* from, unsigned n) { return from[below(n)]; }

  fuzz::Bytes* input_;
  int parts_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes input(data, size);
  Grammar grammar(input);
  const std::string made = grammar.rules();
  FurnitureRules rules;
  try {
    rules.read("rules", made, {});
  } catch (const InputError& error) {
    std::fprintf(stderr, "%s\n%s\n", error.what(), made.c_str());
    fuzz::require(false, "rules of the grammar are read");
  }
  const std::string text = grammar.text();
  FoundFurniture found;
  for (const bool thorough : {false, true}) {
    FurnitureFinder(rules, {.thorough = thorough}).find(text, -1, found);
    std::size_t at = 0;
    for (const FurnitureSpan& span : found.spans) {
      fuzz::require(at <= span.begin && span.begin < span.end && span.end <= text.size(),
                    "findings are in order and in the text");
      at = span.begin;
    }
  }
  return 0;
}
