#include "wirecopy/text/mojibake.h"

#include <algorithm>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/byte_set.h"
#include "wirecopy/text/char_class.h"

namespace wirecopy {
namespace {

constexpr std::size_t kCodePoints = 0x110000;

bool bit(const SequenceDetector::Bits& bits, std::size_t i) {
  return (bits[i / 64] >> (i % 64) & 1u) != 0;
}

const ByteSet& not_ascii() {
  static const ByteSet high = [] {
    ByteSet set;
    for (unsigned byte = 0x80; byte < 0x100; ++byte) set.add(static_cast<std::uint8_t>(byte));
    return set;
  }();
  return high;
}

}  // namespace

SequenceDetector::SequenceDetector(std::vector<std::uint8_t> class_of, std::vector<Bits> classes,
                                   const Bits& first, const Bits& anchored, const Bits& last)
    : class_of_(std::move(class_of)),
      classes_(std::move(classes)),
      first_(first),
      anchored_(anchored),
      last_(last) {
  if (class_of_.size() != kCodePoints) {
    throw InputError("class_of",
                     std::to_string(class_of_.size()) + " classes for 1,114,112 code points");
  }
  if (classes_.empty() || *std::ranges::max_element(class_of_) >= classes_.size()) {
    throw InputError("classes", "a code point has a class that is not there");
  }
  for (std::size_t w = 0; w < kWords; ++w) not_last_[w] = ~last_[w];
  std::size_t length = 0;
  for (std::size_t i = 0; i < kMostPlaces; ++i) {
    length = bit(first_, i) || bit(anchored_, i) ? 1 : length + 1;
    if (!bit(last_, i)) continue;
    longest_ = std::max(longest_, length);
    words_ = i / 64 + 1;
  }
}

bool SequenceDetector::matches(std::string_view text) const {
  std::size_t done = 0;
  for (std::size_t at = 0; (at = not_ascii().find(text, at)) < text.size();) {
    const std::size_t other = at;
    // What stands before it may be part of a match.
    for (std::size_t i = 0; i < longest_ && at > done; ++i) at = previous_char(text, at);
    Bits state{};
    std::size_t ascii = 0;  // characters since the last other one
    while (at < text.size()) {
      const utf8::Decoded d = utf8::decode_valid(text, at);
      const Bits& allowed = classes_[class_of_[d.code_point]];
      std::uint64_t carry = 0;
      std::uint64_t found = 0;
      std::uint64_t alive = 0;
      for (std::size_t w = 0; w < words_; ++w) {
        const std::uint64_t goes_on = state[w] & not_last_[w];
        std::uint64_t next = goes_on << 1 | carry | first_[w];
        carry = goes_on >> 63;
        if (at == 0) next |= anchored_[w];
        state[w] = next & allowed[w];
        alive |= state[w];
        found |= state[w] & last_[w];
      }
      if (found != 0) return true;
      at += d.length;
      ascii = d.code_point < 0x80 ? ascii + 1 : 0;
      // Only what begins anew could match now.
      if (at > other && (ascii >= longest_ || (ascii > 0 && alive == 0))) break;
    }
    done = at;
  }
  return false;
}

}  // namespace wirecopy
