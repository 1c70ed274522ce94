// How a step of normalization writes its result: what it changes, it says edit by edit; what stands
// between two edits is copied as it is, and a text without edits is not copied at all.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace wirecopy {

// text[begin, end) became result[out_begin, out_end). Bytes, unless said otherwise. Edits of a list
// are in order, do not overlap, and what is between them is equal in both.
struct Edit {
  std::size_t begin;
  std::size_t end;
  std::size_t out_begin;
  std::size_t out_end;

  bool operator==(const Edit&) const = default;
};

// Bytes that grow without being zeroed first.
class ByteBuffer {
 public:
  std::string_view view() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  void clear() { size_ = 0; }
  // Memory for `count` more bytes; add() says how many were written.
  char* room(std::size_t count) {
    if (capacity_ - size_ < count) grow(count);
    return bytes_.get() + size_;
  }
  void add(std::size_t count) { size_ += count; }
  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }

 private:
  void grow(std::size_t count) {
    capacity_ = size_ + count + (size_ + count) / 2;
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
    if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

class Rewriter {
 public:
  // `out` is replaced if anything changes. `edits` may be null: then nobody wants to know.
  Rewriter(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits)
      : text_(text), out_(&out), edits_(edits) {
    out.clear();
  }

  // Places must come in order.
  void replace(std::size_t begin, std::size_t end, std::string_view with) {
    if (!changed_) out_->room(text_.size());
    changed_ = true;
    out_->append(text_.substr(copied_, begin - copied_));
    const std::size_t out_begin = out_->size();
    out_->append(with);
    copied_ = end;
    if (edits_ != nullptr) edits_->push_back({begin, end, out_begin, out_->size()});
  }
  // Where the last replaced piece of the text ended.
  std::size_t done() const { return copied_; }
  // Copies the rest. False where nothing was replaced; `out` then has nothing of the text.
  bool finish() {
    if (changed_) out_->append(text_.substr(copied_));
    return changed_;
  }

 private:
  std::string_view text_;
  ByteBuffer* out_;
  std::vector<Edit>* edits_;
  std::size_t copied_ = 0;
  bool changed_ = false;
};

}  // namespace wirecopy
