// Which texts of a segment have a key: its filters, directory and postings (format.h), looked up.
//
// Asked for hundreds of keys of every text, and so written to be compiled into who asks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"
#include "wirecopy/archive/section.h"
#include "wirecopy/base/prefetch.h"

namespace wirecopy {

class PostingIndex {
 public:
  // `filters`: nullptr where there are none. All must outlive it.
  PostingIndex(const Mapping& file, const Section* filters, const Section& directory,
               const Section& postings, int directory_bits)
      : file_(&file),
        filters_(filters),
        directory_(&directory),
        postings_(&postings),
        bits_(directory_bits) {}

  std::uint64_t bucket_number(std::uint64_t hash) const {
    return bits_ == 0 ? 0 : hash >> (64 - bits_);
  }
  std::uint32_t key_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>((hash << bits_) >> 32);
  }

  // Whether buckets say which keys they may hold.
  bool has_filters() const { return filters_ != nullptr; }
  // False where no text has this key; true where one has, for some others, and without filters.
  bool may_hold(std::uint64_t hash) const {
    if (!has_filters()) return true;
    const std::uint64_t bits = format::filter_bits(key_of(hash));
    return (filters_->at<std::uint64_t>(bucket_number(hash)) & bits) == bits;
  }

  // Which postings a key would be among: about as many as its texts and a dozen others.
  struct Bucket {
    std::uint32_t begin;
    std::uint32_t end;

    std::uint32_t size() const { return end - begin; }
  };
  Bucket bucket(std::uint64_t hash) const {
    const std::uint64_t number = bucket_number(hash);
    if (number == 0) return {0, directory_->at<std::uint32_t>(0)};
    const auto both = directory_->read<std::uint32_t>(number - 1, 2);
    if (both[0] > both[1]) directory_->fail("has ends out of order");
    return {both[0], both[1]};
  }
  // The texts that have a key, ascending; and some that have another one with the same bits.
  std::span<const format::Posting> with_key(const Bucket& bucket, std::uint64_t hash) const {
    constexpr std::size_t kFew = 64;
    const auto all = postings_->read<format::Posting>(bucket.begin, bucket.size());
    const std::uint32_t key = key_of(hash);
    if (all.size() > kFew) {
      const auto found = std::ranges::equal_range(all, key, {}, &format::Posting::key);
      return {found.begin(), found.end()};
    }
    // Counting has no branch that could be guessed wrong.
    std::size_t before = 0;
    std::size_t equal = 0;
    for (const format::Posting& posting : all) {
      before += posting.key < key;
      equal += posting.key == key;
    }
    return all.subspan(before, equal);
  }

  // Where these begin, to ask for that memory. Without filters there is none of them.
  const void* filter_address(std::uint64_t hash) const {
    return has_filters() ? filters_->address(bucket_number(hash) * sizeof(std::uint64_t)) : nullptr;
  }
  const void* bucket_address(std::uint64_t hash) const {
    return directory_->address(bucket_number(hash) * sizeof(std::uint32_t));
  }
  const void* postings_address(const Bucket& bucket) const {
    return postings_->address(
        std::min(bucket.begin * std::uint64_t{sizeof(format::Posting)}, postings_->bytes()));
  }
  void prefetch_postings(const Bucket& bucket) const {
    const auto* const at = static_cast<const format::Posting*>(postings_address(bucket));
    prefetch(at);
    if (bucket.size() > 1) prefetch(at + bucket.size() - 1);  // most have one line, or two
  }

  // Bytes of each, and letting the system begin to read them from the disk, and nothing around.
  std::uint64_t filter_bytes() const { return has_filters() ? filters_->bytes() : 0; }
  std::uint64_t directory_bytes() const { return directory_->bytes(); }
  void read_filter_ahead(std::uint64_t hash) const {
    read_ahead(*filters_, bucket_number(hash) * sizeof(std::uint64_t), sizeof(std::uint64_t));
  }
  void read_bucket_ahead(std::uint64_t hash) const {
    // With the end of the bucket before it.
    const std::uint64_t number = bucket_number(hash);
    const std::uint64_t first = number == 0 ? 0 : number - 1;
    read_ahead(*directory_, first * sizeof(std::uint32_t), 2 * sizeof(std::uint32_t));
  }
  void read_postings_ahead(const Bucket& bucket) const {
    read_ahead(*postings_, bucket.begin * std::uint64_t{sizeof(format::Posting)},
               bucket.size() * std::uint64_t{sizeof(format::Posting)});
  }

 private:
  void read_ahead(const Section& section, std::uint64_t begin, std::uint64_t bytes) const {
    const std::string_view pages = section.pages_around(begin, bytes);
    file_->read_ahead(pages.data(), pages.size());
  }

  const Mapping* file_;
  const Section* filters_;
  const Section* directory_;
  const Section* postings_;
  int bits_;
};

}  // namespace wirecopy
