#include "wirecopy/text/segment.h"

#include <cstddef>
#include <string>
#include <utility>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/segment_tables.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

using unicode::Breaks;
using G = unicode::GraphemeBreak;
using W = unicode::WordBreak;
using S = unicode::SentenceBreak;

bool is_newline(W w) { return w == W::kNewline || w == W::kCr || w == W::kLf; }
bool is_ignored(W w) { return w == W::kExtend || w == W::kFormat || w == W::kZwj; }
bool is_letter(W w) { return w == W::kALetter || w == W::kHebrewLetter; }
bool joins_letters(W w) { return w == W::kMidLetter || w == W::kMidNumLet || w == W::kSingleQuote; }
bool joins_digits(W w) { return w == W::kMidNum || w == W::kMidNumLet || w == W::kSingleQuote; }

// The property of the first character at or after `at` that WB4 does not pass over.
W next_word_break(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const W w = Breaks(d.code_point).word();
    if (!is_ignored(w)) return w;
    at += d.length;
  }
  return W::kOther;
}

// WB5 to WB16, between characters that WB4 leaves: `before`, `last`, then `now`, which ends at
// `end`.
bool word_goes_on(W before, W last, W now, bool odd_regional, std::string_view text,
                  std::size_t end) {
  if (is_letter(last)) {
    if (is_letter(now) || now == W::kNumeric || now == W::kExtendNumLet) return true;
    if (last == W::kHebrewLetter && now == W::kSingleQuote) return true;
    if (joins_letters(now)) return is_letter(next_word_break(text, end));
    return last == W::kHebrewLetter && now == W::kDoubleQuote &&
           next_word_break(text, end) == W::kHebrewLetter;
  }
  if (joins_letters(last) && is_letter(before) && is_letter(now)) return true;
  if (last == W::kDoubleQuote && before == W::kHebrewLetter && now == W::kHebrewLetter) return true;
  if (joins_digits(last) && before == W::kNumeric && now == W::kNumeric) return true;
  if (last == W::kNumeric) {
    if (now == W::kNumeric || is_letter(now) || now == W::kExtendNumLet) return true;
    return joins_digits(now) && next_word_break(text, end) == W::kNumeric;
  }
  if (last == W::kKatakana) return now == W::kKatakana || now == W::kExtendNumLet;
  if (last == W::kExtendNumLet) {
    return now == W::kExtendNumLet || is_letter(now) || now == W::kNumeric || now == W::kKatakana;
  }
  return last == W::kRegionalIndicator && now == W::kRegionalIndicator && odd_regional;
}

bool is_paragraph_end(S s) { return s == S::kSep || s == S::kCr || s == S::kLf; }
bool is_ignored(S s) { return s == S::kExtend || s == S::kFormat; }

// SB8: whether a lower-case letter comes before any other letter or end of a sentence.
bool lower_follows(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const S s = Breaks(d.code_point).sentence();
    if (s == S::kLower) return true;
    if (s == S::kOLetter || s == S::kUpper || s == S::kATerm || s == S::kSTerm ||
        is_paragraph_end(s)) {
      return false;
    }
    at += d.length;
  }
  return false;
}

}  // namespace

void grapheme_ends(std::string_view text, std::vector<std::size_t>& ends) {
  ends.clear();
  G last = G::kOther;
  bool odd_regional = false;    // an odd number of regional indicators stands right before
  bool pictograph = false;      // ExtPict Extend* stands right before
  bool pictograph_zwj = false;  // and then a ZWJ
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const Breaks breaks(d.code_point);
    const G now = breaks.grapheme();
    bool joined = false;
    const bool control = now == G::kControl || now == G::kCr || now == G::kLf;
    const bool after_control = last == G::kControl || last == G::kCr || last == G::kLf;
    if (control || after_control) {
      joined = last == G::kCr && now == G::kLf;
    } else {
      joined =
          (last == G::kL && (now == G::kL || now == G::kV || now == G::kLv || now == G::kLvt)) ||
          ((last == G::kLv || last == G::kV) && (now == G::kV || now == G::kT)) ||
          ((last == G::kLvt || last == G::kT) && now == G::kT) || now == G::kExtend ||
          now == G::kZwj || now == G::kSpacingMark || last == G::kPrepend ||
          (pictograph_zwj && breaks.pictographic()) ||
          (odd_regional && now == G::kRegionalIndicator);
    }
    if (at > 0 && !joined) ends.push_back(at);
    odd_regional = now == G::kRegionalIndicator && !odd_regional;
    pictograph_zwj = pictograph && now == G::kZwj;
    pictograph = breaks.pictographic() || (pictograph && now == G::kExtend);
    last = now;
    at += d.length;
  }
  if (!text.empty()) ends.push_back(text.size());
}

