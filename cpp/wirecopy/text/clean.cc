#include "wirecopy/text/clean.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/segment_tables.h"

namespace wirecopy {
namespace {

using Rules = std::map<char32_t, std::string>;

void add(Rules& rules, std::u32string_view from, std::string_view to) {
  for (const char32_t c : from) rules.emplace(c, to);
}

void add_range(Rules& rules, char32_t first, char32_t last, std::string_view to) {
  for (char32_t c = first; c <= last; ++c) rules.emplace(c, to);
}

Rules rules_of(Step step) {
  Rules rules;
  switch (step) {
    case Step::kControls:
      // Line breaks are another step's.
      for (char32_t c = 0; c < 0xA0; ++c) {
        if ((c < 0x20 || c >= 0x7F) && c != '\t' && !is_line_break(c)) rules.emplace(c, "");
      }
      break;
    case Step::kSoftHyphens: add(rules, U"\u00AD", ""); break;
    case Step::kZeroWidth:
      add(rules, U"\u180E\u200B\u2060\u2061\u2062\u2063\u2064\uFEFF", "");
      break;
    case Step::kJoiners: add(rules, U"\u034F\u200C\u200D", ""); break;
    case Step::kBidi:
      add(rules, U"\u061C\u200E\u200F", "");
      add_range(rules, 0x202A, 0x202E, "");
      add_range(rules, 0x2066, 0x206F, "");
      break;
    case Step::kLineBreaks: add(rules, U"\r\v\f\x1C\x1D\x1E\u0085\u2028\u2029", "\n"); break;
    case Step::kSpaces:
      add(rules, U"\t\u00A0\u1680\u202F\u205F\u3000", " ");
      add_range(rules, 0x2000, 0x200A, " ");
      break;
    case Step::kQuotes:
      add(rules, U"\u00AB\u00BB\u201C\u201D\u201E\u201F\u275D\u275E\u2E42\u301D\u301E\u301F\uFF02",
          "\"");
      add(rules, U"\u2018\u201A\u201B\u2039\u203A\u275B\u275C", "'");
      break;
    case Step::kApostrophes: add(rules, U"\u00B4\u02BC\u2019\uA78C\uFF07", "'"); break;
    case Step::kDashes:
      add(rules, U"\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2E3A\u2E3B\uFE58\uFE63\uFF0D", "-");
      break;
    case Step::kEllipses:
      add(rules, U"\u2026\uFE19", "...");
      add(rules, U"\u2025", "..");
      break;
    case Step::kLigatures:
      add(rules, U"\uFB00", "ff");
      add(rules, U"\uFB01", "fi");
      add(rules, U"\uFB02", "fl");
      add(rules, U"\uFB03", "ffi");
      add(rules, U"\uFB04", "ffl");
      add(rules, U"\uFB05", "\xC5\xBFt");
      add(rules, U"\uFB06", "st");
      add(rules, U"\u0132", "IJ");
      add(rules, U"\u0133", "ij");
      break;
    default: break;
  }
  return rules;
}

std::string apply_rules(const Rules& rules, const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const auto rule = rules.find(d.code_point);
    out += rule == rules.end() ? text.substr(at, d.length) : rule->second;
    at += d.length;
  }
  return out;
}

constexpr std::size_t hash_slot(char32_t c, std::size_t slots) {
  return c * 0x9E3779B1u >> 22 & (slots - 1);
}

bool is_tail(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0u) == 0x80u;
}

// A surrogate written as three bytes at `at`, or nothing.
std::optional<char32_t> surrogate_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
  if (at + 3 > text.size() || byte(0) != 0xED || byte(1) < 0xA0 || !is_tail(text, at + 1) ||
      !is_tail(text, at + 2)) {
    return std::nullopt;
  }
  return 0xD000u | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
}

// Bytes of the longest piece at `at` that could have begun a character.
std::size_t broken_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<std::uint8_t>(text[at]);
  if (lead < 0xC2 || lead > 0xF4 || !is_tail(text, at + 1)) return 1;
  const auto second = static_cast<std::uint8_t>(text[at + 1]);
  const bool wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90);
  if (lead < 0xE0 || wrong) return 1;
  return lead >= 0xF0 && is_tail(text, at + 2) ? 3 : 2;
}

// The first place >= at where two spaces stand side by side, or the text's size.
std::size_t find_double_space(std::string_view text, std::size_t at) {
  constexpr std::size_t kBlock = 64;
  for (; text.size() - at > kBlock; at += kBlock) {
    const char* block = text.data() + at;
    unsigned char any = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      any = static_cast<unsigned char>(any | ((block[i] == ' ') & (block[i + 1] == ' ')));
    }
    if (any != 0) break;
  }
  for (; at + 1 < text.size(); ++at) {
    if (text[at] == ' ' && text[at + 1] == ' ') return at;
  }
  return text.size();
}

}  // namespace

