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
  Fingerprint print{};                       // of the whole text; of a null one kNullPrint
  std::span<const std::uint64_t> set;        // valid until the next text
  std::span<const std::uint32_t> signature;  // likewise; empty without bands
};

// One per thread. `compared` and `whole` must outlive it.
class TextMeter {
 public:
  TextMeter(const TextColumn& compared, const TextColumn& whole, const ArchiveSettings& settings);

  Measured measure(std::size_t row);

 private:
  const TextColumn& columns_;
  bool same_;  // what is compared is the whole text
  TextReader compared_;
  TextReader whole_;
  Shingler shingler_;
  std::vector<MinHasher> hasher_;  // one, or none without bands
  std::vector<std::uint32_t> signature_;
};

}  // namespace wirecopy
