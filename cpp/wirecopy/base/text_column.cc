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
    case CpuPath::kAvx512:
      return cpu_has_vbmi2() ? kernel::encode_utf8_vbmi2 : kernel::encode_utf8_avx512;
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

std::size_t TextColumn::utf8_bytes(std::size_t row) const {
  const StoredText& text = rows_[row];
  switch (text.storage) {
    case Storage::kLatin1: return utf8::encoded_size(characters<std::uint8_t>(text));
    case Storage::kUcs2: return utf8::encoded_size(characters<std::uint16_t>(text));
    case Storage::kUcs4: return utf8::encoded_size(characters<std::uint32_t>(text));
    default: return text.bytes();
  }
}

void TextColumn::require_utf8() const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].storage != Storage::kUtf8) continue;
    const std::string_view text = rows_[row].as_bytes();
    if (!utf8::is_valid(text)) {
      throw InputError(name_, static_cast<std::int64_t>(row),
                       "not valid UTF-8 at byte " + std::to_string(utf8::valid_prefix(text)));
    }
  }
}

TextColumn TextColumn::joined(std::shared_ptr<const TextColumn> first,
                              std::shared_ptr<const TextColumn> second) {
  TextColumn column(first->name_);
  column.rows_ = first->rows_;
  column.rows_.insert(column.rows_.end(), second->rows_.begin(), second->rows_.end());
  column.total_bytes_ = first->total_bytes_ + second->total_bytes_;
  column.null_count_ = first->null_count_ + second->null_count_;
  column.any_wide_ = first->any_wide_ || second->any_wide_;
  // A list of str beside UTF-8 of another kind: "é" is stored in two ways.
  column.canonical_ = first->canonical_ && second->canonical_;
  column.joined_ = {std::move(first), std::move(second)};
  return column;
}

void TextColumn::require_no_surrogate() const {
  for (const auto& part : joined_) part->require_no_surrogate();
  for (std::size_t row = 0; row < rows_.size() && joined_.empty(); ++row) {
    const StoredText& text = rows_[row];
    if (text.storage == Storage::kUcs2) {
      fail_if_surrogate(characters<std::uint16_t>(text), name_, row);
    } else if (text.storage == Storage::kUcs4) {
      fail_if_surrogate(characters<std::uint32_t>(text), name_, row);
    }
  }
}

void TextColumn::fail_surrogate() const {
  require_no_surrogate();
  throw std::logic_error("no lone surrogate in " + name_);
}

TextReader::TextReader(const TextColumn& texts, Surrogates surrogates)
    : texts_(&texts), surrogates_(surrogates), encode_(encode_utf8()) {}

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
  if (surrogate && surrogates_ == Surrogates::kRefuse) texts_->fail_surrogate();
  return {buffer_.get(), static_cast<std::size_t>(end - begin)};
}

}  // namespace wirecopy
