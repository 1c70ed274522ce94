#include "wirecopy/archive/segment_file.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "wirecopy/archive/manifest.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

// Written in steps of this size, each at a multiple of it, a file lies in the system's cache in
// pages of this size, and who maps it reads it by these: look-ups, that read here and there, wait
// less for their addresses (Linux: transparent huge pages of 2 MiB on x86 and arm64).
constexpr std::size_t kStep = std::size_t{2} << 20;

}  // namespace

SegmentFile::SegmentFile(Folder& folder, std::uint64_t id)
    : id_(id), waiting_(kStep + format::kPageBytes) {
  file_ = folder.create(segment_name(id));
  format::SegmentHeader header{};
  std::ranges::copy(format::kSegmentMagic, header.magic);
  header.version = format::kVersion;
  header.page_bytes = format::kPageBytes;
  header.id = id;
  header.hash = hash_bytes(bytes_of(header).substr(0, offsetof(format::SegmentHeader, hash)));
  put(bytes_of(header));
}

void SegmentFile::begin(format::Kind kind) {
  align();
  entry_ = {static_cast<std::uint32_t>(kind), 0, offset_, 0, 0, 0};
  table_.clear();
  page_ = used_;
}

void SegmentFile::append(std::string_view bytes) {
  entry_.bytes += bytes.size();
  offset_ += bytes.size();
  while (!bytes.empty()) {
    // A page is hashed while it is in the cache.
    const std::size_t rest = format::kPageBytes - (used_ - page_);
    const std::string_view some = bytes.substr(0, rest);
    copy(some);
    if (some.size() == rest) end_page();
    bytes.remove_prefix(some.size());
  }
}

void SegmentFile::end() {
  if (used_ > page_) end_page();
  align();
  entry_.table = offset_;
  const std::string_view table = bytes_of(std::span<const std::uint64_t>(table_));
  entry_.table_hash = hash_bytes(table);
  put(table);
  entries_.push_back(entry_);
}

format::SegmentEntry SegmentFile::finish(std::uint32_t texts, int directory_bits) {
  align();
  format::FooterHead head{};
  std::ranges::copy(format::kSegmentMagic, head.magic);
  head.version = format::kVersion;
  head.sections = static_cast<std::uint32_t>(entries_.size());
  head.id = id_;
  head.texts = texts;
  head.directory_bits = static_cast<std::uint32_t>(directory_bits);
  std::string footer(bytes_of(head));
  footer += bytes_of(std::span<const format::SectionEntry>(entries_));
  format::SegmentEntry segment{};
  segment.id = id_;
  segment.footer = offset_;
  segment.footer_hash = hash_bytes(footer);
  segment.texts = texts;
  put(footer);
  segment.bytes = offset_;
  write(used_);
  file_->sync();
  return segment;
}

// Bytes that belong to no page.
void SegmentFile::put(std::string_view bytes) {
  offset_ += bytes.size();
  while (!bytes.empty()) {
    const std::string_view some = bytes.substr(0, format::kPageBytes);
    copy(some);
    page_ = used_;
    write_step();
    bytes.remove_prefix(some.size());
  }
}

// Not more than end a page, or as many as one has.
void SegmentFile::copy(std::string_view bytes) {
  std::memcpy(waiting_.data() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
}

void SegmentFile::end_page() {
  table_.push_back(hash_bytes({waiting_.data() + page_, used_ - page_}));
  page_ = used_;
  write_step();
}

// Writes a step, where there is one: less than a page is left of what waited.
void SegmentFile::write_step() {
  if (used_ >= kStep) write(kStep);
}

void SegmentFile::write(std::size_t bytes) {
  if (bytes == 0) return;
  file_->write({waiting_.data(), bytes});
  used_ -= bytes;
  page_ -= bytes;
  std::memmove(waiting_.data(), waiting_.data() + bytes, used_);
}

void SegmentFile::align() {
  const std::string zeros((format::kAlignment - offset_ % format::kAlignment) % format::kAlignment,
                          '\0');
  put(zeros);
}

}  // namespace wirecopy
