// Kinds of characters that several parts of this room ask for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wirecopy {

// Where str.splitlines() ends a line.
inline bool is_line_break(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

// As str.isspace() has it; every line break is one.
inline bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// Where the character that ends before `end` begins; `end` > 0. Well-formed UTF-8.
inline std::size_t previous_char(std::string_view text, std::size_t end) {
  do {
    --end;
  } while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0u) == 0x80u);
  return end;
}

}  // namespace wirecopy
