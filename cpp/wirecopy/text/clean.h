// The steps of normalization that look at a character, or at a few side by side.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/text/byte_set.h"
#include "wirecopy/text/rewriter.h"
#include "wirecopy/text/steps.h"

namespace wirecopy {

// All steps return and write as the functions of forms.h do, and are linear in the text.

// What is not UTF-8 becomes U+FFFD: each longest piece that could have begun a character, as
// recommended by the Unicode Standard (section 3.9) and done by bytes.decode("utf-8", "replace").
// Surrogates written as three bytes each (as the reader of Python's strings gives them) become the
// character that a pair of them stands for, or one U+FFFD each.
bool repair_utf8(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits);

// What single characters become, of one step or of several done one after the other.
class CharMap {
 public:
  // Steps kControls to kLigatures; others are passed over.
  explicit CharMap(const std::vector<Step>& steps);

  bool apply(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits) const;

 private:
  const std::string* find(char32_t c) const;

  static constexpr std::size_t kSlots = 1024;  // several times the characters of all steps
  struct Slot {
    char32_t from = 0;  // no step changes U+0000 through a slot
    std::uint32_t to = 0;
  };
  std::array<Slot, kSlots> slots_{};
  std::vector<std::string> texts_;
  std::array<std::int16_t, 128> ascii_{};  // -1: stays
  ByteSet stops_;
  bool joins_crlf_ = false;
};

// "exam-\nple" becomes "example": a hyphen between a letter and a line break, after which the next
// letter is lower-case, goes with the break and the white space around it.
bool join_line_hyphens(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits);

enum class Lines {
  kKeep,  // a run of white space is "\n\n", "\n" or " ": as many line breaks as it has, up to two
  kOne,   // it is " "
};

// And none at the ends of the text.
bool collapse_whitespace(std::string_view text, Lines lines, ByteBuffer& out,
                         std::vector<Edit>* edits);

}  // namespace wirecopy
