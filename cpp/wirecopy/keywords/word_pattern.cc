#include "wirecopy/keywords/word_pattern.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/forms.h"
#include "wirecopy/text/unicode_tables.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

bool is_ascii(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

std::size_t char_size(char lead) {
  const auto byte = static_cast<std::uint8_t>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

constexpr std::size_t kNowhere = std::string_view::npos;

// Where `piece` (no kMany in it) ends if it begins at `at`.
std::size_t match_piece(std::string_view piece, std::string_view word, std::size_t at) {
  for (const char c : piece) {
    if (at >= word.size()) return kNowhere;
    if (c == WordGlob::kOne) {
      at += char_size(word[at]);
    } else if (c == word[at]) {
      ++at;
    } else {
      return kNowhere;
    }
  }
  return std::min(at, word.size());
}

// Where the first `piece` from `at` on ends.
std::size_t find_piece(std::string_view piece, std::string_view word, std::size_t at) {
  if (piece.find(WordGlob::kOne) == kNowhere) {
    const std::size_t found = word.find(piece, at);
    return found == kNowhere ? kNowhere : found + piece.size();
  }
  for (; at < word.size(); at += char_size(word[at])) {
    const std::size_t end = match_piece(piece, word, at);
    if (end != kNowhere) return end;
  }
  return kNowhere;
}

// Where a piece must begin to end with the word, or nowhere.
std::size_t suffix_begin(std::string_view piece, std::string_view word) {
  std::size_t at = word.size();
  for (std::size_t i = piece.size(); i-- > 0;) {
    if (at == 0) return kNowhere;
    --at;
    if (piece[i] == WordGlob::kOne) {
      while (at > 0 && (static_cast<std::uint8_t>(word[at]) & 0xC0u) == 0x80u) --at;
    }
  }
  return at;
}

// Letters without case that a wildcard stands as while a pattern is cut into words.
constexpr char32_t kFirstStandIn = 0x10330;  // the Gothic alphabet
constexpr char32_t kLastStandIn = 0x10349;

std::string utf8_of(char32_t c) {
  std::string out;
  utf8::append(out, c);
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

std::string_view WordForm::operator()(std::string_view folded, std::string_view source) {
  std::string_view word = folded;
  if (spelling_.case_matters) {
    word = source;
    if (!is_ascii(source)) {
      const bool changed = to_form(source, Form::kNfkc, buffer_, nullptr);
      const std::string_view composed = changed ? buffer_.view() : source;
      text_.clear();
      for (std::size_t at = 0; at < composed.size();) {
        const utf8::Decoded d = utf8::decode(composed, at);
        const unicode::Record record = unicode::record(d.code_point);
        if (d.code_point == 0x2019) {
          text_.push_back('\'');
        } else if (!record.has(unicode::kRewrite) || !record.folded(d.code_point).empty()) {
          text_.append(composed.substr(at, d.length));
        }
        at += d.length;
      }
      word = text_;
    }
  }
  if (!spelling_.accents_matter && !is_ascii(word) && strip_accents(word, buffer_, nullptr)) {
    return buffer_.view();
  }
  return word;
}

WordGlob::WordGlob(std::string pattern) : pattern_(std::move(pattern)) {
  literal_ = pattern_.find(kMany) == kNowhere && pattern_.find(kOne) == kNowhere;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= pattern_.size(); ++at) {
    if (at < pattern_.size() && pattern_[at] != kMany) continue;
    pieces_.push_back(pattern_.substr(begin, at - begin));
    begin = at + 1;
  }
}

bool WordGlob::matches_glob(std::string_view word) const {
  const std::string& first = pieces_.front();
  std::size_t at = match_piece(first, word, 0);
  if (at == kNowhere) return false;
  if (pieces_.size() == 1) return at == word.size();
  const std::string& last = pieces_.back();
  const std::size_t end = suffix_begin(last, word);
  if (end == kNowhere || end < at || match_piece(last, word, end) != word.size()) return false;
  const std::string_view middle = word.substr(0, end);
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    if (pieces_[i].empty()) continue;
    at = find_piece(pieces_[i], middle, at);
    if (at == kNowhere) return false;
  }
  return true;
}

WordPattern parse_word_pattern(std::string_view pattern, std::size_t index,
                               const Spelling& spelling) {
  const auto row = static_cast<std::int64_t>(index);
  if (pattern.size() > kMaxPatternBytes) {
    throw InputError("pattern", row,
                     "longer than " + std::to_string(kMaxPatternBytes) + " bytes of UTF-8");
  }
  // Two letters that the pattern does not hold.
  std::string many;
  std::string one;
  for (char32_t c = kFirstStandIn; c <= kLastStandIn && one.empty(); ++c) {
    const std::string letter = utf8_of(c);
    if (pattern.find(letter) != kNowhere) continue;
    (many.empty() ? many : one) = letter;
  }
  if (one.empty()) throw InputError("pattern", row, "holds the whole Gothic alphabet");
  std::string text(pattern);
  replace_all(text, "*", many);
  replace_all(text, "?", one);

  WordScanner scanner(WordRule::kCount);
  scanner.scan(text);
  if (scanner.size() == 0) throw InputError("pattern", row, "holds no word");
  if (scanner.size() > kMaxPatternWords) {
    throw InputError("pattern", row,
                     "holds more than " + std::to_string(kMaxPatternWords) + " words");
  }
  const auto glob = [&](std::string_view word) {
    std::string with_marks(word);
    replace_all(with_marks, many, std::string_view(&WordGlob::kMany, 1));
    replace_all(with_marks, one, std::string_view(&WordGlob::kOne, 1));
    return WordGlob(with_marks);
  };
  WordPattern result;
  WordForm form(spelling);
  WordForm caseless({.case_matters = false, .accents_matter = spelling.accents_matter});
  for (std::size_t i = 0; i < scanner.size(); ++i) {
    const Span32 source = scanner.source(i);
    result.words.push_back(
        glob(form(scanner[i], std::string_view(text).substr(source.begin, source.size()))));
    result.folded.push_back(glob(caseless(scanner[i], {})));
  }
  return result;
}

}  // namespace wirecopy
