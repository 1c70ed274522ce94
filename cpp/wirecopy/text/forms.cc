#include "wirecopy/text/forms.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/byte_set.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/compose.h"
#include "wirecopy/text/form_tables.h"

namespace wirecopy {
namespace {

struct Char {
  char32_t code_point;
  std::uint32_t combining;
};

constexpr std::uint32_t not_yes(Form form) { return 1u << (8 + static_cast<unsigned>(form)); }

constexpr bool composes(Form form) { return form == Form::kNfc || form == Form::kNfkc; }
constexpr bool is_compatible(Form form) { return form == Form::kNfkc || form == Form::kNfkd; }

bool is_continuation(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0u) == 0x80u; }

// First bytes of the characters that meet `wanted`.
template <typename Predicate>
ByteSet leads_of(const Predicate& wanted) {
  ByteSet leads;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c - 0xD800 >= 0x800 && wanted(c)) leads.add_lead(c);
  }
  return leads;
}

// Characters that may change in a form, or that the ones before them depend on: all others are the
// same in it whatever stands around them.
const ByteSet& leads_that_matter(Form form) {
  static const std::array<ByteSet, 4> of_form = [] {
    std::array<ByteSet, 4> leads;
    for (const Form f : {Form::kNfc, Form::kNfd, Form::kNfkc, Form::kNfkd}) {
      leads[static_cast<std::size_t>(f)] = leads_of([f](char32_t c) {
        return (unicode::form_record(c) & (unicode::kClassBits | not_yes(f))) != 0;
      });
    }
    return leads;
  }();
  return of_form[static_cast<std::size_t>(form)];
}

void append_decomposed(char32_t c, std::uint32_t record, bool compatible, std::vector<Char>& out) {
  if (c - hangul::kSyllable < hangul::kSyllables) {
    const std::uint32_t s = c - hangul::kSyllable;
    out.push_back({hangul::kLead + s / (hangul::kVowels * hangul::kTrails), 0});
    out.push_back({hangul::kVowel + s / hangul::kTrails % hangul::kVowels, 0});
    if (s % hangul::kTrails != 0) out.push_back({hangul::kTrail + s % hangul::kTrails, 0});
    return;
  }
  const std::span<const char32_t> parts = unicode::table_decomposition(record, compatible);
  if (parts.empty()) {
    out.push_back({c, record & unicode::kClassBits});
    return;
  }
  for (const char32_t part : parts) {
    out.push_back({part, unicode::form_record(part) & unicode::kClassBits});
  }
}

// Canonical ordering: stable by combining class between two starters.
void order_marks(std::vector<Char>& chars) {
  const auto is_mark = [](const Char& c) { return c.combining != 0; };
  const auto end = chars.end();
  for (auto it = chars.begin(); it != end;) {
    const auto begin = std::find_if(it, end, is_mark);
    it = std::find_if_not(begin, end, is_mark);
    if (!std::is_sorted(begin, it,
                        [](const Char& a, const Char& b) { return a.combining < b.combining; })) {
      std::stable_sort(begin, it,
                       [](const Char& a, const Char& b) { return a.combining < b.combining; });
    }
  }
}

// Canonical composition, in place (Unicode Standard, D117).
void compose(std::vector<Char>& chars) {
  std::size_t kept = 0;
  std::size_t starter = chars.size();  // index of the last starter; none yet
  int last_class = -1;  // of the last character kept since; -1 right after the starter
  for (const Char c : chars) {
    const int combining = static_cast<int>(c.combining);
    if (starter < kept && last_class < combining) {  // not blocked
      const char32_t whole = composed(chars[starter].code_point, c.code_point);
      if (whole != kNoComposition) {
        chars[starter].code_point = whole;
        continue;
      }
    }
    if (combining == 0) {
      starter = kept;
      last_class = -1;
    } else {
      last_class = combining;
    }
    chars[kept++] = c;
  }
  chars.resize(kept);
}

// Replaces what differs: whole characters, without what is the same at both ends.
void replace_difference(std::string_view text, std::size_t begin, std::size_t end,
                        std::string_view with, Rewriter& out) {
  const std::string_view old = text.substr(begin, end - begin);
  if (old == with) return;
  const std::size_t shorter = std::min(old.size(), with.size());
  std::size_t front = 0;
  while (front < shorter && old[front] == with[front]) ++front;
  const auto inside = [](std::string_view s, std::size_t at) {
    return at < s.size() && is_continuation(s[at]);
  };
  while (front > 0 && (inside(old, front) || inside(with, front))) --front;
  std::size_t back = 0;
  while (back < shorter - front && old[old.size() - 1 - back] == with[with.size() - 1 - back]) {
    ++back;
  }
  while (back > 0 && (inside(old, old.size() - back) || inside(with, with.size() - back))) --back;
  out.replace(begin + front, end - back, with.substr(front, with.size() - back - front));
}

