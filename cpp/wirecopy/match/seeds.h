// Seeds: fingerprints that stand in several texts, with the places where they do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/sketch/fingerprints.h"

namespace wirecopy {

struct Place {
  DocId text;
  std::uint32_t word;
};

// A seed of some text: where it stands, and its number.
struct SeedPlace {
  std::uint32_t word;
  std::uint32_t seed;
};

class SeedIndex {
 public:
  // Reads the `wanted` rows (ascending) and writes how many words each has to `words`. A
  // fingerprint in more than `max_df` texts, or at more than 2 * max_df places, is no seed. Where
  // `split` is above 0, a seed stands on both sides of that row. About 12 bytes a fingerprint while
  // texts are read.
  SeedIndex(const TextColumn& texts, std::span<const DocId> wanted, FingerprintRule rule,
            std::uint32_t max_df, std::size_t split, std::span<std::uint32_t> words,
            const Run& run);

  std::size_t size() const { return starts_.size() - 1; }
  std::uint64_t skipped() const { return skipped_; }  // fingerprints that stand too often
  // Ascending by text, then word.
  std::span<const Place> places(std::uint32_t seed) const {
    return {places_.data() + starts_[seed], starts_[seed + 1] - starts_[seed]};
  }
  // Reads the first of them, so that it is in the cache. Worth doing for many seeds at once.
  void fetch(std::uint32_t seed) const {
    (void)*static_cast<const volatile std::uint32_t*>(&places_[starts_[seed]].text);
  }
  // In the order of the seeds' numbers.
  std::span<const SeedPlace> of(DocId text) const {
    return {by_text_.data() + text_starts_[text], text_starts_[text + 1] - text_starts_[text]};
  }

 private:
  std::vector<std::size_t> starts_{0};
  std::vector<Place> places_;
  std::vector<std::size_t> text_starts_;
  std::vector<SeedPlace> by_text_;
  std::uint64_t skipped_ = 0;
};

}  // namespace wirecopy
