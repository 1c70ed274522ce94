// Which words go together more than chance would bring them: word pairs and n-grams, words near
// each other, and the words near a given one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/keywords/tokens.h"

namespace wirecopy {

inline constexpr int kMaxCollocation = 5;

// Words before and after that are near.
struct Window {
  std::size_t left = 0;
  std::size_t right = 1;
};

struct CollocationOptions {
  // Of n-grams.
  int min_length = 2;
  int max_length = 2;
  // Of pairs and nodes. Pairs: {0, k}, the first word up to k words before the second, or {k, k},
  // in either order.
  Window window;
  bool sentences = false;  // nothing goes beyond a sentence
  double min_count = 0;
  std::size_t max_pairs = std::size_t{1} << 24;
  Stopwords stopwords;
  // Of pairs.
  std::vector<bool> only;  // [word]: whether it counts; empty: all do
  bool distinct = false;   // no pair of a word and itself
  // Names of joint_measures.h; columns in this order.
  std::vector<std::string> measures;
  std::string sort;  // a measure among them or "count"; greatest first
};

struct Collocations {
  Table table;
  // Where memory ran out, the greatest count that a row not given may have; else 0.
  double missed = 0;
};

// The n-grams of min_length to max_length consecutive words. Columns: collocation, length, count,
// documents, expected, the measures. The sample, of each length, are its n-grams in all stretches:
// a word's margin is how often it stands at that place of one. Ties: by count, then by the bytes of
// the words.
Collocations ngram_collocations(const Tokens& tokens, std::span<const double> weights,
                                const CollocationOptions& options, const Run& run);

// Pairs of words within the window. Columns: word_1, word_2, count, documents, expected, the
// measures. In either order, word_1 is the first by bytes. The sample are the events that a token
// has another one in its window (Evert 2008, "Corpora and collocations", surface co-occurrence): a
// word's margin is all words in the windows of its tokens, a word near two of them twice.
Collocations window_collocations(const Tokens& tokens, std::span<const double> weights,
                                 const CollocationOptions& options, const Run& run);

// The words in the windows of each node, which is a word or several in a row. Columns: node,
// collocate, count, left, right, documents, expected, the measures; the nodes in the order given.
// The sample is that of window_collocations. A node that does not occur has no row.
Table node_collocates(const Tokens& tokens, const std::vector<std::vector<std::string>>& nodes,
                      std::span<const double> weights, const CollocationOptions& options,
                      const Run& run);

}  // namespace wirecopy
