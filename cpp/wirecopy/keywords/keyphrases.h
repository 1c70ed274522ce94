// The phrases that say what one text is about, from that text alone.
//
// Words are those that are counted (WordRule::kCount). A clause is a run of words of one sentence
// (UAX #29) with nothing but white space or one hyphen between any two; a word with a digit ends
// it. Phrases never cross clauses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// kYake: R. Campos et al.: "YAKE! Keyword extraction from single documents using multiple local
// features", Information Sciences 509 (2020). Low scores are good. For a word t, not a stopword,
// with frequency TF:
//   case     max(capitalized not at the start of a sentence, all capitals) / (1 + ln TF)
//   position ln(ln(3 + median number of the sentences it is in))
//   freq     TF / (mean + standard deviation of TF, over words that are no stopwords)
//   rel      1 + (DL + DR) * TF / (greatest TF); DL: different words before it in a clause / all
//   spread   sentences it is in / sentences
//   S(t)     position * rel / (case + freq / rel + spread / rel)
// and for a phrase that occurs KF times: product of S / (KF * (1 + sum of S)), where a stopword
// inside counts as 2 - p in the product and -(1 - p) in the sum (all stopwords together no less
// than -1), with p = P(it | word before) * P(it | word after).
//
// kRake: S. Rose et al.: "Automatic keyword extraction from individual documents" (2010). High
// scores are good. Candidates are the longest runs of a clause without a stopword; a word's score
// is the sum of the lengths of the candidates it is in, over its occurrences; a phrase's is the sum
// of those.
enum class KeyphraseMethod : std::uint8_t { kYake, kRake };

inline constexpr std::size_t kMaxPhraseWords = 8;
// Longer phrases, in characters, are never alike.
inline constexpr std::size_t kMaxComparedPhrase = 200;

struct KeyphraseOptions {
  KeyphraseMethod method = KeyphraseMethod::kYake;
  std::size_t k = 10;  // phrases a text
  std::size_t min_words = 1;
  std::size_t max_words = 3;
  std::vector<std::string> stopwords = {};
  // A phrase is left out where a better one of the same text is this similar or more: 1 - edits /
  // length of the longer, in characters (Levenshtein). Above 1: none is.
  double max_similarity = 0.9;
};

// Columns row, phrase (normalized words), score, frequency (of exactly this phrase as a candidate),
// start, end (code points of its first occurrence). In the order of texts; best first, equal scores
// by where they start, shorter first. Texts without a candidate have no rows.
Table keyphrases(const TextColumn& texts, const KeyphraseOptions& options, const Run& run);

}  // namespace wirecopy