bool repair_utf8(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits) {
  Rewriter rewriter(text, out, edits);
  if (utf8::is_valid(text)) return rewriter.finish();
  std::string written;
  for (std::size_t at = 0; at < text.size();) {
    at += utf8::valid_prefix(text.substr(at));
    if (at == text.size()) break;
    written.clear();
    std::size_t length = 0;
    if (const auto first = surrogate_at(text, at)) {
      length = 3;
      const auto second = surrogate_at(text, at + 3);
      if (*first < 0xDC00 && second && *second >= 0xDC00) {
        length = 6;
        utf8::append(written, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
      }
    } else {
      length = broken_length(text, at);
    }
    if (written.empty()) utf8::append(written, utf8::kReplacement);
    rewriter.replace(at, at + length, written);
    at += length;
  }
  return rewriter.finish();
}

CharMap::CharMap(const std::vector<Step>& steps) {
  ascii_.fill(-1);
  std::vector<Rules> rules;
  for (const Step step : steps) {
    rules.push_back(rules_of(step));
    joins_crlf_ |= step == Step::kLineBreaks;
  }
  Rules all;
  for (const Rules& first : rules) {
    for (const auto& [from, to] : first) {
      std::string text;
      utf8::append(text, from);
      for (const Rules& r : rules) text = apply_rules(r, text);
      all.emplace(from, text);
    }
  }
  for (const auto& [from, to] : all) {
    stops_.add_lead(from);
    const auto number = static_cast<std::uint32_t>(texts_.size());
    texts_.push_back(to);
    if (from < 0x80) {
      ascii_[from] = static_cast<std::int16_t>(number);
      continue;
    }
    std::size_t slot = hash_slot(from, kSlots);
    while (slots_[slot].from != 0) slot = (slot + 1) % kSlots;
    slots_[slot] = {from, number};
  }
}

const std::string* CharMap::find(char32_t c) const {
  if (c < 0x80) return ascii_[c] < 0 ? nullptr : &texts_[static_cast<std::size_t>(ascii_[c])];
  for (std::size_t slot = hash_slot(c, kSlots); slots_[slot].from != 0;
       slot = (slot + 1) % kSlots) {
    if (slots_[slot].from == c) return &texts_[slots_[slot].to];
  }
  return nullptr;
}

bool CharMap::apply(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits) const {
  Rewriter rewriter(text, out, edits);
  for (std::size_t at = 0; (at = stops_.find(text, at)) < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    std::size_t end = at + d.length;
    if (joins_crlf_ && d.code_point == '\r' && end < text.size() && text[end] == '\n') ++end;
    if (const std::string* to = find(d.code_point)) rewriter.replace(at, end, *to);
    at = end;
  }
  return rewriter.finish();
}

bool join_line_hyphens(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits) {
  using unicode::SentenceBreak;
  static const ByteSet leads("-\xC2\xE2");  // hyphen-minus, soft hyphen, hyphen
  Rewriter rewriter(text, out, edits);
  for (std::size_t at = 0; (at = leads.find(text, at)) < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const std::size_t begin = at;
    at += d.length;
    if (d.code_point != '-' && d.code_point != 0xAD && d.code_point != 0x2010) continue;
    if (begin == 0 || begin <= rewriter.done()) continue;
    const SentenceBreak before =
        unicode::Breaks(utf8::decode_valid(text, previous_char(text, begin)).code_point).sentence();
    if (before != SentenceBreak::kLower && before != SentenceBreak::kUpper &&
        before != SentenceBreak::kOLetter) {
      continue;
    }
    int breaks = 0;
    std::size_t end = at;
    while (end < text.size()) {
      const utf8::Decoded next = utf8::decode_valid(text, end);
      if (!is_space(next.code_point)) break;
      const bool crlf = next.code_point == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
      breaks += is_line_break(next.code_point) ? 1 : 0;
      end += crlf ? 2 : next.length;
    }
    at = end;
    if (breaks != 1 || end == text.size()) continue;
    if (unicode::Breaks(utf8::decode_valid(text, end).code_point).sentence() ==
        SentenceBreak::kLower) {
      rewriter.replace(begin, end, "");
    }
  }
  return rewriter.finish();
}

bool collapse_whitespace(std::string_view text, Lines lines, ByteBuffer& out,
                         std::vector<Edit>* edits) {
  // White space but " ", which is looked for only where two stand side by side or at the ends.
  static const ByteSet leads("\t\n\v\f\r\x1C\x1D\x1E\x1F\xC2\xE1\xE2\xE3");
  Rewriter rewriter(text, out, edits);
  std::size_t at = 0;
  std::size_t other = 0;
  std::size_t pair = 0;
  bool other_known = false;
  bool pair_known = false;
  while (at < text.size()) {
    if (!other_known || other < at) other = leads.find(text, at), other_known = true;
    if (!pair_known || pair < at) pair = find_double_space(text, at), pair_known = true;
    std::size_t found = std::min(other, pair);
    if (at == 0 && text[0] == ' ') found = 0;
    if (found == text.size()) {
      if (text.back() != ' ') break;
      found = text.size() - 1;
    }
    const utf8::Decoded first = utf8::decode_valid(text, found);
    if (!is_space(first.code_point)) {
      at = found + first.length;
      continue;
    }
    std::size_t begin = found;
    while (begin > at && text[begin - 1] == ' ') --begin;
    int breaks = 0;
    std::size_t end = begin;
    while (end < text.size()) {
      const utf8::Decoded d = utf8::decode_valid(text, end);
      if (!is_space(d.code_point)) break;
      const bool crlf = d.code_point == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
      breaks += is_line_break(d.code_point) ? 1 : 0;
      end += crlf ? 2 : d.length;
    }
    std::string_view with = " ";
    if (lines == Lines::kKeep && breaks > 0) with = breaks > 1 ? "\n\n" : "\n";
    if (begin == 0 || end == text.size()) with = "";
    if (with != text.substr(begin, end - begin)) rewriter.replace(begin, end, with);
    at = end;
  }
  return rewriter.finish();
}

}  // namespace wirecopy
