#include "wirecopy/match/digits.h"

#include <algorithm>
#include <iterator>

namespace wirecopy {
namespace {

// The zeros of the scripts with decimal digits (Unicode 14, general category Nd), those that
// NFKC_Casefold makes ASCII left out. The nine others follow each.
constexpr char32_t kZeros[] = {
    0x30,    0x660,   0x6F0,   0x7C0,   0x966,   0x9E6,   0xA66,   0xAE6,   0xB66,   0xBE6,
    0xC66,   0xCE6,   0xD66,   0xDE6,   0xE50,   0xED0,   0xF20,   0x1040,  0x1090,  0x17E0,
    0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,
    0xA8D0,  0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E950};

// No digit is below the first of these but ASCII's, and none is between the other two.
constexpr char32_t kFirstBeyondAscii = 0x660;
constexpr char32_t kLastBeforeHan = 0x1C59;
constexpr char32_t kFirstAfterHan = 0xA620;

}  // namespace

int digit_value(char32_t c) {
  if (c < kFirstBeyondAscii) return c >= U'0' && c <= U'9' ? static_cast<int>(c - U'0') : -1;
  if (c > kLastBeforeHan && c < kFirstAfterHan) return -1;
  const auto* after = std::ranges::upper_bound(kZeros, c);
  const char32_t value = c - *(after - 1);
  return value <= 9 ? static_cast<int>(value) : -1;
}

}  // namespace wirecopy
