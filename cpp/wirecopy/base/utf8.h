// UTF-8, read and written one code point at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace wirecopy::utf8 {

struct Decoded {
  char32_t code_point;
  std::uint32_t length;  // bytes read; at least 1
};

inline constexpr char32_t kReplacement = 0xFFFD;

// Writes the code points of `text`, which is well-formed and has none from U+10000 on. So many as
// count_code_points() says.
void decode_narrow(std::string_view text, char16_t* out);

// The bytes that do not continue a character. Eight are looked at together, and those that do are
// counted in the eight bytes of a word.
inline std::size_t count_code_points(std::string_view text) {
  std::size_t continuing = 0;
  std::size_t at = 0;
  while (text.size() - at >= 8) {
    const std::size_t words = std::min<std::size_t>((text.size() - at) / 8, 255);
    std::uint64_t counts = 0;
    for (std::size_t i = 0; i < words; ++i) {
      std::uint64_t word;
      std::memcpy(&word, text.data() + at + 8 * i, sizeof word);
      counts += (word & ~(word << 1)) >> 7 & 0x0101010101010101u;
    }
    constexpr std::uint64_t kEven = 0x00FF00FF00FF00FFu;
    continuing += ((counts & kEven) + (counts >> 8 & kEven)) * 0x0001000100010001u >> 48;
    at += 8 * words;
  }
  for (; at < text.size(); ++at) {
    continuing += (static_cast<std::uint8_t>(text[at]) & 0xC0u) == 0x80u ? 1 : 0;
  }
  return text.size() - continuing;
}

// The code point that starts at `text[at]`. Never reads past the end: a malformed or truncated
// sequence (overlong forms, surrogates and values above U+10FFFF included) is U+FFFD, one byte
// long.
inline Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<std::uint8_t>(text[at + i]);
  };
  const std::size_t left = text.size() - at;
  const auto tail = [&](std::size_t i) { return i < left && (byte(i) & 0xC0u) == 0x80u; };
  const std::uint32_t b0 = byte(0);
  if (b0 < 0x80) return {b0, 1};
  if (b0 >= 0xC2 && b0 < 0xE0 && tail(1)) return {(b0 & 0x1Fu) << 6 | (byte(1) & 0x3Fu), 2};
  if (b0 >= 0xE0 && b0 < 0xF0 && tail(1) && tail(2)) {
    const std::uint32_t c = (b0 & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) return {c, 3};
  }
  if (b0 >= 0xF0 && b0 < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const std::uint32_t c =
        (b0 & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
    if (c >= 0x10000 && c <= 0x10FFFF) return {c, 4};
  }
  return {kReplacement, 1};
}

// The same of a text that is well-formed, where a character begins at `text[at]`.
inline Decoded decode_valid(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<std::uint8_t>(text[at + i]);
  };
  const std::uint32_t b0 = byte(0);
  if (b0 < 0x80) return {b0, 1};
  if (b0 < 0xE0) return {(b0 & 0x1Fu) << 6 | (byte(1) & 0x3Fu), 2};
  if (b0 < 0xF0) return {(b0 & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu), 3};
  return {(b0 & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu),
          4};
}

// Appends `c`, which must be a scalar value (not a surrogate).
inline void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0u | c >> 6));
    out.push_back(static_cast<char>(0x80u | (c & 0x3Fu)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0u | c >> 12));
    out.push_back(static_cast<char>(0x80u | (c >> 6 & 0x3Fu)));
    out.push_back(static_cast<char>(0x80u | (c & 0x3Fu)));
  } else {
    out.push_back(static_cast<char>(0xF0u | c >> 18));
    out.push_back(static_cast<char>(0x80u | (c >> 12 & 0x3Fu)));
    out.push_back(static_cast<char>(0x80u | (c >> 6 & 0x3Fu)));
    out.push_back(static_cast<char>(0x80u | (c & 0x3Fu)));
  }
}

// Bytes of the UTF-8 of a text of one code point an element, 1, 2 or 4 bytes wide (as CPython
// stores it). A surrogate counts as three.
template <typename Character>
std::size_t encoded_size(std::span<const Character> text);

// Whether all of it is well-formed.
bool is_valid(std::string_view text);

// Number of leading bytes that are well-formed; equals text.size() for valid text.
std::size_t valid_prefix(std::string_view text);

}  // namespace wirecopy::utf8
