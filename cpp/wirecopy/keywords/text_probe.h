// Whether a text could hold a word, without reading it as words: at the speed of memory, on the
// text as it is stored. Never misses; may be wrong the other way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/word_pattern.h"

namespace wirecopy {

// Looks for a run of characters that every match of a pattern has in it, in any case. Two of them,
// the rarest, are compared at many places at once; where both stand, all are.
class TextProbe {
 public:
  // None where the pattern has no such run ("*", or letters with more than two cases).
  static std::optional<TextProbe> of(const WordPattern& pattern);

  bool may_be_in(const StoredText& text) const;
  // Where the run begins next in UTF-8, from byte `from` on; SIZE_MAX for nowhere.
  std::size_t next(std::string_view utf8, std::size_t from) const;

 private:
  // An element of text is one of two; where `any`, it is not looked at.
  template <typename Element>
  struct Choice {
    Element lower;
    Element upper;
    bool any;
    bool holds(Element e) const { return any || e == lower || e == upper; }
  };
  template <typename Element>
  struct Run {
    std::vector<Choice<Element>> choices;
    std::size_t first = 0;  // the two that are compared first; first <= second
    std::size_t second = 0;
  };

  template <typename Element>
  static Run<Element> make_run(std::u32string_view literal, bool& usable);
  template <typename Element>
  static std::size_t find(const Run<Element>& run, std::span<const Element> text,
                          std::size_t from = 0);
  template <typename Element>
  static bool holds(const Run<Element>& run, const StoredText& text);

  Run<std::uint8_t> bytes_;  // of UTF-8
  Run<std::uint8_t> latin1_;
  Run<std::uint16_t> ucs2_;
  Run<std::uint32_t> ucs4_;
  bool in_latin1_ = true;  // whether all characters are below U+0100
  bool in_ucs2_ = true;
};

// Whether a text holds a character that makes a probe unsound: one that folds to something of
// another length or to nothing (a ligature, a soft hyphen, a combining mark), or, where accents do
// not matter, any that is a word character beyond ASCII.
bool hides_letters(const StoredText& text, bool accents_matter);

}  // namespace wirecopy
