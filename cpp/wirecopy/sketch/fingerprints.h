// Winnowed fingerprints: a few word k-grams of a text, chosen so that texts which share a run of
// words have chosen the same k-gram inside it.
//
// Schleimer, Wilkerson, Aiken: "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD
// 2003. Of each `window` consecutive k-grams the one with the smallest hash is kept, the rightmost
// among equals. Any run of at least window + k - 1 words that two texts share holds a fingerprint
// of both, at the same place in the run; no run shorter than k words does. About 2 / (window + 1)
// of the k-grams are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

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

}  // namespace wirecopy
