// Words and phrases asked for, with wildcards: "prime minister", "minist*", "colo?r", "* minister".
//
// "*" stands for any run of characters, also none, and by itself for any one word; "?" for exactly
// one character (the globs of AntConc and quanteda). A pattern is cut into words as a text is, a
// wildcard counting as a letter, so "U.S." is the word "u.s" and "post-war" the phrase "post war".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/text/rewriter.h"

namespace wirecopy {

// Which differences of spelling keep words apart.
struct Spelling {
  bool case_matters = false;
  bool accents_matter = true;  // nonspacing marks of Latin and Greek letters
};

// The form in which words are compared. Keeps its buffers; one per thread.
class WordForm {
 public:
  explicit WordForm(const Spelling& spelling) : spelling_(spelling) {}

  // Of a word of WordScanner (kCount) and the piece of the text that it came from: NFKC_Casefold;
  // where case matters NFKC without characters that folding drops, and U+2019 as "'". Valid until
  // the next call.
  std::string_view operator()(std::string_view folded, std::string_view source);

 private:
  Spelling spelling_;
  ByteBuffer buffer_;
  std::string text_;
};

// One word of a pattern.
class WordGlob {
 public:
  // In `pattern`, kMany stands for "*" and kOne for "?": bytes that UTF-8 never holds.
  static constexpr char kMany = '\xFE';
  static constexpr char kOne = '\xFF';
  explicit WordGlob(std::string pattern);

  // Whether the pattern is the whole word. In time linear in the word for a given pattern.
  bool matches(std::string_view word) const {
    return literal_ ? word == pattern_ : matches_glob(word);
  }
  bool is_literal() const { return literal_; }
  const std::string& pattern() const { return pattern_; }

 private:
  bool matches_glob(std::string_view word) const;

  std::string pattern_;
  bool literal_;
  std::vector<std::string> pieces_;  // between the stars; the first and last may be empty
};

struct WordPattern {
  std::vector<WordGlob> words;   // in the form of a WordForm
  std::vector<WordGlob> folded;  // the same, whatever the case: for looking into unread text
};

inline constexpr std::size_t kMaxPatternWords = 32;
inline constexpr std::size_t kMaxPatternBytes = 1000;

// Pattern `index` of the argument "pattern". Throws InputError where it holds no word, or too much.
WordPattern parse_word_pattern(std::string_view pattern, std::size_t index,
                               const Spelling& spelling);

}  // namespace wirecopy
