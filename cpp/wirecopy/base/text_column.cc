#include "wirecopy/base/text_column.h"

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"

namespace wirecopy {

void TextColumn::push_back(std::string_view text) {
  // An empty view may carry a null pointer, which here means a null row.
  rows_.push_back(text.data() == nullptr ? std::string_view("") : text);
  total_bytes_ += text.size();
}

void TextColumn::push_null() {
  rows_.emplace_back();
  ++null_count_;
}

void TextColumn::require_utf8(std::string_view argument) const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::size_t valid = utf8::valid_prefix(rows_[row]);
    if (valid != rows_[row].size()) {
      throw InputError(std::string(argument), static_cast<std::int64_t>(row),
                       "not valid UTF-8 at byte " + std::to_string(valid));
    }
  }
}

}  // namespace wirecopy
