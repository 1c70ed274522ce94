// Positional fingerprints: some of a text's k-word windows, chosen so that two texts with common
// passages choose common windows, and with the word that each begins at.
//
// Winnowing (Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document
// fingerprinting", SIGMOD 2003): of every w windows in a row the one with the least hash, the
// rightmost of equals. Two texts that share w + k - 1 words in a row share one of them; the density
// is about 2 / (w + 1).
//
// Sampling: every window whose hash is a multiple of some number. It promises nothing for a single
// passage; but what is chosen does not depend on the words around, so that scanning errors nearby
// cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

struct FingerprintRule {
  std::uint32_t words = 5;   // of a window: k
  std::uint32_t window = 6;  // windows, of which one is chosen: w; 0: sampling
  std::uint32_t one_in = 1;  // of sampling

  // Shared words in a row that give a shared fingerprint.
  std::uint32_t guaranteed() const { return words + window - 1; }
  // The winnowing that sees every shared run of so many words, at least 1.
  static FingerprintRule seeing(std::uint32_t words);
};

// Makes fingerprints; keeps its buffers from one text to the next. One per thread.
class Fingerprinter {
 public:
  explicit Fingerprinter(FingerprintRule rule) : rule_(rule) {}

  // Replaces what the last call made. A text of fewer words than a window has no fingerprint.
  void read(std::string_view text);

  // In the order of the text; both of one length.
  std::span<const std::uint64_t> hashes() const { return hashes_; }
  std::span<const std::uint32_t> positions() const { return positions_; }  // in words
  const WordScanner& words() const { return words_; }

 private:
  void winnow(std::size_t count);
  void sample(std::size_t count);
  void choose(std::size_t window) {
    hashes_.push_back(windows_[window]);
    positions_.push_back(static_cast<std::uint32_t>(window));
  }

  FingerprintRule rule_;
  WordScanner words_;
  WordHasher hasher_;
  std::vector<std::uint64_t> windows_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> positions_;
};

}  // namespace wirecopy
