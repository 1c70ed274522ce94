#include "wirecopy/base/text_column.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <stdexcept>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

kernel::EncodeUtf8 encode_utf8() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::encode_utf8_avx2;
    case CpuPath::kAvx512: return kernel::encode_utf8_avx512;
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::encode_utf8_neon;
#endif
    default: return kernel::encode_utf8_scalar;
  }
}

template <typename Character>
std::span<const Character> characters(const StoredText& text) {
  return {static_cast<const Character*>(text.data), static_cast<std::size_t>(text.length)};
}

template <typename Character>
void fail_if_surrogate(std::span<const Character> text, const std::string& argument,
                       std::size_t row) {
  const auto found =
      std::ranges::find_if(text, [](std::uint32_t c) { return c >= 0xD800 && c <= 0xDFFF; });
  if (found == text.end()) return;
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(*found));
  throw InputError(argument, static_cast<std::int64_t>(row),
                   "lone surrogate " + std::string(name) + " at position " +
                       std::to_string(found - text.begin()) +
                       "; it has no UTF-8 form. How to fix: text.encode('utf-16', "
                       "'surrogatepass').decode('utf-16', 'replace')");
}

}  // namespace

void TextColumn::push_back(std::string_view utf8) {
  push_back(StoredText(utf8.data(), utf8.size(), Storage::kUtf8));
}

void TextColumn::push_back(const StoredText& text) {
  rows_.push_back(text);
  // An empty text may come with a null pointer, which here means a null row.
  if (text.data == nullptr) rows_.back().data = "";
  total_bytes_ += text.bytes();
  any_wide_ |= text.storage != Storage::kUtf8;
}

void TextColumn::push_null() {
  rows_.emplace_back();
  ++null_count_;
}

void TextColumn::append(const TextColumn& other) {
  // Rows of a list of str and rows of Arrow may store equal texts otherwise; two columns of UTF-8,
  // or two lists of str, may not.
  const bool canonical = rows_.empty()         ? other.canonical()
                         : other.rows_.empty() ? this->canonical()
                                               : canonical_ && other.canonical_;
  rows_.insert(rows_.end(), other.rows_.begin(), other.rows_.end());
  keep_alive_with(other);
  total_bytes_ += other.total_bytes_;
  null_count_ += other.null_count_;
  any_wide_ |= other.any_wide_;
  canonical_ = canonical;
}

std::size_t TextColumn::utf8_bytes(std::size_t row) const {
  const StoredText& text = rows_[row];
  switch (text.storage) {
    case Storage::kUtf8: break;
    case Storage::kLatin1: return utf8::encoded_size(characters<std::uint8_t>(text));
    case Storage::kUcs2: return utf8::encoded_size(characters<std::uint16_t>(text));
    case Storage::kUcs4: return utf8::encoded_size(characters<std::uint32_t>(text));
  }
  return text.bytes();
}

void TextColumn::require_utf8() const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].storage != Storage::kUtf8) continue;
    const std::string_view text = rows_[row].as_bytes();
    const std::size_t valid = utf8::valid_prefix(text);
    if (valid != text.size()) {
      throw InputError(name_, static_cast<std::int64_t>(row),
                       "not valid UTF-8 at byte " + std::to_string(valid));
    }
  }
}

void TextColumn::fail_surrogate() const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const StoredText& text = rows_[row];
    if (text.storage == Storage::kUcs2) {
      fail_if_surrogate(characters<std::uint16_t>(text), name_, row);
    } else if (text.storage == Storage::kUcs4) {
      fail_if_surrogate(characters<std::uint32_t>(text), name_, row);
    }
  }
  throw std::logic_error("no lone surrogate in " + name_);
}

TextReader::TextReader(const TextColumn& texts) : texts_(&texts), encode_(encode_utf8()) {}

std::string_view TextReader::encode(const StoredText& text) {
  const std::size_t longest = text.storage == Storage::kLatin1 ? 2
                              : text.storage == Storage::kUcs2 ? 3
                                                               : 4;
  const std::size_t room = static_cast<std::size_t>(text.length) * longest + kernel::kUtf8Slack;
  if (capacity_ < room) {
    buffer_.reset();
    capacity_ = room + room / 2;
    buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  bool surrogate = false;
  auto* const begin = reinterpret_cast<unsigned char*>(buffer_.get());
  const unsigned char* const end = encode_(text.data, static_cast<std::size_t>(text.length),
                                           width(text.storage), begin, &surrogate);
  if (surrogate) texts_->fail_surrogate();
  return {buffer_.get(), static_cast<std::size_t>(end - begin)};
}

}  // namespace wirecopy
