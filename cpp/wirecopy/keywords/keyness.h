// Which words and n-grams are more, or less, frequent in one collection of texts than in another.
#pragma once

#include <string>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/association.h"
#include "wirecopy/keywords/counts.h"

namespace wirecopy {

struct KeynessOptions {
  // Terms are left out that reach these in neither of the two collections.
  double min_frequency = 0;
  double min_documents = 0;
  Stopwords stopwords = {};
  // Column to order by: "g2", "g2_two_term", "log_ratio", "target" or "reference", greatest first,
  // or "p_value", smallest first. Ties: by g2, then by the bytes of the term.
  std::string sort = "g2";
};

// A row for each term in either collection. Columns: term, n, target, reference (frequencies),
// target_pm, reference_pm (per million n-grams of that length), target_docs, reference_docs, g2 and
// g2_two_term (signed), p_value (of g2), log_ratio. Throws InputError where a side has no n-gram of
// a length counted (no rate could be given), where the sides counted other lengths, and where rare
// terms were left out of one (they would pass for absent).
Table keyness(const Counts& target, const Counts& reference, const KeynessOptions& options,
              const Run& run);

}  // namespace wirecopy
