#include "wirecopy/text/fold.h"

#include <algorithm>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/compose.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

using namespace hangul;

void append_decomposed(char32_t c, std::uint32_t begin, std::uint32_t end,
                       std::vector<FoldedChar>& out) {
  if (c < 0xC0) {  // nothing below U+00C0 decomposes
    out.push_back({c, begin, end});
    return;
  }
  if (c - kSyllable < kSyllables) {
    const std::uint32_t s = c - kSyllable;
    out.push_back({kLead + s / (kVowels * kTrails), begin, end});
    out.push_back({kVowel + s / kTrails % kVowels, begin, end});
    if (s % kTrails != 0) out.push_back({kTrail + s % kTrails, begin, end});
    return;
  }
  namespace t = unicode::tables;
  const char32_t* keys_end = t::nfd_keys + t::nfd_count;
  const char32_t* key = std::lower_bound(t::nfd_keys, keys_end, c);
  if (key == keys_end || *key != c) {
    out.push_back({c, begin, end});
    return;
  }
  const auto i = key - t::nfd_keys;
  for (auto at = t::nfd_offsets[i]; at < t::nfd_offsets[i + 1]; ++at) {
    out.push_back({t::nfd_chars[at], begin, end});
  }
}

// Canonical ordering: stable by combining class between two starters.
void order_marks(std::vector<FoldedChar>& chars) {
  const auto combining = [](const FoldedChar& c) { return unicode::combining_class(c.code_point); };
  for (auto it = chars.begin(); it != chars.end();) {
    if (combining(*it) == 0) {
      ++it;
      continue;
    }
    const auto stop =
        std::find_if(it, chars.end(), [&](const FoldedChar& c) { return combining(c) == 0; });
    std::stable_sort(it, stop, [&](const FoldedChar& a, const FoldedChar& b) {
      return combining(a) < combining(b);
    });
    it = stop;
  }
}

// Canonical composition, in place (Unicode Standard, D117).
void compose(std::vector<FoldedChar>& chars) {
  std::size_t kept = 0;
  std::size_t starter = chars.size();  // index of the last starter; none yet
  int last_class = -1;  // of the last character kept since; -1 right after the starter
  for (std::size_t i = 0; i < chars.size(); ++i) {
    const FoldedChar c = chars[i];
    const int combining = unicode::combining_class(c.code_point);
    if (starter < kept && last_class < combining) {  // not blocked
      const char32_t whole = composed(chars[starter].code_point, c.code_point);
      if (whole != kNoComposition) {
        FoldedChar& s = chars[starter];
        s = {whole, std::min(s.begin, c.begin), std::max(s.end, c.end)};
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

}  // namespace

void nfkc_casefold(std::string_view text, std::uint32_t base, std::vector<FoldedChar>& out) {
  out.clear();
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded d = utf8::decode(text, at);
    const std::uint32_t begin = base + static_cast<std::uint32_t>(at);
    const std::uint32_t end = begin + d.length;
    const unicode::Record record = unicode::record(d.code_point);
    if (record.has(unicode::kRewrite)) {
      for (const char32_t c : record.folded(d.code_point)) append_decomposed(c, begin, end, out);
    } else if (record.has(unicode::kInPlace)) {
      append_decomposed(record.folded_in_place(d.code_point), begin, end, out);
    } else {
      append_decomposed(d.code_point, begin, end, out);
    }
    at += d.length;
  }
  order_marks(out);
  compose(out);
}

std::string nfkc_casefold(std::string_view text) {
  std::vector<FoldedChar> chars;
  nfkc_casefold(text, 0, chars);
  std::string folded;
  folded.reserve(text.size());
  for (const FoldedChar& c : chars) utf8::append(folded, c.code_point);
  return folded;
}

}  // namespace wirecopy
