// Numbers for the n-grams of a tokenized corpus.
//
// An n-gram is known by the number of its first n - 1 words (an n-gram themselves) and its last
// word: 64 bits, whatever n is, and exact. Level n is made from level n - 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/keywords/tokens.h"

namespace wirecopy {

struct Ngram {
  std::uint64_t key = 0;        // number of the prefix, in the level before, << 32 | last word
  std::uint32_t frequency = 0;  // occurrences
  std::uint32_t documents = 0;  // texts that have it
};

// The n-grams of one length, numbered from 0 with gaps: a number whose frequency is 0 is nobody's.
struct NgramLevel {
  std::vector<Ngram> ngrams;  // by number
  // Every occurrence, by number; those of text i are from starts[i] to starts[i + 1] - 1.
  std::vector<std::uint32_t> occurrences;
  std::vector<std::uint64_t> starts;
};

class Ngrams {
 public:
  // Level 1 is the words: numbers are their ids. With `skip`, the words of an n-gram need not be
  // consecutive: up to `skip` words of the text, all gaps together, may be left out between its
  // first and its last (Guthrie et al. 2006, "A closer look at skip-gram modelling"); each choice
  // of positions is an occurrence. Takes the ids of `tokens`, which must outlive this. Throws
  // InputError beyond 2^32 - 1 occurrences or 2^31 n-grams of a length. Levels below `min_n` keep
  // no occurrences.
  Ngrams(Tokens& tokens, int min_n, int max_n, int skip, const Run& run);

  int max_n() const { return static_cast<int>(levels_.size()); }
  NgramLevel& level(int n) { return levels_[static_cast<std::size_t>(n - 1)]; }
  const NgramLevel& level(int n) const { return levels_[static_cast<std::size_t>(n - 1)]; }

  // Numbers in use of a level, ordered word by word by the words' bytes.
  std::vector<std::uint32_t> in_order(int n, const Run& run);

  // The words of an n-gram with a space between them.
  void append(int n, std::uint32_t number, std::string& out) const;

 private:
  const Tokens* tokens_;
  std::vector<NgramLevel> levels_;
  // [n - 1][number]: place in the order of in_order(n), for the levels that it was asked of.
  std::vector<std::vector<std::uint32_t>> places_;
};

}  // namespace wirecopy
