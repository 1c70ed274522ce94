// The normalized words of chosen texts, kept to be compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/chunks.h"

namespace wirecopy {

struct TextWords {
  const char* bytes = nullptr;  // the words, end to end
  // For each word, where it ends; above that, in the upper half, half of its XXH3-64.
  std::span<const std::uint64_t> marks;

  std::uint32_t size() const { return static_cast<std::uint32_t>(marks.size()); }
  std::uint32_t hash(std::uint32_t i) const { return static_cast<std::uint32_t>(marks[i] >> 32); }
  std::uint32_t end(std::uint32_t i) const { return static_cast<std::uint32_t>(marks[i]); }
  std::uint32_t begin(std::uint32_t i) const { return i == 0 ? 0 : end(i - 1); }
  std::string_view operator[](std::uint32_t i) const {
    return {bytes + begin(i), end(i) - begin(i)};
  }
};

inline bool same_word(const TextWords& a, std::uint32_t i, const TextWords& b, std::uint32_t j) {
  return a.hash(i) == b.hash(j) && a[i] == b[j];
}

// How many words from a[i] and b[j] on are equal, one by one; how many before them.
std::uint32_t equal_words_from(const TextWords& a, std::uint32_t i, const TextWords& b,
                               std::uint32_t j);
std::uint32_t equal_words_before(const TextWords& a, std::uint32_t i, const TextWords& b,
                                 std::uint32_t j);

// About 2.3 bytes for each byte of those texts.
class WordStore {
 public:
  WordStore(const TextColumn& texts, std::span<const DocId> wanted, const Run& run);

  // Empty where the text was not wanted.
  const TextWords& operator[](DocId text) const { return words_[text]; }

  // Read what comparing a text from a word on reads first, so that it is in the cache: each for
  // several texts, in this order. (Prefetch instructions were tried and changed nothing.)
  // Texts that were not wanted are passed over.
  void fetch(DocId text) const { read(&words_[text].bytes); }
  void fetch_word(DocId text, std::uint32_t word) const {
    if (word < words_[text].size()) read(&words_[text].marks[word]);
  }
  void fetch_bytes(DocId text, std::uint32_t word) const {
    if (word < words_[text].size()) read(words_[text].bytes + words_[text].begin(word));
  }

 private:
  template <typename T>
  static void read(const T* at) {
    (void)*static_cast<const volatile T*>(at);
  }

  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  std::vector<Chunks<char>> bytes_;
  std::vector<Chunks<std::uint64_t>> marks_;
  std::vector<TextWords> words_;
};

}  // namespace wirecopy
