// Shingles: every run of `size` consecutive words, as a 64-bit hash.
//
// hash(word)    = XXH3-64 of its normalized UTF-8 bytes
// hash(shingle) = XXH3-64 of its words' hashes, little-endian, end to end
// A text of fewer words than `size` is one shingle of all its words; one without words has none.
// Two different shingles share a hash with probability 2^-64: among n distinct shingles some pair
// does with probability about n^2 / 2^65 (0.003 % for the 30 million shingles of 100,000 articles).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

inline constexpr int kMaxShingleSize = 32;

// Makes shingles; keeps its buffers from one text to the next. One per thread.
class Shingler {
 public:
  // Throws InputError unless 1 <= size <= kMaxShingleSize.
  explicit Shingler(int size);

  // The hashes in the order of the text, repeats included. Valid until the next call.
  std::span<const std::uint64_t> sequence(std::string_view text);
  // The same as a set: ascending, without repeats. Valid until the next call.
  std::span<const std::uint64_t> set(std::string_view text);

  const WordScanner& words() const { return words_; }

 private:
  std::size_t size_;
  WordScanner words_;
  WordHasher word_hasher_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint64_t> sorted_;
};

}  // namespace wirecopy
