#include "wirecopy/sketch/shingles.h"

#include <algorithm>
#include <limits>
#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/sketch/hash_sort.h"

namespace wirecopy {
Shingler::Shingler(int size, ShingleUnit unit)
    : size_(static_cast<std::size_t>(size)), unit_(unit) {
  if (size < 1 || size > kMaxShingleSize) {
    throw InputError("shingle_size", "is " + std::to_string(size) + "; must be from 1 to " +
                                         std::to_string(kMaxShingleSize) +
                                         (unit == ShingleUnit::kWords ? " words" : " characters"));
  }
}

std::span<const std::uint64_t> Shingler::sequence(std::string_view text) {
  words_.scan(text);
  units_ = 0;
  shingles_ = 0;
  if (words_.size() != 0) {
    if (unit_ == ShingleUnit::kWords) {
      hash_words_of_text();
    } else {
      hash_characters_of_text();
    }
  }
  return {hashes_.data(), shingles_};
}

void Shingler::hash_words_of_text() {
  units_ = words_.size();
  const std::size_t length = std::min(units_, size_);
  shingles_ = units_ - length + 1;
  if (hashes_.size() < shingles_) hashes_.resize(shingles_ + shingles_ / 2);
  hash_windows(word_hasher_.hash(words_), length, shingles_, hashes_.data());
}

void Shingler::hash_characters_of_text() {
  joined_.clear();
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (i != 0) joined_ += ' ';
    joined_ += words_[i];
  }
  if (joined_.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("texts", "a text whose folded form is 4 GiB or more; split it");
  }
  char_begins_.clear();
  for (std::size_t at = 0; at < joined_.size(); ++at) {
    const bool inside = (static_cast<std::uint8_t>(joined_[at]) & 0xC0u) == 0x80u;
    if (!inside) char_begins_.push_back(static_cast<std::uint32_t>(at));
  }
  units_ = char_begins_.size();
  char_begins_.push_back(static_cast<std::uint32_t>(joined_.size()));
  const std::size_t length = std::min(units_, size_);
  shingles_ = units_ - length + 1;
  if (hashes_.size() < shingles_) hashes_.resize(shingles_ + shingles_ / 2);
  const std::string_view joined = joined_;
  for (std::size_t i = 0; i < shingles_; ++i) {
    const std::size_t begin = char_begins_[i];
    hashes_[i] = hash_bytes(joined.substr(begin, char_begins_[i + length] - begin));
  }
}

std::span<const std::uint64_t> Shingler::as_set(std::span<const std::uint64_t> shingles) {
  if (sorted_.size() < shingles.size()) sorted_.resize(shingles.size() + shingles.size() / 2);
  const std::span<std::uint64_t> sorted(sorted_.data(), shingles.size());
  return sort_as_set(shingles, sorted, sorting_);
}

std::span<const std::uint64_t> Shingler::set(std::string_view text) {
  return as_set(sequence(text));
}

}  // namespace wirecopy
