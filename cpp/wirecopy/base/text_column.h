// A borrowed column of texts: one (pointer, length) view per row over UTF-8 that somebody else
// owns. Every input layout (list of str, Arrow u/U/vu/dictionary, chunked or sliced) becomes this,
// so nothing after it has to know where the texts came from, and no text is copied for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace wirecopy {

// Row number of a document. 32 bits: four billion articles in one call are beyond one machine.
using DocId = std::uint32_t;

class TextColumn {
 public:
  TextColumn() = default;

  std::size_t size() const { return rows_.size(); }
  bool is_null(std::size_t row) const { return rows_[row].data() == nullptr; }
  // The text of a row; a null row reads as an empty text.
  std::string_view operator[](std::size_t row) const { return rows_[row]; }
  std::size_t stored_bytes(std::size_t row) const { return rows_[row].size(); }
  std::uint64_t total_bytes() const { return total_bytes_; }
  std::size_t null_count() const { return null_count_; }

  void reserve(std::size_t rows) { rows_.reserve(rows); }
  // `text` must stay alive and unchanged as long as this column.
  void push_back(std::string_view text);
  void push_null();
  // Keeps `owner` (an Arrow array, an arena) alive as long as this column.
  void keep_alive(std::shared_ptr<const void> owner) { owners_.push_back(std::move(owner)); }

  // Throws InputError naming `argument` and the first row that is not well-formed UTF-8.
  void require_utf8(std::string_view argument) const;

 private:
  std::vector<std::string_view> rows_;  // data() == nullptr marks a null row
  std::vector<std::shared_ptr<const void>> owners_;
  std::uint64_t total_bytes_ = 0;
  std::size_t null_count_ = 0;
};

// Reads the texts of a column as UTF-8, whatever they are stored as. One per thread: it may hold
// the text it gave last.
class TextReader {
 public:
  // `texts` must outlive the reader.
  explicit TextReader(const TextColumn& texts) : texts_(&texts) {}

  // The text of a row, valid until the next call; a null row reads as an empty text.
  std::string_view operator[](std::size_t row) { return (*texts_)[row]; }

 private:
  const TextColumn* texts_;
};

}  // namespace wirecopy
