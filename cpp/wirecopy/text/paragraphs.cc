#include "wirecopy/text/paragraphs.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/char_class.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 64;

// A place in a text, in stored elements and in code points.
struct Place {
  std::size_t element;
  std::size_t code_point;
};

// A line without the white space at its ends, and not blank.
struct Line {
  Place begin;
  Place end;
  bool after_blank;  // there are blank lines between it and the line before
};

// What read_lines needs of a text. may_break(element): whether a line break, or a surrogate, may
// start there; simple enough for the compiler to make vectors of.
class Utf8Text {
 public:
  explicit Utf8Text(const StoredText& text) : text_(text.as_bytes()) {}

  std::size_t size() const { return text_.size(); }
  std::uint8_t operator[](std::size_t at) const { return static_cast<std::uint8_t>(text_[at]); }
  static bool may_break(std::uint8_t byte) {
    return (static_cast<std::uint8_t>(byte - 0x0A) < 0x15) | (byte == 0xC2) | (byte == 0xE2);
  }
  utf8::Decoded decode(std::size_t at) const { return utf8::decode(text_, at); }
  // Where the character that ends before `end` begins.
  std::size_t previous(std::size_t end) const {
    --end;
    while (end > 0 && (static_cast<std::uint8_t>(text_[end]) & 0xC0u) == 0x80u) --end;
    return end;
  }
  Place advance(Place from, std::size_t to) const {
    std::size_t code_points = 0;
    for (const char c : text_.substr(from.element, to - from.element)) {
      code_points += (static_cast<std::uint8_t>(c) & 0xC0u) != 0x80u;
    }
    return {to, from.code_point + code_points};
  }

 private:
  std::string_view text_;
};

template <typename Character>
class WideText {
 public:
  explicit WideText(const StoredText& text)
      : text_(static_cast<const Character*>(text.data)),
        size_(static_cast<std::size_t>(text.length)) {}

  std::size_t size() const { return size_; }
  Character operator[](std::size_t at) const { return text_[at]; }
  static bool may_break(Character c) {
    const bool narrow = (static_cast<Character>(c - 0x0A) < 0x15) | (c == 0x85);
    if constexpr (sizeof(Character) == 1) {
      return narrow;
    } else {
      return narrow | (c == 0x2028) | (c == 0x2029) | (static_cast<Character>(c - 0xD800) < 0x800);
    }
  }
  utf8::Decoded decode(std::size_t at) const { return {text_[at], 1}; }
  static std::size_t previous(std::size_t end) { return end - 1; }
  static Place advance(Place, std::size_t to) { return {to, to}; }

 private:
  const Character* text_;
  std::size_t size_;
};

template <typename Text>
std::size_t find_break(const Text& text, std::size_t at) {
  constexpr std::size_t kBlock = 64;
  for (; text.size() - at >= kBlock; at += kBlock) {
    auto any = decltype(text[0]){0};
    for (std::size_t i = 0; i < kBlock; ++i) {
      any = static_cast<decltype(any)>(any | (Text::may_break(text[at + i]) ? 1 : 0));
    }
    if (any != 0) break;
  }
  while (at < text.size() && !Text::may_break(text[at])) ++at;
  return at;
}

// The lines that are not blank. False where the text holds a lone surrogate.
template <typename Text>
bool read_lines(const Text& text, std::vector<Line>& lines) {
  lines.clear();
  Place read{0, 0};
  std::size_t breaks = 0;  // since the last line that was not blank
  std::size_t line_begin = 0;
  for (std::size_t at = 0;;) {
    at = find_break(text, at);
    utf8::Decoded c{0, 0};
    if (at < text.size()) {
      c = text.decode(at);
      if (c.code_point - 0xD800 < 0x800) return false;
      if (!is_line_break(c.code_point)) {
        at += c.length;
        continue;
      }
    }
    std::size_t begin = line_begin;
    std::size_t end = at;
    while (begin < end) {
      const utf8::Decoded first = text.decode(begin);
      if (!is_space(first.code_point)) break;
      begin += first.length;
    }
    while (begin < end) {
      const std::size_t last = text.previous(end);
      if (!is_space(text.decode(last).code_point)) break;
      end = last;
    }
    if (begin < end) {
      const Place from = text.advance(read, begin);
      read = text.advance(from, end);
      lines.push_back({from, read, breaks > 1 && !lines.empty()});
      breaks = 0;
    }
    if (at == text.size()) return true;
    ++breaks;
    at += c.length;
    if (c.code_point == '\r' && at < text.size() && text[at] == '\n') ++at;
    line_begin = at;
  }
}

bool read_lines(const StoredText& text, std::vector<Line>& lines) {
  switch (text.storage) {
    case Storage::kLatin1: return read_lines(WideText<std::uint8_t>(text), lines);
    case Storage::kUcs2: return read_lines(WideText<std::uint16_t>(text), lines);
    case Storage::kUcs4: return read_lines(WideText<std::uint32_t>(text), lines);
    default: return read_lines(Utf8Text(text), lines);
  }
}

struct Paragraph {
  StoredText text;
  std::int64_t row;
  std::int64_t start;
  std::int64_t end;
};

void append_paragraphs(const StoredText& text, std::size_t row, const std::vector<Line>& lines,
                       std::vector<Paragraph>& out) {
  const bool by_blank = std::ranges::any_of(lines, &Line::after_blank);
  for (std::size_t first = 0; first < lines.size();) {
    std::size_t next = first + 1;
    while (by_blank && next < lines.size() && !lines[next].after_blank) ++next;
    const Place begin = lines[first].begin;
    const Place end = lines[next - 1].end;
    const char* const at =
        static_cast<const char*>(text.data) + begin.element * width(text.storage);
    out.push_back({StoredText(at, end.element - begin.element, text.storage),
                   static_cast<std::int64_t>(row), static_cast<std::int64_t>(begin.code_point),
                   static_cast<std::int64_t>(end.code_point)});
    first = next;
  }
}

}  // namespace

Paragraphs split_paragraphs(const TextColumn& texts, const Run& run) {
  const std::size_t pieces = (texts.size() + kTextsAtATime - 1) / kTextsAtATime;
  std::vector<std::vector<Paragraph>> found(pieces);
  run.begin("splitting", texts.total_bytes());
  parallel_for(run, texts.size(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    std::vector<Line> lines;
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      if (!read_lines(texts.stored(row), lines)) texts.fail_surrogate();
      append_paragraphs(texts.stored(row), row, lines, found[begin / kTextsAtATime]);
      run.advance(texts.stored_bytes(row));
    }
  });

  std::size_t count = 0;
  for (const auto& piece : found) count += piece.size();
  // Part of a wide text may be ASCII only, so this column is not declared canonical.
  Paragraphs result;
  result.texts = TextColumn("paragraphs");
  result.texts.keep_alive_with(texts);
  result.texts.reserve(count);
  result.row.reserve(count);
  result.start.reserve(count);
  result.end.reserve(count);
  for (auto& piece : found) {
    run.check();
    for (const Paragraph& paragraph : piece) {
      result.texts.push_back(paragraph.text);
      result.row.push_back(paragraph.row);
      result.start.push_back(paragraph.start);
      result.end.push_back(paragraph.end);
    }
    piece = {};
  }
  return result;
}

}  // namespace wirecopy
