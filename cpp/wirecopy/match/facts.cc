#include "wirecopy/match/facts.h"

#include <algorithm>
#include <string>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/match/digits.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTitleBytes = 4;  // the longest title that a point does not end: "Prof"

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

std::string in_ascii_digits(std::string_view word) {
  std::string ascii;
  for (std::size_t at = 0; at < word.size();) {
    const utf8::Decoded c = utf8::decode(word, at);
    at += c.length;
    const int value = digit_value(c.code_point);
    if (value >= 0) {
      ascii.push_back(static_cast<char>('0' + value));
    } else {
      utf8::append(ascii, c.code_point);
    }
  }
  return ascii;
}

// Whether the first character is another one than that of the folded word. Arabic has no case, but
// spellings of one letter (words.h).
bool is_capitalized(std::string_view source, std::string_view folded) {
  const auto first = static_cast<unsigned char>(source[0]);
  if (first < 0x80) return first >= 'A' && first <= 'Z';
  const auto [code_point, length] = utf8::decode(source, 0);
  if (code_point >= 0x600 && code_point <= 0x6FF) return false;
  return source.substr(0, length) != folded.substr(0, length);
}

// Whether a sentence may go on over what stands between two words.
bool goes_on(std::string_view gap) {
  for (std::size_t i = 0; i < gap.size(); ++i) {
    if (std::string_view(" ,-'/&()").find(gap[i]) != std::string_view::npos) continue;
    // A no-break space, a right single quote, a no-break hyphen.
    bool joins = false;
    for (const std::string_view c : {"\xC2\xA0", "\xE2\x80\x99", "\xE2\x80\x91"}) {
      if (gap.substr(i).starts_with(c)) {
        i += c.size() - 1;
        joins = true;
        break;
      }
    }
    if (!joins) return false;
  }
  return true;
}

bool has_line_break(std::string_view gap) {
  if (gap.find_first_of("\n\r\v\f") != std::string_view::npos) return true;
  for (const std::string_view c : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (gap.find(c) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

void FactReader::read(std::string_view text, FactText& out) {
  scanner_.scan(text);
  const std::size_t n = scanner_.size();
  const std::uint64_t* const hashes = hasher_.hash(scanner_);
  out.words.assign(hashes, hashes + n);
  out.kinds.assign(n, WordKind::kPlain);
  out.numbers.clear();
  out.names.clear();
  out.letters.clear();
  out.ends.clear();
  bool on_first_line = true;
  out.headline = static_cast<std::uint32_t>(n);
  bool short_capitalized = false;  // the word before
  for (std::size_t i = 0; i < n; ++i) {
    const std::string_view word = scanner_[i];
    out.letters.append(word);
    out.ends.push_back(static_cast<std::uint32_t>(out.letters.size()));
    const Span32 at = scanner_.source(i);
    const std::string_view source = text.substr(at.begin, at.size());
    // Words made of one character ("½") have nothing between them.
    const std::size_t before = i == 0 ? 0 : std::min(scanner_.source(i - 1).end, at.begin);
    const std::string_view gap = text.substr(before, at.begin - before);
    if (on_first_line && i > 0 && has_line_break(gap)) {
      on_first_line = false;
      out.headline = static_cast<std::uint32_t>(i);
    }
    const bool after_title = short_capitalized;
    short_capitalized = false;
    if (is_ascii_digit(word[0])) {
      out.kinds[i] = WordKind::kNumber;
    } else if (static_cast<unsigned char>(word[0]) >= 0x80 &&
               digit_value(utf8::decode(word, 0).code_point) >= 0) {
      out.kinds[i] = WordKind::kNumber;
      out.words[i] = hash_bytes(in_ascii_digits(word));
    } else if (is_capitalized(source, word)) {
      short_capitalized = word.size() <= kTitleBytes;
      if (i > 0 &&
          (goes_on(gap) || (after_title && gap.starts_with('.') && goes_on(gap.substr(1))))) {
        out.kinds[i] = WordKind::kName;
      }
    }
    if (out.kinds[i] == WordKind::kNumber) out.numbers.push_back(out.words[i]);
    if (out.kinds[i] == WordKind::kName) out.names.push_back(out.words[i]);
  }
  std::ranges::sort(out.numbers);
  std::ranges::sort(out.names);
}

}  // namespace wirecopy
