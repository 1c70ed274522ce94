#include "wirecopy/match/close_words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wirecopy/base/utf8.h"
#include "wirecopy/match/digits.h"

namespace wirecopy {
namespace {

constexpr std::size_t kLongest = 48;
constexpr std::size_t kLongestStretch = 128;

// Of a word or stretch; its first `kMost` code points, and how many it has.
template <std::size_t kMost>
struct LettersUpTo {
  std::array<char32_t, kMost> at;
  std::size_t count = 0;

  explicit LettersUpTo(std::string_view word) {
    for (std::size_t i = 0; i < word.size() && count < kMost;) {
      const auto byte = static_cast<std::uint8_t>(word[i]);
      utf8::Decoded d{byte, 1};
      if (byte >= 0x80) d = utf8::decode(word, i);
      at[count++] = d.code_point;
      i += d.length;
    }
  }
};

using Letters = LettersUpTo<kLongest>;
using StretchLetters = LettersUpTo<kLongestStretch + 1>;

// Whether the Levenshtein distance is at most `limit`: only cells that near the diagonal count
// (Ukkonen 1985).
template <std::size_t kMost>
bool within(const LettersUpTo<kMost>& a, const LettersUpTo<kMost>& b, int limit) {
  const int n = static_cast<int>(a.count);
  const int m = static_cast<int>(b.count);
  if (std::abs(n - m) > limit) return false;
  std::array<int, kMost + 1> row{};
  for (int j = 0; j <= m; ++j) row[static_cast<std::size_t>(j)] = j;
  for (int i = 1; i <= n; ++i) {
    const int begin = std::max(1, i - limit);
    const int end = std::min(m, i + limit);
    int above_left = row[static_cast<std::size_t>(begin - 1)];
    row[static_cast<std::size_t>(begin - 1)] = begin == 1 ? i : limit + 1;
    int best = limit + 1;
    for (int j = begin; j <= end; ++j) {
      const auto at = static_cast<std::size_t>(j);
      // The cell above the band's right edge was never written for this row.
      const int above = j == i + limit ? limit + 1 : row[at];
      const int same = a.at[static_cast<std::size_t>(i - 1)] == b.at[at - 1] ? 0 : 1;
      const int value = std::min({above_left + same, above + 1, row[at - 1] + 1});
      above_left = row[at];
      row[at] = value;
      best = std::min(best, value);
    }
    if (best > limit) return false;
  }
  return row[static_cast<std::size_t>(m)] <= limit;
}

std::string digits_of(const StretchLetters& letters) {
  std::string digits;
  for (std::size_t i = 0; i < letters.count; ++i) {
    const int value = digit_value(letters.at[i]);
    if (value >= 0) digits.push_back(static_cast<char>('0' + value));
  }
  return digits;
}

}  // namespace

WordShape::WordShape(std::string_view word) {
  if (word.size() > kLongest) return;
  const auto add = [&](char32_t c) {
    digit |= digit_value(c) >= 0;
    bag |= std::uint64_t{1} << (c & 63u);
  };
  std::uint8_t bits = 0;
  for (const char c : word) bits |= static_cast<std::uint8_t>(c);
  if (bits < 0x80) {
    characters = static_cast<std::uint32_t>(word.size());
    for (const char c : word) add(static_cast<std::uint8_t>(c));
    return;
  }
  const Letters letters(word);
  characters = static_cast<std::uint32_t>(letters.count);
  for (std::size_t i = 0; i < letters.count; ++i) add(letters.at[i]);
}

bool close_words(std::string_view a, std::string_view b) {
  if (!may_be_close(WordShape(a), WordShape(b))) return false;
  const Letters one(a);
  const Letters other(b);
  return within(one, other, close_edits(std::max(one.count, other.count)));
}

bool misread(std::string_view a, std::string_view b) {
  const StretchLetters one(a);
  const StretchLetters other(b);
  const std::size_t longer = std::max(one.count, other.count);
  if (longer > kLongestStretch) return false;
  const std::string digits = digits_of(one);
  const std::string other_digits = digits_of(other);
  if (!digits.empty() && !other_digits.empty() && digits != other_digits) return false;
  // A script without spaces has words of one character.
  return within(one, other, longer == 1 ? 1 : static_cast<int>(2 * longer / 5));
}

}  // namespace wirecopy
