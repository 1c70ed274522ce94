#include "wirecopy/archive/section.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wirecopy/archive/folder.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {

Section::Section(std::string name, std::string_view bytes, std::string_view table,
                 std::uint64_t table_hash)
    : name_(std::move(name)), bytes_(bytes), table_(table), table_hash_(table_hash) {
  checked_ =
      std::make_unique<std::atomic<std::uint8_t>[]>(table.size() / sizeof(std::uint64_t) + 1);
}

void Section::require_pages(std::uint64_t begin, std::uint64_t bytes) const {
  if (bytes == 0) return;
  const std::uint64_t last = (begin + bytes - 1) / format::kPageBytes;
  for (std::uint64_t page = begin / format::kPageBytes; page <= last; ++page) {
    if (checked_[page].load(std::memory_order_relaxed) == 0) check_page(page);
  }
}

void Section::check_page(std::uint64_t page) const {
  auto& table_checked = checked_[table_.size() / sizeof(std::uint64_t)];
  if (table_checked.load(std::memory_order_relaxed) == 0) {
    if (!table_sound()) fail("its table of checksums is damaged");
    table_checked.store(1, std::memory_order_relaxed);
  }
  if (!sound(page)) fail("page " + std::to_string(page) + " is damaged (checksum)");
  checked_[page].store(1, std::memory_order_relaxed);
}

bool Section::table_sound() const { return hash_bytes(table_) == table_hash_; }

bool Section::sound(std::uint64_t page) const {
  std::uint64_t expected = 0;
  std::memcpy(&expected, table_.data() + page * sizeof expected, sizeof expected);
  const std::string_view bytes = bytes_.substr(page * format::kPageBytes, format::kPageBytes);
  return hash_bytes(bytes) == expected;
}

void Section::verify(std::vector<std::string>& problems) const {
  if (!table_sound()) {
    problems.emplace_back("its table of checksums is damaged");
    return;
  }
  const std::uint64_t pages = table_.size() / sizeof(std::uint64_t);
  for (std::uint64_t page = 0; page < pages; ++page) {
    if (!sound(page)) problems.push_back("page " + std::to_string(page) + " is damaged (checksum)");
  }
}

void Section::fail(const std::string& problem) const { throw ArchiveError(name_, problem); }

void Section::fail_beyond() const { fail("a value beyond its end is asked for"); }

}  // namespace wirecopy
