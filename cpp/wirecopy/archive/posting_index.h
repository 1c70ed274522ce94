// Which texts of a segment have a key: its filters, directory and postings (format.h), looked up.
//
// Asked for hundreds of keys of every text, and so written to be compiled into who asks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ranges>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"
#include "wirecopy/archive/section.h"
#include "wirecopy/base/prefetch.h"

namespace wirecopy {

// Some postings that follow one another.
class Postings {
 public:
  // Eight bytes can be read from the begin of each: behind the section is the table of its pages.
  Postings(const char* at, std::size_t count, const format::PostingShape& shape)
      : at_(at),
        count_(count),
        bytes_(static_cast<std::size_t>(shape.bytes)),
        mask_(~std::uint64_t{0} >> (64 - 8 * shape.bytes)),
        text_mask_(shape.text_mask()) {}

  std::size_t size() const { return count_; }
  std::size_t size_bytes() const { return count_ * bytes_; }
  // Ascending in a bucket: a key, then a text.
  std::uint64_t operator[](std::size_t i) const {
    std::uint64_t number = 0;
    std::memcpy(&number, at_ + i * bytes_, sizeof number);
    return number & mask_;
  }
  std::uint32_t text(std::size_t i) const {
    return static_cast<std::uint32_t>((*this)[i] & text_mask_);
  }

  // Those of numbers from `first` to `last`.
  Postings between(std::uint64_t first, std::uint64_t last) const {
    constexpr std::size_t kFew = 64;
    std::size_t begin = 0;
    std::size_t end = 0;
    if (count_ > kFew) {
      const auto all = std::views::iota(std::size_t{0}, count_);
      const auto number = [&](std::size_t i) { return (*this)[i]; };
      begin = *std::ranges::lower_bound(all, first, {}, number);
      end = *std::ranges::upper_bound(all, last, {}, number);
    } else {
      // Counting has no branch that could be guessed wrong.
      for (std::size_t i = 0; i < count_; ++i) {
        const std::uint64_t number = (*this)[i];
        begin += number < first;
        end += number <= last;
      }
    }
    Postings some = *this;
    some.at_ += begin * bytes_;
    some.count_ = end - std::min(begin, end);
    return some;
  }

 private:
  const char* at_;
  std::size_t count_;
  std::size_t bytes_;  // of each
  std::uint64_t mask_;
  std::uint64_t text_mask_;
};

class PostingIndex {
 public:
  // `filters`: nullptr where there are none. All must outlive it.
  PostingIndex(const Mapping& file, const Section* filters, const Section& directory,
               const Section& postings, int directory_bits, const format::PostingShape& shape)
      : file_(&file),
        filters_(filters),
        directory_(&directory),
        postings_(&postings),
        bits_(directory_bits),
        shape_(shape) {}

  std::uint64_t bucket_number(std::uint64_t hash) const {
    return bits_ == 0 ? 0 : hash >> (64 - bits_);
  }
  // What a posting has of a key.
  std::uint64_t key_of(std::uint64_t hash) const {
    return (hash << bits_) >> (64 - shape_.key_bits());
  }
  std::uint64_t key_of_posting(std::uint64_t posting) const { return posting >> shape_.text_bits; }
  // What filters go by.
  std::uint32_t start_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>((hash << bits_) >> 32);
  }
  std::uint32_t start_of_posting(std::uint64_t posting) const {
    return static_cast<std::uint32_t>((posting << (64 - 8 * shape_.bytes)) >> 32);
  }

  // Whether buckets say which keys they may hold.
  bool has_filters() const { return filters_ != nullptr; }
  // False where no text has this key; true where one has, for some others, and without filters.
  bool may_hold(std::uint64_t hash) const {
    if (!has_filters()) return true;
    const std::uint64_t bits = format::filter_bits(start_of(hash));
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
  std::uint64_t bytes_of(const Bucket& bucket) const { return bucket.size() * posting_bytes(); }
  Postings postings(const Bucket& bucket) const {
    const auto bytes = postings_->read<char>(bucket.begin * posting_bytes(), bytes_of(bucket));
    return {bytes.data(), bucket.size(), shape_};
  }
  // Of the texts that have a key, ascending; and some that have another one with the same bits.
  Postings with_key(const Bucket& bucket, std::uint64_t hash) const {
    const std::uint64_t first = key_of(hash) << shape_.text_bits;
    return postings(bucket).between(first, first | shape_.text_mask());
  }

  // Where these begin, to ask for that memory. Without filters there is none of them.
  const void* filter_address(std::uint64_t hash) const {
    return has_filters() ? filters_->address(bucket_number(hash) * sizeof(std::uint64_t)) : nullptr;
  }
  const void* bucket_address(std::uint64_t hash) const {
    return directory_->address(bucket_number(hash) * sizeof(std::uint32_t));
  }
  const void* postings_address(const Bucket& bucket) const {
    return postings_->address(std::min(bucket.begin * posting_bytes(), postings_->bytes()));
  }
  void prefetch_postings(const Bucket& bucket) const {
    const auto* const at = static_cast<const char*>(postings_address(bucket));
    prefetch(at);
    if (bucket.size() > 1) prefetch(at + bytes_of(bucket) - 1);  // most have one line, or two
  }

  // Bytes of each (of one posting), and letting the system begin to read them from the disk, and
  // nothing around.
  std::uint64_t filter_bytes() const { return has_filters() ? filters_->bytes() : 0; }
  std::uint64_t directory_bytes() const { return directory_->bytes(); }
  std::uint64_t posting_bytes() const { return static_cast<std::uint64_t>(shape_.bytes); }
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
    read_ahead(*postings_, bucket.begin * posting_bytes(), bytes_of(bucket));
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
  format::PostingShape shape_;
};

}  // namespace wirecopy
