// The file of a segment, written in one pass from its begin to its end: header, sections with the
// checksums of their pages, footer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"
#include "wirecopy/base/buffer.h"

namespace wirecopy {

template <typename T>
std::string_view bytes_of(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

class SegmentFile {
 public:
  SegmentFile(Folder& folder, std::uint64_t id);

  // Sections, in the order of their kinds.
  void begin(format::Kind kind);
  void append(std::string_view bytes);
  template <typename T>
  void value(const T& each) {
    append(bytes_of(each));
  }
  void end();

  // The footer; then everything is on disk.
  format::SegmentEntry finish(std::uint32_t texts, int directory_bits);

 private:
  void put(std::string_view bytes);
  void copy(std::string_view bytes);
  void end_page();
  void write_step();
  void write(std::size_t bytes);
  void align();

  std::uint64_t id_;
  std::unique_ptr<NewFile> file_;
  std::uint64_t offset_ = 0;  // bytes so far, with those that wait
  Buffer waiting_;            // to be written: a step, and room for a page that began in it
  std::size_t used_ = 0;      // of them
  std::size_t page_ = 0;      // where in them the page begins that has no checksum yet
  format::SectionEntry entry_{};
  std::vector<std::uint64_t> table_;
  std::vector<format::SectionEntry> entries_;
};

}  // namespace wirecopy