const ByteSet& leads_that_fold() {
  static const ByteSet leads = leads_of([](char32_t c) {
    char32_t single = c;
    const auto folded = unicode::case_folded(c, single);
    return folded.size() != 1 || folded[0] != c;
  });
  return leads;
}

// Two-byte characters, where they fold to one of two bytes too: both bytes in memory order, or 0.
constexpr std::size_t kTwoByte = 0x800;

const std::array<std::array<unsigned char, 2>, kTwoByte>& two_byte_folds() {
  static const std::array<std::array<unsigned char, 2>, kTwoByte> of_char = [] {
    std::array<std::array<unsigned char, 2>, kTwoByte> folds{};
    for (char32_t c = 0x80; c < kTwoByte; ++c) {
      char32_t single = c;
      const auto folded = unicode::case_folded(c, single);
      if (folded.size() != 1 || folded[0] < 0x80 || folded[0] >= kTwoByte) continue;
      folds[c] = {static_cast<unsigned char>(0xC0u | folded[0] >> 6),
                  static_cast<unsigned char>(0x80u | (folded[0] & 0x3Fu))};
    }
    return folds;
  }();
  return of_char;
}

// Without edits: ASCII and Cyrillic a block at a time, Greek and Armenian by a table.
bool fold_case_quickly(std::string_view text, ByteBuffer& out) {
  const ByteSet& leads = leads_that_fold();
  const std::size_t first = leads.find(text, 0);
  if (first == text.size()) return false;
  out.append(text.substr(0, first));
  const kernel::LowerSimple lower = lower_simple();
  const auto& folds = two_byte_folds();
  constexpr std::size_t kPiece = 1 << 14;
  constexpr std::size_t kMostGrowth = 3;  // U+0390: 2 bytes become 6
  for (std::size_t at = first; at < text.size();) {
    const std::size_t stop = std::min(text.size(), at + kPiece);
    char* const begin = out.room(kMostGrowth * (stop - at) + 16);
    auto* to = reinterpret_cast<unsigned char*>(begin);
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    while (at < stop) {
      const auto is_cyrillic = [](unsigned char lead) { return (lead | 1u) == 0xD1u; };
      const unsigned char here = bytes[at];
      // A single space between words of another script is not worth a block.
      const unsigned char after = at + 1 < stop ? bytes[at + 1] : 0;
      if (here < 0x80 && after >= 0x80 && !is_cyrillic(after)) {
        *to++ = static_cast<unsigned char>(here >= 'A' && here <= 'Z' ? here + 32 : here);
        ++at;
      } else if (here < 0x80 || is_cyrillic(here)) {
        const std::size_t count = lower(bytes + at, stop - at, to);
        to += count;
        at += count;
      }
      // Other letters of two bytes. The text is well-formed, so the second is there.
      while (at < stop && bytes[at] >= 0xC2 && bytes[at] < 0xE0) {
        const auto& folded = folds[(bytes[at] & 0x1Fu) << 6 | (bytes[at + 1] & 0x3Fu)];
        if (folded[0] == 0) break;
        std::memcpy(to, folded.data(), 2);
        to += 2;
        at += 2;
      }
      if (at >= stop || bytes[at] < 0x80) continue;
      if (!leads.has(bytes[at])) {  // Han, kana, Arabic: nothing that folds until the next lead
        const std::size_t next = std::min(stop, leads.find(text, at));
        std::memcpy(to, bytes + at, next - at);
        to += next - at;
        at = next;
        continue;
      }
      const utf8::Decoded d = utf8::decode_valid(text, at);
      at += d.length;
      char32_t single = d.code_point;
      for (const char32_t c : unicode::case_folded(d.code_point, single)) {
        if (c < 0x80) {
          *to++ = static_cast<unsigned char>(c);
        } else if (c < 0x800) {
          *to++ = static_cast<unsigned char>(0xC0u | c >> 6);
          *to++ = static_cast<unsigned char>(0x80u | (c & 0x3Fu));
        } else if (c < 0x10000) {
          *to++ = static_cast<unsigned char>(0xE0u | c >> 12);
          *to++ = static_cast<unsigned char>(0x80u | (c >> 6 & 0x3Fu));
          *to++ = static_cast<unsigned char>(0x80u | (c & 0x3Fu));
        } else {
          *to++ = static_cast<unsigned char>(0xF0u | c >> 18);
          *to++ = static_cast<unsigned char>(0x80u | (c >> 12 & 0x3Fu));
          *to++ = static_cast<unsigned char>(0x80u | (c >> 6 & 0x3Fu));
          *to++ = static_cast<unsigned char>(0x80u | (c & 0x3Fu));
        }
      }
    }
    out.add(static_cast<std::size_t>(reinterpret_cast<char*>(to) - begin));
  }
  return out.view() != text;
}

