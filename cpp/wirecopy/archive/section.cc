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
  checked_ = std::make_unique<std::atomic<std::uint64_t>[]>(pages() / 64 + 1);
}

void Section::check_page(std::uint64_t page) const {
  if (!checked(pages())) {
    if (!table_sound()) fail("its table of checksums is damaged");
    set_checked(pages());
  }
  if (!sound(page)) fail("page " + std::to_string(page) + " is damaged (checksum)");
  set_checked(page);
}

bool Section::table_sound() const { return hash_bytes(table_) == table_hash_; }

bool Section::sound(std::uint64_t page) const {
  std::uint64_t expected = 0;
  std::memcpy(&expected, table_.data() + page * sizeof expected, sizeof expected);
  const std::string_view bytes = bytes_.substr(page * format::kPageBytes, format::kPageBytes);
  return hash_bytes(bytes) == expected;
}

void Section::verify(std::vector<std::string>& problems,
                     const std::function<void(std::uint64_t bytes)>& read) const {
  if (!table_sound()) {
    problems.emplace_back("its table of checksums is damaged");
    return;
  }
  for (std::uint64_t page = 0; page < pages(); ++page) {
    if (!sound(page)) problems.push_back("page " + std::to_string(page) + " is damaged (checksum)");
    read(format::kPageBytes);
  }
}

void Section::fail(const std::string& problem) const { throw ArchiveError(name_, problem); }

void Section::fail_beyond() const { fail("a value beyond its end is asked for"); }

}  // namespace wirecopy
