// An immutable part of an archive: some texts, what was measured of them, and which of them have a
// given shingle or band. Read where it is mapped.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/posting_index.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/archive/section.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/base/parallel.h"

namespace wirecopy {

class Segment : public Records {
 public:
  // Reads header and footer, nothing else. Throws ArchiveError.
  Segment(std::shared_ptr<const Mapping> file, const format::SegmentEntry& entry,
          const ArchiveSettings& settings, format::IdKind id_kind);

  std::size_t size() const override { return texts_; }
  std::string_view id(std::size_t text) const override;
  std::int64_t date(std::size_t text) const override;
  std::optional<std::string_view> source(std::size_t text) const override;
  std::uint32_t words(std::size_t text) const override;
  Fingerprint print(std::size_t text) const override;
  std::uint32_t set_size(std::size_t text) const override;
  std::span<const std::uint64_t> set(std::size_t text) const override;
  std::span<const std::uint32_t> signature(std::size_t text) const override;
  std::uint64_t text_bytes(std::size_t text) const override;
  // `unpacker` must go before the segment does.
  std::string_view text(std::size_t text, Unpacker& unpacker) const override;
  // What that reads of the file.
  std::string_view stored_text(std::size_t text) const;

  const std::string& name() const { return name_; }
  std::uint64_t file_bytes() const { return file_->bytes().size(); }
  std::uint32_t version() const { return version_; }  // of the format
  // Whether they are read into memory, and not where they are mapped; and what errors call them.
  bool compresses_texts() const { return version_ > 1; }
  std::string_view texts_block() const;
  // Of a kind of section.
  std::uint64_t bytes_of(format::Kind kind) const { return section(kind).bytes(); }
  std::uint64_t posting_count() const {
    return bytes_of(format::Kind::kPostings) / static_cast<std::uint64_t>(shape().bytes);
  }

  // The text with this id.
  std::optional<std::uint32_t> find_id(std::string_view id) const {
    std::uint64_t from = 0;
    return find_id(id, hash_bytes(id), from);
  }
  // The same, of one id after the other, ascending by hash: `from` is 0 for the first.
  std::optional<std::uint32_t> find_id(std::string_view id, std::uint64_t hash,
                                       std::uint64_t& from) const;

  // Which texts have a key. The segment must outlive it.
  PostingIndex index() const;
  // Where these begin, to ask for that memory.
  const void* set_address(std::size_t text) const;
  const void* signature_address(std::size_t text) const;
  void prefetch_set_size(std::size_t text) const;
  void prefetch_set(std::size_t text) const;  // some of it, or all
  // Whether what lies there can be read without waiting for the disk.
  bool in_memory(const void* at) const { return file_->in_memory(at); }
  // Let the system begin to read them from the disk, and nothing around them.
  void read_set_ahead(std::size_t text) const;
  void read_signature_ahead(std::size_t text) const;

  struct Problem {
    std::string block;
    std::string problem;
  };
  // Everything that is wrong: checksums, and whether the sections fit together.
  std::vector<Problem> verify(const Run& run) const;

  void forget() const override { file_->forget(); }

 private:
  const Section& section(format::Kind kind) const {
    return sections_[static_cast<std::size_t>(kind)];
  }
  bool has_filters() const { return version_ > 2; }
  format::PostingShape shape() const { return format::posting_shape(version_, texts_); }
  format::Kind texts_kind() const {
    return compresses_texts() ? format::Kind::kTextBlocks : format::Kind::kTexts;
  }
  std::size_t signature_bytes() const {
    return static_cast<std::size_t>(settings_.permutations) * sizeof(std::uint32_t);
  }
  std::string_view frames(std::uint64_t first, std::uint64_t last) const;
  std::string_view text_block(std::uint64_t number, Unpacker& unpacker) const;
  std::uint64_t all_text_bytes() const;
  std::uint64_t require_text(std::uint64_t begin, std::uint64_t end) const;
  std::uint64_t begin_of(format::Kind ends, std::uint64_t i) const;
  std::uint64_t end_of(format::Kind ends, std::uint64_t i) const;
  void read_sections(const format::SegmentEntry& entry, std::string_view footer);
  void require_shape() const;
  // Asked at every look-up: what would be said costs nothing until it is.
  void require(bool sound, format::Kind kind, std::string_view problem) const {
    if (!sound) fail(kind, problem);
  }
  [[noreturn]] void fail(format::Kind kind, std::string_view problem) const;
  void read_ahead(format::Kind kind, std::uint64_t begin, std::uint64_t bytes) const;
  void verify_postings(std::vector<Problem>& problems, const Run& run) const;
  void verify_structure(std::vector<Problem>& problems, const Run& run) const;

  std::shared_ptr<const Mapping> file_;
  std::string name_;
  ArchiveSettings settings_;
  format::IdKind id_kind_;
  std::uint32_t version_ = 0;
  std::size_t texts_ = 0;
  int directory_bits_ = 0;
  std::array<Section, format::kKinds> sections_;
};

// What sections are called in errors.
std::string_view section_name(format::Kind kind);

}  // namespace wirecopy
