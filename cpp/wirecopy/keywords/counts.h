// How often each word and n-gram occurs, in how many texts.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// Words in the longest n-gram that can be counted.
inline constexpr int kMaxNgram = 8;

struct CountOptions {
  int min_n = 1;  // words in the shortest n-gram
  int max_n = 1;  // words in the longest
  // N-grams in fewer texts (by weight) than this are left out. 0 keeps all: with weights below 1, a
  // term may be in less than one text.
  double min_df = 0;
};

// One row per n-gram, ordered by n, then frequency (most frequent first), then bytes. An n-gram
// found only in texts of weight 0 has no row.
struct Counts {
  Strings terms;                  // words of an n-gram separated by one space
  std::vector<std::int64_t> n;    // words in the n-gram
  std::vector<double> frequency;  // occurrences, each text times its weight
  std::vector<double> documents;  // texts that have it, each times its weight
  std::vector<double> totals;     // [n - min_n]: all occurrences of n-grams of that length,
                                  // those that min_df left out included
  double document_total = 0;      // texts that are not null (empty ones included), times weight
  std::int64_t texts = 0;         // texts read (null and empty ones included)
  int min_n = 1;
  int max_n = 1;
  std::int64_t left_out = 0;  // n-grams that min_df left out

  std::size_t size() const { return n.size(); }
  double total(std::int64_t length) const {
    return totals[static_cast<std::size_t>(length - min_n)];
  }
};

// Counts the words of WordRule::kCount and the runs of consecutive words of a text: n-grams cross
// sentences and paragraphs, but never texts. `weights` is empty (each text counts once) or has one
// finite value >= 0 a text. Sums are taken in an order that does not depend on the number of
// threads.
Counts count_terms(const TextColumn& texts, std::span<const double> weights,
                   const CountOptions& options, const Run& run);

// The given rows as columns term, n, frequency, documents, per_million.
Table counts_table(const Counts& counts, std::span<const std::int64_t> rows);

struct BytesHash {
  std::size_t operator()(std::string_view bytes) const {
    return static_cast<std::size_t>(hash_bytes(bytes));
  }
};

// Row of each term. Borrows the terms: `counts` must outlive it.
using TermIndex = absl::flat_hash_map<std::string_view, std::size_t, BytesHash>;
TermIndex index_terms(const Counts& counts);

// `text` as it would be counted: its normalized words separated by one space.
std::string normalize_term(std::string_view text);

// Words too common to tell anything. Compared in normalized form, so "Don’t" is "don't".
class Stopwords {
 public:
  Stopwords() = default;
  // Throws InputError where one holds more than one word; ones without a word are left out.
  explicit Stopwords(const std::vector<std::string>& words);

  bool empty() const { return words_.empty(); }
  // Whether the n-gram starts or ends with one.
  bool at_edge_of(std::string_view term) const;

 private:
  std::set<std::string, std::less<>> words_;
};

}  // namespace wirecopy
