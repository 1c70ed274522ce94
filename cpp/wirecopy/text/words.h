// From a text to its normalized words, in one pass and without an allocation per word.
//
// A word is a maximal run of letters, marks and numbers of the text's NFKC_Casefold form (fold.h),
// so case, quotes, dashes, spaces, ligatures, full-width forms, soft hyphens and zero-width
// characters make no difference. A character of a script written without spaces (Han, kana, Thai,
// Lao, Khmer, Myanmar) is a word by itself, with the marks that follow it.
//
// For comparing texts, what Arabic is written with or without at the choice of the house makes no
// difference either: vowel marks and tatweel are left out, forms of alef, ya, kaf and ta marbuta
// are one letter each, and digits are ASCII's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "wirecopy/text/fold.h"

namespace wirecopy {

enum class WordRule {
  // For comparing texts: punctuation always separates ("don't" is two words).
  kMatch,
  // For counting words: "don't", "u.s" and "3.5" are one word. An apostrophe joins letters (and is
  // always "'"), "." and "," join digits, "." joins single letters.
  kCount,
};

// Half-open byte range.
struct Span32 {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t size() const { return end - begin; }
};

// Splits texts into words; keeps its buffers from one text to the next. One per thread.
class WordScanner {
 public:
  explicit WordScanner(WordRule rule = WordRule::kMatch) : rule_(rule) {}

  // Reads `text` (UTF-8; a malformed byte separates words). The words replace those of the last
  // call. Throws InputError where a text is 2 GiB or longer.
  void scan(std::string_view text);

  std::size_t size() const { return count_; }
  // The normalized word; valid until the next scan. The 64 bytes after it may be read.
  std::string_view operator[](std::size_t i) const {
    return {folded_.data() + words_[i].begin, words_[i].size()};
  }
  // All words at once, for kernels: word i is bytes() + spans()[i].
  const char* bytes() const { return folded_.data(); }
  const Span32* spans() const { return words_.data(); }
  // Where the word stands in the text, in bytes.
  Span32 source(std::size_t i) const { return moved_ ? sources_[i] : words_[i]; }

 private:
  struct Gap {
    std::size_t word;     // index of the word after it
    char32_t code_point;  // the only character between two words that were folded together, or 0
  };

  void respell(char32_t c, std::size_t at);
  void mark_non_ascii(std::string_view text);
  std::size_t find_runs(std::size_t text_size, std::vector<Span32>& runs) const;
  void split_run(std::string_view text, Span32 run);
  void fold_run(std::string_view text, Span32 run);
  std::size_t find_joints(std::string_view text);
  void keep_words(std::size_t begin, std::size_t end, std::size_t& kept);
  void join_words(std::string_view text);
  void push_word(Span32 word, Span32 source);
  std::uint32_t append(std::string_view bytes);

  WordRule rule_;
  // The text, with ASCII and same-length characters folded in place; after it, the words that had
  // to be written anew. `folded_used_` bytes of it count.
  std::vector<char> folded_;
  std::size_t folded_used_ = 0;
  std::vector<std::uint64_t> word_bits_;   // a bit a byte: part of a word
  std::vector<std::uint64_t> other_bits_;  // a bit a byte: >= 0x80
  std::vector<std::uint32_t> cuts_;        // word boundaries inside runs of word bytes, ascending
  std::vector<std::uint32_t>
      rewrites_;  // characters that need nfkc_casefold on their run, ascending
  std::size_t next_cut_ = 0;
  std::size_t next_rewrite_ = 0;
  std::vector<Span32> runs_;
  std::vector<Span32> words_;    // the first count_ of them count
  std::vector<Span32> sources_;  // likewise, where moved_
  std::size_t count_ = 0;
  bool moved_ = false;  // some word stands elsewhere in folded_ than in the text
  std::vector<FoldedChar> chars_;
  std::vector<Gap> gaps_;
  std::vector<std::uint32_t> joints_;
};

}  // namespace wirecopy
