#include "wirecopy/base/utf8.h"

#include <algorithm>
#include <cstring>

namespace wirecopy::utf8 {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ull;

std::uint64_t load8(const char* p) {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

}  // namespace

std::size_t valid_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    // News is mostly ASCII: 32 bytes a step until something else turns up.
    while (at + 32 <= text.size()) {
      const char* p = text.data() + at;
      if ((load8(p) | load8(p + 8) | load8(p + 16) | load8(p + 24)) & kHighBits) break;
      at += 32;
    }
    const std::size_t stop = at + 32 < text.size() ? at + 32 : text.size();
    while (at < stop) {
      const Decoded d = decode(text, at);
      if (d.code_point == kReplacement && d.length == 1) return at;
      at += d.length;
    }
  }
  return at;
}

template <typename Character>
Measured measure(std::span<const Character> text) {
  // Counters as wide as the elements, and parts short enough for them: the compiler makes vectors
  // of it.
  constexpr std::size_t kPart = sizeof(Character) == 1 ? 128 : 8192;
  Measured size{text.size(), false};
  for (std::size_t at = 0; at < text.size(); at += kPart) {
    const Character* part = text.data() + at;
    const std::size_t count = std::min(kPart, text.size() - at);
    Character more = 0;
    Character surrogates = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Character c = part[i];
      more = static_cast<Character>(more + (c >= 0x80 ? 1 : 0));
      if constexpr (sizeof(Character) > 1) {
        more = static_cast<Character>(more + (c >= 0x800 ? 1 : 0));
        surrogates = static_cast<Character>(surrogates | (c >= 0xD800 && c < 0xE000 ? 1 : 0));
      }
      if constexpr (sizeof(Character) > 2) {
        more = static_cast<Character>(more + (c >= 0x10000 ? 1 : 0));
      }
    }
    size.bytes += more;
    size.surrogates |= surrogates != 0;
  }
  return size;
}

template <typename Character>
void encode(std::span<const Character> text, char* out) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  constexpr std::size_t kStep = 16;
  std::size_t i = 0;
  while (i < text.size()) {
    // Runs of ASCII, 16 at a time: loops of known length that the compiler makes vectors of.
    while (i + kStep <= text.size()) {
      const Character* from = text.data() + i;
      Character all = 0;
      for (std::size_t j = 0; j < kStep; ++j) all = static_cast<Character>(all | from[j]);
      if (all >= 0x80) break;
      for (std::size_t j = 0; j < kStep; ++j) out[j] = static_cast<char>(from[j]);
      out += kStep;
      i += kStep;
    }
    const std::size_t stop = std::min(text.size(), i + kStep);
    for (; i < stop; ++i) {
      const std::uint32_t c = text[i];
      if (c < 0x80) {
        put(c);
      } else if (c < 0x800) {
        put(0xC0u | c >> 6);
        put(0x80u | (c & 0x3Fu));
      } else if (c < 0x10000) {
        put(0xE0u | c >> 12);
        put(0x80u | (c >> 6 & 0x3Fu));
        put(0x80u | (c & 0x3Fu));
      } else {
        put(0xF0u | c >> 18);
        put(0x80u | (c >> 12 & 0x3Fu));
        put(0x80u | (c >> 6 & 0x3Fu));
        put(0x80u | (c & 0x3Fu));
      }
    }
  }
}

template Measured measure(std::span<const std::uint8_t>);
template Measured measure(std::span<const std::uint16_t>);
template Measured measure(std::span<const std::uint32_t>);
template void encode(std::span<const std::uint8_t>, char*);
template void encode(std::span<const std::uint16_t>, char*);
template void encode(std::span<const std::uint32_t>, char*);

std::size_t count_code_points(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<std::uint8_t>(c) & 0xC0u) != 0x80u;
  return n;
}

}  // namespace wirecopy::utf8
