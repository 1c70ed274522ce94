// How often each word and n-gram occurs, in how many texts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

struct CountOptions {
  int min_n = 1;  // words in the shortest n-gram
  int max_n = 1;  // words in the longest
  double min_df = 1;  // n-grams in fewer texts (by weight) than this are left out
};

// One row per n-gram, ordered by n, then frequency (most frequent first), then bytes.
struct Counts {
  Strings terms;                     // words of an n-gram separated by one space
  std::vector<std::int64_t> n;       // words in the n-gram
  std::vector<double> frequency;     // occurrences, each text times its weight
  std::vector<double> documents;     // texts that have it, each times its weight
  std::vector<double> totals;        // [n - min_n]: all occurrences of n-grams of that length
  double document_total = 0;         // texts counted, times weight
  std::int64_t texts = 0;            // texts read (null and empty ones included)
};

// `weights` is empty (each text counts once) or has one finite value >= 0 a text. Sums are taken in an
// order that does not depend on the number of threads.
Counts count_terms(const TextColumn& texts, std::span<const double> weights,
                   const CountOptions& options, const Run& run);

}  // namespace wirecopy
