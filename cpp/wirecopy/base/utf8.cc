#include "wirecopy/base/utf8.h"

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

std::size_t count_code_points(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<std::uint8_t>(c) & 0xC0u) != 0x80u;
  return n;
}

}  // namespace wirecopy::utf8
