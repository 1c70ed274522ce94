// A borrowed column of texts: one view per row over characters that somebody else owns. Every input
// layout (list of str, Arrow u/U/vu/dictionary, chunked or sliced) becomes this, so nothing after
// it has to know where the texts came from, and no text is copied for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/base/utf8_kernel.h"

namespace wirecopy {

// Row number of a document. 32 bits: four billion articles in one call are beyond one machine.
using DocId = std::uint32_t;

// What the characters of a text are stored as. The wide forms are one element a code point, as
// CPython stores a str.
enum class Storage : std::uint8_t { kUtf8, kLatin1, kUcs2, kUcs4 };

// Bytes of an element.
constexpr unsigned width(Storage storage) {
  return storage == Storage::kUcs4 ? 4 : storage == Storage::kUcs2 ? 2 : 1;
}

struct StoredText {
  static constexpr std::uint64_t kLongest = (std::uint64_t{1} << 56) - 1;

  const void* data = nullptr;  // null: a null row
  std::uint64_t length : 56;   // elements
  Storage storage : 8;

  StoredText() : length(0), storage(Storage::kUtf8) {}
  StoredText(const void* at, std::size_t elements, Storage as)
      : data(at), length(elements & kLongest), storage(as) {}

  std::size_t bytes() const { return static_cast<std::size_t>(length) * width(storage); }
  std::string_view as_bytes() const { return {static_cast<const char*>(data), bytes()}; }
};
static_assert(sizeof(StoredText) == 16, "a row is two words");

class TextColumn {
 public:
  TextColumn() = default;
  // `name` is what error messages call it.
  explicit TextColumn(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  std::size_t size() const { return rows_.size(); }
  bool is_null(std::size_t row) const { return rows_[row].data == nullptr; }
  std::size_t null_count() const { return null_count_; }
  // A row as it is stored. To read it as a text, use TextReader.
  const StoredText& stored(std::size_t row) const { return rows_[row]; }
  // Bytes that a row takes where it is stored (for progress): the same text has more as UCS-4.
  std::size_t stored_bytes(std::size_t row) const { return rows_[row].bytes(); }
  std::uint64_t total_bytes() const { return total_bytes_; }
  // Bytes of a row's UTF-8. Wide rows are read for it.
  std::size_t utf8_bytes(std::size_t row) const;

  void reserve(std::size_t rows) { rows_.reserve(rows); }
  // What is pushed must stay alive and unchanged as long as this column.
  void push_back(std::string_view utf8);
  void push_back(const StoredText& text);
  void push_null();
  // Keeps `owner` (an Arrow array, a tuple of str) alive as long as this column.
  void keep_alive(std::shared_ptr<const void> owner) { owners_.push_back(std::move(owner)); }
  // Keeps alive what `other` does: for a column of parts of its texts.
  void keep_alive_with(const TextColumn& other) {
    owners_.insert(owners_.end(), other.owners_.begin(), other.owners_.end());
  }

  // The rows of two columns, one after the other. Errors name the column and its own row.
  static TextColumn joined(std::shared_ptr<const TextColumn> first,
                           std::shared_ptr<const TextColumn> second);

  // Whether equal texts have equal storage and bytes, so that they can be compared as they are
  // stored. True of UTF-8; of wide rows where somebody declared it, as of a list of str: CPython
  // stores every str as narrow as it goes.
  bool canonical() const { return canonical_ || !any_wide_; }
  void declare_canonical() { canonical_ = true; }

  // Throws InputError naming the first row that is not well-formed UTF-8. Wide rows are checked by
  // who reads them.
  void require_utf8() const;
  // Throws InputError naming the first row of the column that holds a lone surrogate, so that the
  // message does not depend on who met one first. There must be one.
  [[noreturn]] void fail_surrogate() const;

 private:
  void require_no_surrogate() const;

  std::vector<StoredText> rows_;
  std::vector<std::shared_ptr<const void>> owners_;
  std::vector<std::shared_ptr<const TextColumn>> joined_;  // from these
  std::string name_ = "texts";
  std::uint64_t total_bytes_ = 0;
  std::size_t null_count_ = 0;
  bool any_wide_ = false;
  bool canonical_ = false;
};

// What a reader does with a lone surrogate: refuse it, or write it as the three bytes that its
// number has as UTF-8 (which is then not well-formed), for somebody who repairs that.
enum class Surrogates : std::uint8_t { kRefuse, kKeep };

// Reads the texts of a column as UTF-8, whatever they are stored as. One per thread: wide texts are
// written into memory of its own, that stays in cache from one to the next.
class TextReader {
 public:
  // `texts` must outlive the reader.
  explicit TextReader(const TextColumn& texts, Surrogates surrogates = Surrogates::kRefuse);
  // A reader of the same column, with memory of its own.
  TextReader(const TextReader& other) : TextReader(*other.texts_, other.surrogates_) {}
  TextReader& operator=(const TextReader&) = delete;
  TextReader(TextReader&&) = default;
  TextReader& operator=(TextReader&&) = default;
  ~TextReader() = default;

  // The text of a row, valid until the next call; a null row reads as an empty text. Throws
  // InputError where the text holds a lone surrogate and those are refused.
  std::string_view operator[](std::size_t row) {
    const StoredText& text = texts_->stored(row);
    return text.storage == Storage::kUtf8 ? text.as_bytes() : encode(text);
  }

 private:
  std::string_view encode(const StoredText& text);

  const TextColumn* texts_;
  Surrogates surrogates_;
  kernel::EncodeUtf8 encode_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
};

}  // namespace wirecopy
