#include "wirecopy/text/patterns.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/byte_set.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/segment_tables.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

bool is_letter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_handle_char(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_local_char(char c) {
  return is_handle_char(c) || c == '.' || c == '%' || c == '+' || c == '-';
}
bool is_domain_char(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

// A letter, mark, number or "_".
bool is_word(char32_t c) { return c == '_' || unicode::record(c).has(unicode::kWord); }

bool word_before(std::string_view text, std::size_t at) {
  return at > 0 && is_word(utf8::decode_valid(text, previous_char(text, at)).code_point);
}
bool word_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_word(utf8::decode_valid(text, at).code_point);
}

// Whether the text has `word` (in lower case) right before `end`.
bool ends_with_ignoring_case(std::string_view text, std::size_t end, std::string_view word) {
  if (end < word.size()) return false;
  return std::equal(
      word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(end - word.size()),
      [](char a, char b) { return a == (is_letter(b) ? static_cast<char>(b | 0x20) : b); });
}

// Where a URL begins whose "://" or "www." has its first such mark at `mark`, or `mark`.
std::size_t url_begin(std::string_view text, std::size_t mark) {
  if (text[mark] == '.') {
    return ends_with_ignoring_case(text, mark, "www") && !word_before(text, mark - 3) ? mark - 3
                                                                                      : mark;
  }
  if (text.substr(mark, 3) != "://") return mark;
  for (const std::string_view scheme : {"https", "http", "ftp"}) {
    if (ends_with_ignoring_case(text, mark, scheme) && !word_before(text, mark - scheme.size())) {
      return mark - scheme.size();
    }
  }
  return mark;
}

std::size_t url_end(std::string_view text, std::size_t at) {
  constexpr std::u32string_view kStops = U"<>\"\u00AB\u00BB\u201C\u201D\u201E";
  constexpr std::u32string_view kTrailing = U".,;:!?'*\u2026\u2018\u2019\u3001\u3002\uFF0C";
  bool round = false;
  bool square = false;
  std::size_t end = at;
  while (end < text.size()) {
    const utf8::Decoded d = utf8::decode_valid(text, end);
    if (d.code_point <= 0x20 || is_space(d.code_point) ||
        kStops.find(d.code_point) != std::u32string_view::npos) {
      break;
    }
    round |= d.code_point == '(';
    square |= d.code_point == '[';
    end += d.length;
  }
  while (end > at) {
    const std::size_t last = previous_char(text, end);
    const char32_t c = utf8::decode_valid(text, last).code_point;
    const bool closes = (c == ')' && !round) || (c == ']' && !square);
    if (!closes && kTrailing.find(c) == std::u32string_view::npos) break;
    end = last;
  }
  return end;
}

bool is_decimal(char32_t c) {
  return unicode::Breaks(c).word() == unicode::WordBreak::kNumeric &&
         unicode::record(c).has(unicode::kWord) && !unicode::record(c).has(unicode::kLetter);
}

}  // namespace

bool replace_urls(std::string_view text, std::string_view with, ByteBuffer& out,
                  std::vector<Edit>* edits) {
  static const ByteSet marks(":.");
  Rewriter rewriter(text, out, edits);
  for (std::size_t at = 0; (at = marks.find(text, at)) < text.size();) {
    const std::size_t begin = url_begin(text, at);
    const std::size_t mark = at;
    const std::size_t after = mark + (text[mark] == ':' ? 3 : 1);
    ++at;
    if (begin == mark || begin < rewriter.done()) continue;
    const std::size_t end = url_end(text, after);
    at = std::max(at, end);
    if (end > after) rewriter.replace(begin, end, with);
  }
  return rewriter.finish();
}

bool replace_emails(std::string_view text, std::string_view with, ByteBuffer& out,
                    std::vector<Edit>* edits) {
  constexpr std::size_t kLongestLocal = 64;
  constexpr std::size_t kLongestDomain = 255;
  Rewriter rewriter(text, out, edits);
  for (std::size_t at = 0; (at = text.find('@', at)) != std::string_view::npos; ++at) {
    const std::size_t least =
        std::max(rewriter.done(), at > kLongestLocal ? at - kLongestLocal : std::size_t{0});
    std::size_t begin = at;
    while (begin > least && is_local_char(text[begin - 1])) --begin;
    while (begin < at && !is_handle_char(text[begin])) ++begin;
    if (begin == at || text[at - 1] == '.' || word_before(text, begin)) continue;
    const std::size_t most = std::min(text.size(), at + 1 + kLongestDomain);
    std::size_t label = at + 1;
    std::size_t end = at;  // of the last label that may be the last
    for (;;) {
      std::size_t next = label;
      bool letters = true;
      for (; next < most && is_domain_char(text[next]); ++next) letters &= is_letter(text[next]);
      if (next == label) break;
      if (letters && next - label >= 2 && label > at + 1 && !word_at(text, next)) end = next;
      if (next == most || text[next] != '.') break;
      label = next + 1;
    }
    if (end > at) {
      rewriter.replace(begin, end, with);
      at = end - 1;
    }
  }
  return rewriter.finish();
}

bool replace_handles(std::string_view text, std::string_view with, ByteBuffer& out,
                     std::vector<Edit>* edits) {
  constexpr std::size_t kLongest = 30;
  Rewriter rewriter(text, out, edits);
  for (std::size_t at = 0; (at = text.find('@', at)) != std::string_view::npos; ++at) {
    if (word_before(text, at) || (at > 0 && text[at - 1] == '@')) continue;
    std::size_t end = at + 1;
    while (end < text.size() && end - at <= kLongest && is_handle_char(text[end])) ++end;
    if (end == at + 1 || word_at(text, end) || (end < text.size() && text[end] == '@')) continue;
    rewriter.replace(at, end, with);
    at = end - 1;
  }
  return rewriter.finish();
}

bool replace_numbers(std::string_view text, std::string_view with, ByteBuffer& out,
                     std::vector<Edit>* edits) {
  static const ByteSet digits = [] {
    ByteSet leads;
    for (char32_t c = 0; c < 0x110000; ++c) {
      if (c - 0xD800 >= 0x800 && is_decimal(c)) leads.add_lead(c);
    }
    return leads;
  }();
  Rewriter rewriter(text, out, edits);
  for (std::size_t at = 0; (at = digits.find(text, at)) < text.size();) {
    const std::size_t begin = at;
    utf8::Decoded d = utf8::decode_valid(text, at);
    if (!is_decimal(d.code_point)) {
      at += d.length;
      continue;
    }
    std::size_t end = at;  // after the last digit
    while (at < text.size()) {
      d = utf8::decode_valid(text, at);
      if (is_decimal(d.code_point)) {
        end = at += d.length;
      } else if ((text[at] == '.' || text[at] == ',') && at == end) {
        ++at;
      } else {
        break;
      }
    }
    at = end;
    if (!word_before(text, begin) && !word_at(text, end)) rewriter.replace(begin, end, with);
  }
  return rewriter.finish();
}

}  // namespace wirecopy
