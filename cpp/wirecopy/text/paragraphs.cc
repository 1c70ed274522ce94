#include "wirecopy/text/paragraphs.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 64;

bool is_line_break(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

// As str.isspace() has it; every line break is one.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// Neither white space nor anything else to look at: most of any text.
bool is_plain(char32_t c) { return c - 0x21 < 0x85 - 0x21; }

// A place in a text, in stored elements and in code points.
struct Place {
  std::size_t element = 0;
  std::size_t code_point = 0;
};

// A line without the white space at its ends, and not blank.
struct Line {
  Place begin;
  Place end;
  bool after_blank;  // there are blank lines between it and the line before
};

// Gives the characters of a text one by one.
class Utf8Source {
 public:
  explicit Utf8Source(const StoredText& text) : text_(text.as_bytes()) {}
  bool at_end() const { return place_.element == text_.size(); }
  const Place& place() const { return place_; }
  bool surrogate() const { return false; }

  char32_t next() {
    const utf8::Decoded d = utf8::decode(text_, place_.element);
    place_.element += d.length;
    ++place_.code_point;
    return d.code_point;
  }

 private:
  std::string_view text_;
  Place place_;
};

template <typename Character>
class WideSource {
 public:
  explicit WideSource(const StoredText& text)
      : text_(static_cast<const Character*>(text.data)),
        size_(static_cast<std::size_t>(text.length)) {}
  bool at_end() const { return at_ == size_; }
  Place place() const { return {at_, at_}; }
  bool surrogate() const { return surrogate_; }

  char32_t next() {
    const char32_t c = text_[at_++];
    if constexpr (sizeof(Character) > 1) surrogate_ |= c - 0xD800 < 0x800;
    return c;
  }

 private:
  const Character* text_;
  std::size_t size_;
  std::size_t at_ = 0;
  bool surrogate_ = false;
};

// The lines that are not blank. False where the text holds a lone surrogate.
template <typename Source>
bool read_lines(Source source, std::vector<Line>& lines) {
  lines.clear();
  Line line{};
  bool blank = true;
  std::size_t breaks = 0;  // since the last line that was not blank; \r\n counts once
  char32_t before = 0;
  while (!source.at_end()) {
    const Place here = source.place();
    const char32_t c = source.next();
    if (is_plain(c) || !is_space(c)) {
      if (blank) line = {here, {}, breaks > 1};
      blank = false;
      line.end = source.place();
    } else if (is_line_break(c)) {
      if (!blank) {
        lines.push_back(line);
        blank = true;
        breaks = 0;
      }
      if (c != '\n' || before != '\r') ++breaks;
    }
    before = c;
  }
  if (!blank) lines.push_back(line);
  // Before the first there is nothing to separate.
  if (!lines.empty()) lines.front().after_blank = false;
  return !source.surrogate();
}

bool read_lines(const StoredText& text, std::vector<Line>& lines) {
  switch (text.storage) {
    case Storage::kUtf8: return read_lines(Utf8Source(text), lines);
    case Storage::kLatin1: return read_lines(WideSource<std::uint8_t>(text), lines);
    case Storage::kUcs2: return read_lines(WideSource<std::uint16_t>(text), lines);
    case Storage::kUcs4: return read_lines(WideSource<std::uint32_t>(text), lines);
  }
  return true;
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
