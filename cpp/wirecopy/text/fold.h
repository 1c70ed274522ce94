// NFKC_Casefold (Unicode Standard, section 3.13, R5): what makes two spellings of a word equal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wirecopy {

// One code point of folded text and the bytes of the original that it came from.
struct FoldedChar {
  char32_t code_point;
  std::uint32_t begin;
  std::uint32_t end;
};

// Folds the `text` whose first byte is byte `base` of the original: each code point is mapped, then
// the whole is put into Normalization Form C. Replaces `out`. A malformed byte becomes U+FFFD.
void nfkc_casefold(std::string_view text, std::uint32_t base, std::vector<FoldedChar>& out);

// The same as UTF-8.
std::string nfkc_casefold(std::string_view text);

}  // namespace wirecopy
