// Values in a mapped file that are checked when they are first looked at: each page (format.h) has
// a checksum of its own, and reading a value reads no other page.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/archive/format.h"

namespace wirecopy {

class Section {
 public:
  Section() = default;
  // `bytes` and `table` lie in the file, aligned; what `name` is called in errors.
  Section(std::string name, std::string_view bytes, std::string_view table,
          std::uint64_t table_hash);

  std::uint64_t bytes() const { return bytes_.size(); }
  template <typename T>
  std::uint64_t size() const {
    return bytes_.size() / sizeof(T);
  }

  // `count` values from number `first` on. Throws ArchiveError where they are beyond the end, or
  // damaged.
  template <typename T>
  std::span<const T> read(std::uint64_t first, std::uint64_t count) const {
    const std::uint64_t all = size<T>();
    if (first > all || count > all - first) fail_beyond();
    require_pages(first * sizeof(T), count * sizeof(T));
    return {reinterpret_cast<const T*>(bytes_.data()) + first, static_cast<std::size_t>(count)};
  }
  template <typename T>
  T at(std::uint64_t i) const {
    return read<T>(i, 1)[0];
  }
  std::string_view text(std::uint64_t begin, std::uint64_t end) const {
    if (begin > end) fail("has ends out of order");
    const auto chars = read<char>(begin, end - begin);
    return {chars.data(), chars.size()};
  }
  // Where a value is that will be read.
  const void* address(std::uint64_t byte) const { return bytes_.data() + byte; }

  // The pages that read() looks at for so many bytes.
  std::string_view pages_around(std::uint64_t begin, std::uint64_t bytes) const {
    const std::uint64_t first = std::min(begin, bytes_.size()) / format::kPageBytes;
    const std::uint64_t end = (begin + bytes + format::kPageBytes - 1) / format::kPageBytes;
    return bytes_.substr(first * format::kPageBytes, (end - first) * format::kPageBytes);
  }

  // Adds what is wrong with any page, to `problems`. Calls read(bytes) as it goes.
  void verify(std::vector<std::string>& problems,
              const std::function<void(std::uint64_t bytes)>& read) const;

  [[noreturn]] void fail(const std::string& problem) const;

 private:
  void require_pages(std::uint64_t begin, std::uint64_t bytes) const {
    if (bytes == 0) return;
    const std::uint64_t last = (begin + bytes - 1) / format::kPageBytes;
    for (std::uint64_t page = begin / format::kPageBytes; page <= last; ++page) {
      if (!checked(page)) check_page(page);
    }
  }
  bool checked(std::uint64_t bit) const {
    return (checked_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
  }
  void set_checked(std::uint64_t bit) const {
    checked_[bit / 64].fetch_or(std::uint64_t{1} << (bit % 64), std::memory_order_relaxed);
  }
  std::uint64_t pages() const { return table_.size() / sizeof(std::uint64_t); }
  void check_page(std::uint64_t page) const;
  bool sound(std::uint64_t page) const;
  bool table_sound() const;
  [[noreturn]] void fail_beyond() const;

  std::string name_;  // file and block
  std::string_view bytes_;
  std::string_view table_;
  std::uint64_t table_hash_ = 0;
  // A bit a page: whether it was found sound; and behind the last one, whether the table was.
  std::unique_ptr<std::atomic<std::uint64_t>[]> checked_;
};

}  // namespace wirecopy
