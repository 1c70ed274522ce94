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
  std::span<const std::uint32_t> ends;
  std::span<const std::uint32_t> hashes;  // half of XXH3-64

  std::uint32_t size() const { return static_cast<std::uint32_t>(ends.size()); }
  std::uint32_t begin(std::uint32_t i) const { return i == 0 ? 0 : ends[i - 1]; }
  std::string_view operator[](std::uint32_t i) const {
    return {bytes + begin(i), ends[i] - begin(i)};
  }
};

inline bool same_word(const TextWords& a, std::uint32_t i, const TextWords& b, std::uint32_t j) {
  return a.hashes[i] == b.hashes[j] && a[i] == b[j];
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

 private:
  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  std::vector<Chunks<char>> bytes_;
  std::vector<Chunks<std::uint32_t>> numbers_;
  std::vector<TextWords> words_;
};

}  // namespace wirecopy