void word_segments(std::string_view text, std::vector<WordSegment>& segments) {
  segments.clear();
  W raw = W::kOther;     // the character before
  W last = W::kOther;    // the same without those that WB4 passes over
  W before = W::kOther;  // and the one before that
  bool odd_regional = false;
  bool is_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const Breaks breaks(d.code_point);
    const W now = breaks.word();
    const std::size_t end = at + d.length;
    bool joined = false;
    if (is_newline(raw) || is_newline(now)) {
      joined = raw == W::kCr && now == W::kLf;
    } else {
      joined = is_ignored(now) || (raw == W::kZwj && breaks.pictographic()) ||
               (raw == W::kWSegSpace && now == W::kWSegSpace) ||
               word_goes_on(before, last, now, odd_regional, text, end);
    }
    if (at > 0 && !joined) {
      segments.push_back({at, is_word});
      is_word = false;
    }
    is_word |= is_letter(now) || now == W::kNumeric || now == W::kKatakana ||
               breaks.ideographic() || unicode::record(d.code_point).has(unicode::kUnit);
    // After a line break, and at the beginning, there is nothing that WB4 could add to.
    if (!is_ignored(now) || at == 0 || is_newline(raw)) {
      odd_regional = now == W::kRegionalIndicator && !(odd_regional && last == now);
      before = last;
      last = now;
    }
    raw = now;
    at = end;
    // Most of most texts: the rest of a word of ASCII letters.
    if (now != W::kALetter) continue;
    while (at < text.size() && static_cast<unsigned char>((text[at] | 0x20) - 'a') < 26) {
      before = last = W::kALetter;
      ++at;
    }
  }
  if (!text.empty()) segments.push_back({text.size(), is_word});
}

void sentence_ends(std::string_view text, std::vector<std::size_t>& ends) {
  ends.clear();
  // How much of "SATerm Close* Sp* ParaSep?" stands right before.
  enum class After : std::uint8_t { kNothing, kTerm, kClose, kSpace } after = After::kNothing;
  bool a_term = false;  // it began with an ATerm
  S raw = S::kOther;
  S last = S::kOther;  // without those that SB5 passes over
  S before = S::kOther;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded d = utf8::decode_valid(text, at);
    const S now = Breaks(d.code_point).sentence();
    const std::size_t begin = at;
    at += d.length;
    bool end = false;
    if (begin > 0 && is_paragraph_end(raw)) {
      end = !(raw == S::kCr && now == S::kLf);
      if (end) {
        after = After::kNothing;
        last = S::kOther;
      }
    } else if (is_ignored(now)) {
      raw = now;
      continue;
    } else if (after != After::kNothing) {
      const bool right_after = after == After::kTerm && last == S::kATerm;
      const bool goes_on =
          (right_after && now == S::kNumeric) ||
          (right_after && now == S::kUpper && (before == S::kUpper || before == S::kLower)) ||
          now == S::kSContinue || now == S::kATerm || now == S::kSTerm ||
          (after != After::kSpace && now == S::kClose) || now == S::kSp || is_paragraph_end(now) ||
          (a_term && lower_follows(text, begin));
      end = !goes_on;
    }
    if (end) ends.push_back(begin);
    if (now == S::kATerm || now == S::kSTerm) {
      after = After::kTerm;
      a_term = now == S::kATerm;
    } else if (after != After::kNothing && now == S::kClose && after != After::kSpace && !end) {
      after = After::kClose;
    } else if (after != After::kNothing && now == S::kSp && !end) {
      after = After::kSpace;
    } else if (!is_paragraph_end(now)) {
      after = After::kNothing;
    }
    before = last;
    last = now;
    raw = now;
  }
  if (!text.empty()) ends.push_back(text.size());
}

