// What is measured of a text on its way into an archive, or to be looked up in one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/archive/manifest.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {

struct Measured {
  std::uint32_t words = 0;
  std::uint64_t text_bytes = 0;             // of the UTF-8 of the whole text
  Fingerprint print{};                      // of the whole text; of a null one kNullPrint
  std::span<const std::uint64_t> shingles;  // as a set, or as they stand; valid until the next text
  std::span<const std::uint32_t> signature;  // likewise; empty without bands
};

// One per thread. `compared` and `whole` must outlive it.
class TextMeter {
 public:
  TextMeter(const TextColumn& compared, const TextColumn& whole, const ArchiveSettings& settings);

  // With its shingles as a set.
  Measured measure(std::size_t row) { return measure(row, true); }
  // With its shingles in the order of the text, repeats included.
  Measured measure_unsorted(std::size_t row) { return measure(row, false); }

 private:
  Measured measure(std::size_t row, bool as_set);

  const TextColumn& columns_;
  bool same_;  // what is compared is the whole text
  TextReader compared_;
  TextReader whole_;
  Shingler shingler_;
  std::vector<MinHasher> hasher_;  // one, or none without bands
  std::vector<std::uint32_t> signature_;
};

}  // namespace wirecopy
