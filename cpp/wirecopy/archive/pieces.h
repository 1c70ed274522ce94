// New texts as records, in pieces that fit into memory; and texts of segments as records of another
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "wirecopy/archive/archive.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/archive/segment.h"
#include "wirecopy/match/chunks.h"

namespace wirecopy {

// Rows [begin, end) of new texts, measured.
class Piece : public Records {
 public:
  // `texts` and `ids` must outlive it. Its sets lie in memory of `pool`.
  Piece(const NewTexts& texts, const Strings& ids, std::size_t begin, std::size_t end,
        const ArchiveSettings& settings, const std::shared_ptr<BufferPool>& pool, const Run& run);

  std::size_t size() const override { return words_.size(); }
  std::string_view id(std::size_t text) const override { return ids_[begin_ + text]; }
  std::int64_t date(std::size_t text) const override;
  std::optional<std::string_view> source(std::size_t text) const override;
  std::uint32_t words(std::size_t text) const override { return words_[text]; }
  Fingerprint print(std::size_t text) const override { return prints_[text]; }
  std::uint32_t set_size(std::size_t text) const override { return sizes_[text]; }
  std::span<const std::uint64_t> set(std::size_t text) const override { return sets_[text]; }
  std::span<const std::uint32_t> signature(std::size_t text) const override;
  std::uint64_t text_bytes(std::size_t text) const override { return text_bytes_[text]; }
  std::string_view text(std::size_t text, Unpacker&) const override;

 private:
  const NewTexts& texts_;
  const Strings& ids_;
  std::size_t begin_;
  std::size_t permutations_;
  std::vector<std::uint32_t> words_;
  std::vector<std::uint32_t> sizes_;
  std::vector<std::uint32_t> text_bytes_;  // where texts are kept
  std::vector<Fingerprint> prints_;
  std::vector<std::span<const std::uint64_t>> sets_;
  std::vector<Chunks<std::uint64_t>> memory_;
  std::vector<std::uint32_t> signatures_;
  mutable TextReader reader_;  // text() is called by one thread
};

// Where the piece that begins with row `begin` ends, so that it takes about `bytes`.
std::size_t end_of_piece(const TextColumn& texts, std::size_t begin, std::uint64_t bytes);

class Gathered : public Records {
 public:
  void push_back(std::shared_ptr<const Segment> segment, std::span<const std::uint32_t> texts);

  std::size_t size() const override { return at_.size(); }
  std::string_view id(std::size_t i) const override { return from(i).id(at_[i].second); }
  std::int64_t date(std::size_t i) const override { return from(i).date(at_[i].second); }
  std::optional<std::string_view> source(std::size_t i) const override {
    return from(i).source(at_[i].second);
  }
  std::uint32_t words(std::size_t i) const override { return from(i).words(at_[i].second); }
  Fingerprint print(std::size_t i) const override { return from(i).print(at_[i].second); }
  std::uint32_t set_size(std::size_t i) const override { return from(i).set_size(at_[i].second); }
  std::span<const std::uint64_t> set(std::size_t i) const override {
    return from(i).set(at_[i].second);
  }
  std::span<const std::uint32_t> signature(std::size_t i) const override {
    return from(i).signature(at_[i].second);
  }
  std::uint64_t text_bytes(std::size_t i) const override {
    return from(i).text_bytes(at_[i].second);
  }
  std::string_view text(std::size_t i, Unpacker& unpacker) const override {
    return from(i).text(at_[i].second, unpacker);
  }
  void forget() const override {
    for (const auto& segment : segments_) segment->forget();
  }

 private:
  const Segment& from(std::size_t i) const { return *segments_[at_[i].first]; }

  std::vector<std::shared_ptr<const Segment>> segments_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> at_;  // segment, text
};

}  // namespace wirecopy
