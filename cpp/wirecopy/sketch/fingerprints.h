// Winnowed fingerprints: a few word k-grams of a text, chosen so that texts which share a run of
// words have chosen the same k-gram inside it.
//
// Schleimer, Wilkerson, Aiken: "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD
// 2003. Of each `window` consecutive k-grams the one with the smallest hash is kept, the rightmost
// among equals. Any run of at least window + k - 1 words that two texts share holds a fingerprint
// of both, at the same place in the run; no run shorter than k words does. About 2 / (window + 1)
// of the k-grams are kept.
//
// Sampling, the other way, keeps every k-gram whose hash is a multiple of some number. It promises
// nothing for a single run; but what it keeps does not depend on the words around, so that scanning
// errors nearby cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

struct FingerprintAt {
  std::uint64_t hash;
  std::uint32_t word;  // where the k-gram begins
  friend bool operator==(const FingerprintAt&, const FingerprintAt&) = default;
};

// Chooses fingerprints; keeps its buffers from one text to the next. One per thread.
class Winnower {
 public:
  // Throws InputError unless 1 <= k <= kMaxShingleSize and window >= 1.
  Winnower(int k, int window);

  // The fingerprints of a text, ascending by word. `kgrams`: the hashes of its runs of k words in
  // the order of the text (Shingler::sequence for a text of at least k words). Fewer than `window`
  // k-grams count as one window. Valid until the next call.
  std::span<const FingerprintAt> choose(std::span<const std::uint64_t> kgrams);

  // Words that a shared run must have to be sure of a shared fingerprint.
  std::size_t guaranteed_run() const { return window_ + k_ - 1; }

 private:
  std::size_t k_;
  std::size_t window_;
  std::vector<std::uint32_t> waiting_;  // k-grams that may yet be the smallest; ascending hashes
  std::vector<FingerprintAt> chosen_;
};

struct FingerprintRule {
  int k = 5;                 // words of a k-gram
  int window = 6;            // k-grams, of which one is kept; 0: sampling
  std::uint32_t one_in = 1;  // of sampling

  // Share of the k-grams that are kept.
  double density() const { return window == 0 ? 1.0 / one_in : 2.0 / (window + 1); }
  // The winnowing that sees every shared run of so many words, at least 1.
  static FingerprintRule seeing(std::uint32_t words);
};

// Reads texts for their fingerprints; keeps its buffers from one text to the next. One per thread.
class Fingerprinter {
 public:
  explicit Fingerprinter(FingerprintRule rule);

  // The fingerprints of a text, ascending by word; none of a text of fewer than k words. Valid
  // until the next call.
  std::span<const FingerprintAt> read(std::string_view text);
  // Of the text last read.
  const WordScanner& words() const { return words_; }

 private:
  FingerprintRule rule_;
  Winnower winnower_;
  WordScanner words_;
  WordHasher hasher_;
  std::vector<std::uint64_t> kgrams_;
  std::vector<FingerprintAt> sample_;
};

}  // namespace wirecopy
