// Exact copies: texts with the same characters, or the same words.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

enum class CopyForm : std::uint8_t {
  kBytes,  // the same characters
  kWords,  // the same normalized words in the same order (WordRule::kMatch)
};

// For each of `wanted` (ascending rows), the first of them that it is a copy of; itself, if there
// is none before. A null text, an empty one and, by words, one without a word are copies of
// nothing. Found by XXH3-128, then compared in full. Of rows stored canonically the stored
// characters are compared, and lone surrogates are not looked for.
std::vector<DocId> find_copies(const TextColumn& texts, std::span<const DocId> wanted,
                               CopyForm form, const Run& run);

// For each i the least j with the same print for which same(worker, j, i) holds; i, if there is
// none before. `same` must be an equivalence; it is called on several threads, with the number of
// the worker.
std::vector<std::uint32_t> first_equal(
    std::span<const Fingerprint> prints, const Run& run,
    const std::function<bool(int worker, std::size_t j, std::size_t i)>& same);

}  // namespace wirecopy