bool is_latin_or_greek(char32_t c) {
  return (c | 0x20u) - 'a' < 26 || c == 0xAA || c == 0xBA ||
         (c >= 0xC0 && c <= 0x2AF && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c <= 0x3FF) ||
         (c >= 0x1E00 && c <= 0x1FFF) || (c >= 0x2C60 && c <= 0x2C7F) ||
         (c >= 0xA720 && c <= 0xA7FF) || (c >= 0xAB30 && c <= 0xAB6F) ||
         (c >= 0xFB00 && c <= 0xFB06);
}

}  // namespace

bool to_form(std::string_view text, Form form, ByteBuffer& out, std::vector<Edit>* edits) {
  const ByteSet& matter = leads_that_matter(form);
  const std::uint32_t matters = unicode::kClassBits | not_yes(form);
  Rewriter rewriter(text, out, edits);
  std::vector<Char> chars;
  std::string written;
  std::size_t done = 0;  // nothing before it depends on what follows
  for (std::size_t at = 0; (at = matter.find(text, at)) < text.size();) {
    // Scripts of which some letters matter: one by one, as long as they do not.
    utf8::Decoded first = utf8::decode_valid(text, at);
    while ((unicode::form_record(first.code_point) & matters) == 0) {
      at += first.length;
      if (at == text.size() || !matter.has(static_cast<std::uint8_t>(text[at]))) break;
      first = utf8::decode_valid(text, at);
    }
    if (at == text.size() || (unicode::form_record(first.code_point) & matters) == 0) continue;
    // It may compose with the character before it.
    std::size_t begin = at;
    if (composes(form) && begin > done) {
      begin = previous_char(text, begin);
    }
    chars.clear();
    std::size_t end = begin;
    while (end < text.size()) {
      const utf8::Decoded d = utf8::decode_valid(text, end);
      const std::uint32_t record = unicode::form_record(d.code_point);
      if (end > at && (record & matters) == 0) break;
      append_decomposed(d.code_point, record, is_compatible(form), chars);
      end += d.length;
    }
    order_marks(chars);
    if (composes(form)) compose(chars);
    written.clear();
    for (const Char& c : chars) utf8::append(written, c.code_point);
    replace_difference(text, begin, end, written, rewriter);
    at = done = end;
  }
  return rewriter.finish();
}

bool fold_case(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits) {
  out.clear();
  if (edits == nullptr) {
    if (fold_case_quickly(text, out)) return true;
    out.clear();
    return false;
  }
  const ByteSet& leads = leads_that_fold();
  Rewriter rewriter(text, out, edits);
  std::string written;
  for (std::size_t at = 0; (at = leads.find(text, at)) < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    char32_t single = d.code_point;
    const auto folded = unicode::case_folded(d.code_point, single);
    if (folded.size() != 1 || folded[0] != d.code_point) {
      written.clear();
      for (const char32_t c : folded) utf8::append(written, c);
      rewriter.replace(at, at + d.length, written);
    }
    at += d.length;
  }
  return rewriter.finish();
}

bool strip_accents(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits) {
  static const ByteSet leads = leads_of([](char32_t c) {
    const std::uint32_t record = unicode::form_record(c);
    return (record & unicode::kNonspacing) != 0 || record >> 16 != 0;
  });
  Rewriter rewriter(text, out, edits);
  std::string written;
  bool after_letter = false;  // Latin or Greek, with the marks after it
  std::size_t read = 0;
  for (std::size_t at = 0; (at = leads.find(text, at)) < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const std::uint32_t record = unicode::form_record(d.code_point);
    if (at > read) {  // what was passed over ends with this
      std::size_t last = at - 1;
      while (last > read && is_continuation(text[last])) --last;
      after_letter = is_latin_or_greek(utf8::decode_valid(text, last).code_point);
    }
    if ((record & unicode::kNonspacing) != 0) {
      if (after_letter) rewriter.replace(at, at + d.length, "");
    } else {
      const auto parts = unicode::table_decomposition(record, false);
      const char32_t base = parts.empty() ? d.code_point : parts[0];
      after_letter = is_latin_or_greek(base);
      const auto is_mark = [](char32_t part) {
        return (unicode::form_record(part) & unicode::kNonspacing) != 0;
      };
      if (after_letter && std::ranges::any_of(parts, is_mark)) {
        written.clear();
        for (const char32_t part : parts) {
          if (!is_mark(part)) utf8::append(written, part);
        }
        rewriter.replace(at, at + d.length, written);
      }
    }
    at += d.length;
    read = at;
  }
  return rewriter.finish();
}

}  // namespace wirecopy
