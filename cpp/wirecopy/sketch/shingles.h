// Shingles: every run of `size` consecutive units of a text, as a 64-bit hash.
//
// Units are words, or the code points of the normalized words joined by one space each.
//     hash(word)                  = XXH3-64 of its normalized UTF-8 bytes
//     hash(shingle of words)      = XXH3-64 of its words' hashes, little-endian, end to end
//     hash(shingle of characters) = XXH3-64 of its UTF-8 bytes
// A text of fewer units than `size` is one shingle of all of them; one without words has none.
//
// Words are for articles; characters for headlines and other short texts, where one changed word
// spoils five shingles of a dozen. A character of a script written without spaces (Han, kana, Thai,
// Lao, Khmer, Myanmar) is a word by itself already (words.h), so that shingles of five words are
// shingles of five characters there: such texts need no other unit.
//
// Two different shingles share a hash with probability 2^-64: among n distinct shingles some pair
// does with probability about n^2 / 2^65 (0.003 % for the 30 million shingles of 100,000 articles).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/sketch/hash_sort.h"
#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

inline constexpr int kMaxShingleSize = 32;

enum class ShingleUnit { kWords, kCharacters };

// Makes shingles; keeps its buffers from one text to the next. One per thread.
class Shingler {
 public:
  // Throws InputError unless 1 <= size <= kMaxShingleSize.
  explicit Shingler(int size, ShingleUnit unit = ShingleUnit::kWords);

  // The hashes in the order of the text, repeats included. Valid until the next call.
  std::span<const std::uint64_t> sequence(std::string_view text);
  // The same as a set: ascending, without repeats. Valid until the next call.
  std::span<const std::uint64_t> set(std::string_view text);
  // Shingles of a text as a set. Valid until the next call.
  std::span<const std::uint64_t> as_set(std::span<const std::uint64_t> shingles);

  // Of the text last read: its words, and how many units it has.
  const WordScanner& words() const { return words_; }
  std::size_t units() const { return units_; }

 private:
  void hash_words_of_text();
  void hash_characters_of_text();

  std::size_t size_;
  ShingleUnit unit_;
  std::size_t units_ = 0;
  WordScanner words_;
  WordHasher word_hasher_;
  std::string joined_;                      // the words, joined by spaces
  std::vector<std::uint32_t> char_begins_;  // where its code points begin, and its end
  std::vector<std::uint64_t> hashes_;       // the first shingles_ of them count
  std::size_t shingles_ = 0;
  std::vector<std::uint64_t> sorted_;
  SortScratch sorting_;
};

}  // namespace wirecopy