namespace {

constexpr std::size_t kTextsAtATime = 64;

struct Found {
  std::vector<std::int64_t> row, start, end;
  Strings words;
};

class Segmenter {
 public:
  Segmenter(SegmentKind kind, Found& found) : kind_(kind), found_(&found) {}

  void add(std::string_view text, std::size_t row) {
    row_ = static_cast<std::int64_t>(row);
    text_ = text;
    byte_ = code_point_ = 0;
    if (kind_ == SegmentKind::kWords || kind_ == SegmentKind::kAllWords) {
      word_segments(text, words_);
      std::size_t begin = 0;
      for (const WordSegment& w : words_) {
        if (w.is_word || kind_ == SegmentKind::kAllWords) push(begin, w.end);
        if (w.is_word && kind_ == SegmentKind::kWords) push_word(text.substr(begin, w.end - begin));
        begin = w.end;
      }
      return;
    }
    if (kind_ == SegmentKind::kSentences || kind_ == SegmentKind::kAllSentences) {
      sentence_ends(text, ends_);
    } else {
      grapheme_ends(text, ends_);
    }
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      kind_ == SegmentKind::kSentences ? push_trimmed(begin, end) : push(begin, end);
      begin = end;
    }
  }

 private:
  void push_trimmed(std::size_t begin, std::size_t end) {
    while (begin < end) {
      const utf8::Decoded d = utf8::decode_valid(text_, begin);
      if (!is_space(d.code_point)) break;
      begin += d.length;
    }
    while (begin < end) {
      const std::size_t last = previous_char(text_, end);
      if (!is_space(utf8::decode_valid(text_, last).code_point)) break;
      end = last;
    }
    if (begin < end) push(begin, end);
  }
  void push(std::size_t begin, std::size_t end) {
    found_->row.push_back(row_);
    found_->start.push_back(count_to(begin));
    found_->end.push_back(count_to(end));
  }
  void push_word(std::string_view word) {
    constexpr std::string_view kCurly = "\xE2\x80\x99";
    std::size_t at = word.find(kCurly);
    if (at == std::string_view::npos) return found_->words.push_back(word);
    std::string straight(word);
    for (; at != std::string::npos; at = straight.find(kCurly, at)) {
      straight.replace(at, kCurly.size(), "'");
    }
    found_->words.push_back(straight);
  }
  std::int64_t count_to(std::size_t byte) {
    for (; byte_ < byte; ++byte_) {
      code_point_ += (static_cast<std::uint8_t>(text_[byte_]) & 0xC0u) != 0x80u ? 1 : 0;
    }
    return code_point_;
  }

  SegmentKind kind_;
  Found* found_;
  std::int64_t row_ = 0;
  std::string_view text_;
  std::size_t byte_ = 0;
  std::int64_t code_point_ = 0;
  std::vector<WordSegment> words_;
  std::vector<std::size_t> ends_;
};

}  // namespace

Table segment_texts(const TextColumn& texts, SegmentKind kind, const Run& run) {
  std::vector<Found> found((texts.size() + kTextsAtATime - 1) / kTextsAtATime);
  run.begin("segmenting", texts.total_bytes());
  parallel_for(run, texts.size(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    TextReader reader(texts);
    Segmenter segmenter(kind, found[begin / kTextsAtATime]);
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      segmenter.add(reader[row], row);
      run.advance(texts.stored_bytes(row));
    }
  });
  std::size_t count = 0;
  for (const Found& piece : found) count += piece.row.size();
  Found all;
  all.row.reserve(count);
  all.start.reserve(count);
  all.end.reserve(count);
  for (Found& piece : found) {
    run.check();
    all.row.insert(all.row.end(), piece.row.begin(), piece.row.end());
    all.start.insert(all.start.end(), piece.start.begin(), piece.start.end());
    all.end.insert(all.end.end(), piece.end.begin(), piece.end.end());
    for (std::size_t i = 0; i < piece.words.size(); ++i) all.words.push_back(piece.words[i]);
    piece = {};
  }
  Table table;
  table.add("row", std::move(all.row));
  table.add("start", std::move(all.start));
  table.add("end", std::move(all.end));
  if (kind == SegmentKind::kWords) table.add("word", std::move(all.words));
  return table;
}

}  // namespace wirecopy
