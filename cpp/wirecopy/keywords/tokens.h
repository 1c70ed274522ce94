// A tokenized corpus: every text as numbers of words. What counts, collocations and measures of
// diversity are computed from, whoever found the words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/word_table.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

struct Tokens {
  // The words, most frequent first, equals by their bytes: word `id` is vocabulary[id].
  Strings vocabulary;
  std::vector<std::uint32_t> frequency;  // [id]: occurrences
  std::vector<std::uint32_t> documents;  // [id]: texts that have it

  // Words of all texts, end to end; text i has ids[starts[i]] to ids[starts[i + 1] - 1]. At most
  // 2^32 - 1 in all. Empty where the numbers were not asked for (the rest is there all the same).
  std::vector<std::uint32_t> ids;
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint8_t> nulls;  // [text]: 1 where the row was null

  // Only where asked for. Tokens at which a sentence begins, ascending: the first of each text that
  // has one, and the first of each further sentence that has one.
  std::vector<std::uint64_t> sentences;
  bool has_sentences = false;
  // Only where asked for: where each token stands in its text, in code points.
  std::vector<Span32> sources;
  bool has_sources = false;

  std::size_t texts() const { return starts.size() - 1; }
  std::uint64_t size() const { return starts.back(); }
  std::span<const std::uint32_t> text(std::size_t i) const {
    return std::span(ids).subspan(static_cast<std::size_t>(starts[i]),
                                  static_cast<std::size_t>(starts[i + 1] - starts[i]));
  }
};

struct TokenizeOptions {
  bool ids = true;
  bool sentences = false;  // UAX #29's
  bool sources = false;
};

// The words of WordRule::kCount. The same for any number of threads. Memory while it works: twice 4
// bytes a token, and what is returned. Throws InputError beyond 2^32 - 1 tokens.
Tokens tokenize(const TextColumn& texts, const TokenizeOptions& options, const Run& run);

// The numbers of the words, by their bytes.
std::vector<std::uint32_t> words_in_order(const Strings& words);

// Tokens of words that somebody else found, text after text.
class TokensBuilder {
 public:
  explicit TokensBuilder(const TokenizeOptions& options);

  void begin_text(bool null = false);
  // The next word of the text begins a sentence. (The first one always does.)
  void begin_sentence() { sentence_begins_ = true; }
  // `source`, where asked for, in code points. The word must not be empty.
  void add(std::string_view word, Span32 source = {0, 0});
  Tokens finish(const Run& run);

 private:
  Tokens tokens_;
  WordTable table_;
  bool sentence_begins_ = false;
};

}  // namespace wirecopy
