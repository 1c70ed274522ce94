// Partial copies: passages that two texts share, word for word but for small edits and scanning
// errors.
//
// Texts are read once for positional fingerprints (fingerprints.h). Those that stand in several
// texts, and not in too many, are seeds; the seeds of two texts are chained to passages (chain.h).
// Work and memory are linear in the text: a seed leads from a text to max_df others at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/dedup.h"

namespace wirecopy {

struct PassageOptions {
  std::uint32_t min_words = 10;
  std::uint32_t max_df = 100;  // texts: a fingerprint in more of them is no seed
  std::uint32_t max_gap = 10;  // words of either text that a passage passes over; 0: none
  // Where above 0, rows from here on are another collection, and only pairs across are wanted.
  std::size_t split = 0;
};

// Words a_begin .. a_end of text a are words b_begin .. b_end of text b.
struct Passage {
  DocId a;
  DocId b;
  std::uint32_t a_begin;
  std::uint32_t a_end;
  std::uint32_t b_begin;
  std::uint32_t b_end;
  std::uint32_t words;  // equal
  std::uint32_t close;  // close: not equal, but misread (close_words.h)
};

struct Passages {
  std::vector<Passage> list;         // ascending by (a, b, a_begin, b_begin), a < b
  std::vector<std::uint32_t> words;  // of each text
  // The first text with the same bytes (itself, if none before), on the same side of `split`. Only
  // such first texts have passages, so that reprints to the letter make no quadratic list.
  std::vector<DocId> copy;
  std::uint64_t seeds = 0;
  std::uint64_t skipped = 0;  // fingerprints that stand too often to be seeds
};

// Every run of min_words equal words lies in a passage, where one of its fingerprints is a seed.
// The same answer for any number of threads.
Passages find_passages(const TextColumn& texts, const PassageOptions& options, const Run& run);

// a, b, a_start, a_end, b_start, b_end (code points of the texts), words, close; a row a passage.
Table passages_table(const TextColumn& texts, const Passages& passages, const Run& run);
// a, b, passages, words, close, coverage_a, coverage_b (share of a text's words inside passages),
// in_order (whether the passages follow one another in both texts alike); a row a pair of texts.
Table passage_pairs_table(const Passages& passages);
// For each text, the share of its words that lie in a passage, whatever the other text; NaN where
// it has no words. That of a copy is that of the text it copies.
std::vector<double> passage_coverage(const Passages& passages);

struct NoisyOptions {
  double threshold = 0.5;  // share of the shorter text's words that match
  std::uint32_t min_words = 10;
  std::uint32_t max_df = 1000;
  std::uint32_t max_gap = 48;
  std::size_t split = 0;
  bool equal_however_short = false;  // texts with the same words match below min_words too
};

// Texts of which one holds most of the other, by measure "passages": `shared` is how many words
// stand equal or close in a chain, whatever the order of the chains, and a set is a text's words.
// Seeds are pairs of words, because with eight letters in a hundred wrong hardly a run of five is
// left. A text follows its rarest seeds first, up to a number proportional to its length. Twins
// have the same words in the same order.
Matches find_passage_matches(const TextColumn& texts, const NoisyOptions& options, const Run& run);

}  // namespace wirecopy
