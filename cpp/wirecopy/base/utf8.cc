#include "wirecopy/base/utf8.h"

#include <algorithm>
#include <cstring>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/utf8_kernel.h"

namespace wirecopy::utf8 {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ull;

std::uint64_t load8(const char* p) {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

}  // namespace

bool is_valid(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::valid_utf8_avx2(bytes, text.size());
    case CpuPath::kAvx512: return kernel::valid_utf8_avx512(bytes, text.size());
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::valid_utf8_neon(bytes, text.size());
#endif
    default: return kernel::valid_utf8_scalar(bytes, text.size());
  }
}

void decode_narrow(std::string_view text, char16_t* out) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  auto* units = reinterpret_cast<std::uint16_t*>(out);
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::decode_utf8_avx2(bytes, text.size(), units);
    case CpuPath::kAvx512:
      return cpu_has_vbmi2() ? kernel::decode_utf8_vbmi2(bytes, text.size(), units)
                             : kernel::decode_utf8_avx512(bytes, text.size(), units);
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::decode_utf8_neon(bytes, text.size(), units);
#endif
    default: return kernel::decode_utf8_scalar(bytes, text.size(), units);
  }
}

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
std::size_t encoded_size(std::span<const Character> text) {
  // Counters as wide as the elements, and parts short enough for them: the compiler makes vectors
  // of it.
  constexpr std::size_t kPart = sizeof(Character) == 1 ? 128 : 8192;
  std::size_t bytes = text.size();
  for (std::size_t at = 0; at < text.size(); at += kPart) {
    const Character* part = text.data() + at;
    const std::size_t count = std::min(kPart, text.size() - at);
    Character more = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Character c = part[i];
      more = static_cast<Character>(more + (c >= 0x80 ? 1 : 0));
      if constexpr (sizeof(Character) > 1) {
        more = static_cast<Character>(more + (c >= 0x800 ? 1 : 0));
      }
      if constexpr (sizeof(Character) > 2) {
        more = static_cast<Character>(more + (c >= 0x10000 ? 1 : 0));
      }
    }
    bytes += more;
  }
  return bytes;
}

template std::size_t encoded_size(std::span<const std::uint8_t>);
template std::size_t encoded_size(std::span<const std::uint16_t>);
template std::size_t encoded_size(std::span<const std::uint32_t>);

}  // namespace wirecopy::utf8
