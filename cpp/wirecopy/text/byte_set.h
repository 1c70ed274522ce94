// A set of bytes, and finding the next of them in a text (byte_set_kernel.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wirecopy/text/byte_set_kernel.h"

namespace wirecopy {

class ByteSet {
 public:
  ByteSet();
  explicit ByteSet(std::string_view bytes);

  void add(std::uint8_t byte) {
    rows_.rows[byte >> 7][byte & 15u] |= static_cast<std::uint8_t>(1u << (byte >> 4 & 7u));
  }
  // The first byte of the UTF-8 of `c`.
  void add_lead(char32_t c) {
    add(static_cast<std::uint8_t>(c < 0x80      ? c
                                  : c < 0x800   ? 0xC0u | c >> 6
                                  : c < 0x10000 ? 0xE0u | c >> 12
                                                : 0xF0u | c >> 18));
  }
  bool has(std::uint8_t byte) const {
    return (rows_.rows[byte >> 7][byte & 15u] >> (byte >> 4 & 7u) & 1u) != 0;
  }
  // The position >= at, at most text.size(), of the first byte that is in the set, or the text's
  // size.
  std::size_t find(std::string_view text, std::size_t at) const {
    // In scripts other than Latin, the next one is often right here or after a space.
    for (int i = 0; i < 3; ++i, ++at) {
      if (at == text.size() || has(static_cast<std::uint8_t>(text[at]))) return at;
    }
    return find_(reinterpret_cast<const unsigned char*>(text.data()), at, text.size(), &rows_);
  }

 private:
  kernel::ByteRows rows_{};
  kernel::FindByte find_;
};

// The kernel of the CPU path in use.
kernel::LowerSimple lower_simple();

}  // namespace wirecopy
