// How often each word and n-gram occurs, in how many texts.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/tokens.h"
#include "wirecopy/keywords/weights.h"

namespace wirecopy {

// Words in the longest n-gram that can be counted, and the most that a skip-gram can leave out.
inline constexpr int kMaxNgram = 8;
inline constexpr int kMaxSkip = 100;

// A number of texts (by weight), or a share of all that are not null.
struct DocumentLimit {
  // Implicit: a number alone is a number of texts.
  DocumentLimit(double of_value = 0, bool of_all = false) : value(of_value), is_share(of_all) {}

  double value;
  bool is_share;
};

struct CountOptions {
  int min_n = 1;  // words in the shortest n-gram
  int max_n = 1;  // words in the longest
  int skip = 0;   // words that an n-gram may leave out (ngrams.h)
  // N-grams in fewer texts than min_df, or in more than max_df, are left out. 0 keeps all: with
  // weights below 1, a term may be in less than one text.
  DocumentLimit min_df = 0;
  DocumentLimit max_df = std::numeric_limits<double>::infinity();
  bool keep_occurrences = false;  // for doc_terms.h
};

// Which row each n-gram of each text is counted in.
struct Occurrences {
  static constexpr std::uint32_t kNoRow = std::numeric_limits<std::uint32_t>::max();

  struct Level {
    // Those of text i are from starts[i] to starts[i + 1] - 1.
    std::shared_ptr<const std::vector<std::uint32_t>> numbers;
    std::shared_ptr<const std::vector<std::uint64_t>> starts;
    std::vector<std::uint32_t> row_of;  // [number]: row, or kNoRow where that was left out

    std::span<const std::uint32_t> text(std::size_t i) const {
      return std::span(*numbers).subspan(static_cast<std::size_t>((*starts)[i]),
                                         static_cast<std::size_t>((*starts)[i + 1] - (*starts)[i]));
    }
  };
  std::vector<Level> levels;              // one a length
  std::vector<std::uint32_t> text_words;  // words of each text
  std::vector<std::uint8_t> nulls;        // 1 where the row was null

  std::size_t texts() const { return nulls.size(); }
};

// One row per n-gram, ordered by n, then frequency (most frequent first), then word by word by
// their bytes (which is by the bytes of the term, where no word holds a space or a control
// character). An n-gram found only in texts of weight 0 has no row.
struct Counts {
  Strings terms;                  // words of an n-gram separated by one space
  std::vector<std::int64_t> n;    // words in the n-gram
  std::vector<double> frequency;  // occurrences, each text times its weight
  std::vector<double> documents;  // texts that have it, each times its weight
  std::vector<double> totals;     // [n - min_n]: all occurrences of n-grams of that length,
                                  // those that were left out included
  double document_total = 0;      // texts that are not null (empty ones included), times weight
  std::int64_t texts = 0;         // texts read (null and empty ones included)
  int min_n = 1;
  int max_n = 1;
  int skip = 0;
  std::int64_t left_out = 0;  // n-grams that min_df and max_df left out

  // Sums in units, where weights were given: frequency and documents are these, rounded.
  std::vector<WeightSum> frequency_units;
  std::vector<WeightSum> document_units;
  std::vector<WeightSum> total_units;
  WeightSum document_total_units = 0;

  // Where terms were dropped to bound memory (merge.h): by how much a frequency may be too small,
  // of each row and at most. A term without a row may have occurred that often. Empty and 0: exact.
  std::vector<double> undercounts;
  double undercount = 0;

  std::shared_ptr<const Occurrences> occurrences;  // only where asked for

  std::size_t size() const { return n.size(); }
  bool weighted() const { return !total_units.empty(); }
  double total(std::int64_t length) const {
    return totals[static_cast<std::size_t>(length - min_n)];
  }
};

// Counts the words of WordRule::kCount and the runs of consecutive words of a text: n-grams cross
// sentences and paragraphs, but never texts. `weights` is empty (each text counts once) or has one
// finite value >= 0 a text.
Counts count_terms(const TextColumn& texts, std::span<const double> weights,
                   const CountOptions& options, const Run& run);
// The same for words that were found before.
Counts count_terms(Tokens tokens, std::span<const double> weights, const CountOptions& options,
                   const Run& run);

// The rows that these limits keep; others are added to left_out. Occurrences go along.
Counts keep_documents(const Counts& counts, const DocumentLimit& min_df,
                      const DocumentLimit& max_df, const Run& run);

// Counts of which only the columns are known, added up in a cluster or a database, in any order of
// rows: what keyness() compares. Throws InputError naming the row where a length is not among those
// counted, or where a number is negative or not finite.
Counts counts_of_columns(Counts columns);

// The given rows as columns term, n, frequency, documents, per_million.
Table counts_table(const Counts& counts, std::span<const std::int64_t> rows);

struct BytesHash {
  std::size_t operator()(std::string_view bytes) const {
    return static_cast<std::size_t>(hash_bytes(bytes));
  }
};

// Row of each term; where a word is spelled like an n-gram, that of the shorter. Borrows the terms:
// `counts` must outlive it.
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
  // Words of a tokenizer, compared as they are.
  static Stopwords as_they_are(const std::vector<std::string>& words);

  bool empty() const { return words_.empty(); }
  // Whether the n-gram starts or ends with one.
  bool at_edge_of(std::string_view term) const;

 private:
  std::set<std::string, std::less<>> words_;
};

}  // namespace wirecopy
