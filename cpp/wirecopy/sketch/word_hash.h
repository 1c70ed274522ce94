// The hashes of a text's words and of its windows of words (definition: shingles.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wirecopy/text/words.h"

namespace wirecopy {

class WordHasher {
 public:
  // XXH3-64 of every word. Valid until the next call.
  const std::uint64_t* hash(const WordScanner& words);

 private:
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> longer_;
};

// out[i] = XXH3-64 of values[i] ... values[i + size - 1], for i < count.
void hash_windows(const std::uint64_t* values, std::size_t size, std::size_t count,
                  std::uint64_t* out);

}  // namespace wirecopy
