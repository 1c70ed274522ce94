// Which texts have a key: the postings of some records, in the order of a segment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/archive/format.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/base/parallel.h"

namespace wirecopy {

// Keys are hashes, and so spread evenly: those that begin with the same bits (a slice) are some
// thousand, which are sorted while in the cache. Slices that follow one another make a part, which
// one thread goes through the records for.
class PostingWriter {
 public:
  // `records` and what they give must outlive it. `memory`: bytes that may be used at a time,
  // about; the postings do not depend on it.
  PostingWriter(const Records& records, const ArchiveSettings& settings, std::uint64_t memory,
                const Run& run);

  int directory_bits() const { return bits_; }

  // Calls use(postings of a part as they are written, ends of its buckets counted in postings from
  // its begin, their filters), part after part.
  using Use = std::function<void(std::string_view postings, std::span<const std::uint32_t> ends,
                                 std::span<const std::uint64_t> filters)>;
  void each_part(const Use& use);

 private:
  struct Slices {
    std::size_t begin;
    std::size_t end;
    std::uint64_t postings;
  };
  struct Part;

  std::span<const std::uint64_t> keys(std::size_t text, KeyScratch& scratch) const;
  void choose_bits();
  std::vector<std::uint32_t> count_slices() const;
  std::vector<Slices> choose_parts() const;
  void make(const Slices& slices, Part& part) const;
  void gather(const Slices& slices, Part& part) const;
  void sort(const Slices& slices, Part& part) const;

  std::size_t slice_of(std::uint64_t key) const {
    return static_cast<std::size_t>(key >> 1 >> (63 - slice_bits_));  // 0 for no bits
  }

  const Records& records_;
  const ArchiveSettings& settings_;
  const std::uint64_t memory_;
  const Run& run_;
  const bool sets_are_keys_;
  const format::PostingShape shape_;
  std::vector<std::span<const std::uint64_t>> sets_;  // then
  std::uint64_t total_ = 0;
  int bits_ = 0;                         // of the number of a bucket
  int slice_bits_ = 0;                   // of them, of the number of a slice
  std::vector<std::uint32_t> in_slice_;  // postings of each slice
};

}  // namespace wirecopy
