// Which of some words are found together, as the edges of a network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/keywords/collocations.h"

namespace wirecopy {

struct NetworkOptions {
  std::vector<std::uint32_t> terms;
  // Within how many words; 0: anywhere in the same text or sentence.
  std::size_t window = 0;
  bool sentences = false;
  double min_count = 0;
  std::vector<std::string> measures;
  std::string sort;
};

// The `count` most frequent words that are no stopwords, by weight; equally frequent ones in the
// order of the vocabulary.
std::vector<std::uint32_t> top_words(const Tokens& tokens, std::span<const double> weights,
                                     const Stopwords& stopwords, std::size_t count);

// Those of the words that occur.
std::vector<std::uint32_t> find_words(const Tokens& tokens, const std::vector<std::string>& words);

// A row for each pair of terms found together, the one that is first by bytes as source. Columns:
// source, target, count, documents, expected, the measures. Without a window, count is how many
// texts (sentences) have both, and the sample is the texts (sentences) that have a word: textual
// co-occurrence (Evert 2008, "Corpora and collocations"). With one, as window_collocations.
Table network_edges(const Tokens& tokens, std::span<const double> weights,
                    const NetworkOptions& options, const Run& run);

}  // namespace wirecopy
