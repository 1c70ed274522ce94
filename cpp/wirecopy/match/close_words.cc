#include "wirecopy/match/close_words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

constexpr std::size_t kLongest = 48;

struct Letters {
  std::array<char32_t, kLongest> at;
  std::size_t count = 0;
  std::uint64_t bag = 0;  // which letters, by their last six bits
  bool digit = false;

  explicit Letters(std::string_view word) {
    for (std::size_t i = 0; i < word.size();) {
      const auto byte = static_cast<std::uint8_t>(word[i]);
      utf8::Decoded d{byte, 1};
      if (byte >= 0x80) d = utf8::decode(word, i);
      digit |= d.code_point >= U'0' && d.code_point <= U'9';
      bag |= std::uint64_t{1} << (d.code_point & 63u);
      at[count++] = d.code_point;
      i += d.length;
    }
  }
};

// Whether so many edits may be enough: each gives and takes one kind of letter at most.
bool may_be_within(const Letters& a, const Letters& b, int limit) {
  return std::popcount(a.bag & ~b.bag) <= limit && std::popcount(b.bag & ~a.bag) <= limit;
}

// Whether the Levenshtein distance is at most `limit`: only cells that near the diagonal count
// (Ukkonen 1985).
bool within(const Letters& a, const Letters& b, int limit) {
  const int n = static_cast<int>(a.count);
  const int m = static_cast<int>(b.count);
  if (std::abs(n - m) > limit) return false;
  std::array<int, kLongest + 1> row{};
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

}  // namespace

bool close_words(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  // A character has at most four bytes: with so many more, there are more edits than any word may
  // have.
  if (a.size() > kLongest || a.size() - b.size() > 12 || a.size() < 3) return false;
  const Letters one(a);
  const Letters other(b);
  if (one.digit && other.digit) return false;
  const int limit = close_edits(std::max(one.count, other.count));
  return limit > 0 && may_be_within(one, other, limit) && within(one, other, limit);
}

}  // namespace wirecopy
