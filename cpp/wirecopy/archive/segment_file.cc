#include "wirecopy/archive/segment_file.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "wirecopy/archive/manifest.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

// Bytes are copied and hashed, and then given to the system, while they are in the cache.
constexpr std::size_t kWaiting = std::size_t{256} << 10;
// So many at a time need not be copied.
constexpr std::size_t kLarge = std::size_t{64} << 10;

}  // namespace

SegmentFile::SegmentFile(Folder& folder, std::uint64_t id) : id_(id), waiting_(kWaiting) {
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
    const std::size_t begun = used_ - page_;  // bytes of a page that is not whole
    std::string_view some = bytes;
    if (begun == 0 && bytes.size() >= kLarge) {
      some = bytes.substr(
          0, std::min(kWaiting, bytes.size() / format::kPageBytes * format::kPageBytes));
      flush();
      write_pages(some);
    } else {
      if (begun > 0) some = bytes.substr(0, format::kPageBytes - begun);
      copy(some);
    }
    bytes.remove_prefix(some.size());
  }
}

// As `append`, of at most kLarge bytes.
void SegmentFile::copy(std::string_view bytes) {
  if (bytes.size() > kWaiting - used_) flush();
  std::memcpy(waiting_.data() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
  while (used_ - page_ >= format::kPageBytes) {
    table_.push_back(hash_bytes({waiting_.data() + page_, format::kPageBytes}));
    page_ += format::kPageBytes;
  }
}

void SegmentFile::write_pages(std::string_view pages) {
  for (std::size_t at = 0; at < pages.size(); at += format::kPageBytes) {
    table_.push_back(hash_bytes(pages.substr(at, format::kPageBytes)));
  }
  write(pages);
}

void SegmentFile::end() {
  end_pages();
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
  flush();
  file_->sync();
  return segment;
}

// Bytes that belong to no page.
void SegmentFile::put(std::string_view bytes) {
  offset_ += bytes.size();
  while (!bytes.empty()) {
    if (used_ == kWaiting) flush();
    const std::string_view some = bytes.substr(0, kWaiting - used_);
    std::memcpy(waiting_.data() + used_, some.data(), some.size());
    used_ += some.size();
    page_ = used_;
    bytes.remove_prefix(some.size());
  }
}

void SegmentFile::write(std::string_view bytes) {
  if (!bytes.empty()) file_->write(bytes);
}

// Writes what waits, but for a page that is not whole.
void SegmentFile::flush() {
  write({waiting_.data(), page_});
  used_ -= page_;
  std::memmove(waiting_.data(), waiting_.data() + page_, used_);
  page_ = 0;
}

void SegmentFile::align() {
  const std::string zeros((format::kAlignment - offset_ % format::kAlignment) % format::kAlignment,
                          '\0');
  put(zeros);
}

void SegmentFile::end_pages() {
  if (used_ > page_) table_.push_back(hash_bytes({waiting_.data() + page_, used_ - page_}));
  page_ = used_;
}

}  // namespace wirecopy
