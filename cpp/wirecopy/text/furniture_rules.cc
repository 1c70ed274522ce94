#include "wirecopy/text/furniture_rules.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

constexpr std::size_t kMostElements = 64;

// Classes that are tests of one token.
constexpr std::array<std::string_view, 9> kBuiltins = {"any", "word",  "n",     "day",  "year",
                                                       "cap", "upper", "lower", "punct"};
enum Builtin : std::uint32_t { kAny, kWord, kNumber, kDay, kYear, kCap, kUpper, kLower, kPunct };

// Classes whose match is given as a column.
constexpr std::array<std::pair<std::string_view, FurnitureRules::Captured>, 8> kCaptured = {{
    {"place", FurnitureRules::kPlace},
    {"capsplace", FurnitureRules::kPlace},
    {"agency", FurnitureRules::kAgency},
    {"agencies", FurnitureRules::kAgency},
    {"date", FurnitureRules::kWhen},
    {"moment", FurnitureRules::kWhen},
    {"name", FurnitureRules::kName},
    {"names", FurnitureRules::kName},
}};

bool is_space(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85 ||
         c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// Letters of Latin, Greek, Cyrillic, Armenian and Georgian have case; of what news is written in,
// nothing else has.
bool has_case(char32_t c) {
  return c < 0x590 || (c >= 0x10A0 && c < 0x1100) || (c >= 0x1C80 && c < 0x1CC0) ||
         (c >= 0x1D00 && c < 0x2000) || (c >= 0x2C00 && c < 0x2E00) ||
         (c >= 0xA640 && c < 0xA800) || (c >= 0xFF21 && c <= 0xFF5A);
}

// One form for the marks that writers and typesetters exchange; 0: as it is.
char one_form(char32_t c) {
  switch (c) {
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case 0xFE58:
    case 0xFF0D: return '-';
    case 0xAB:
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033: return '"';
    case '`':
    case 0xB4:
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x2BC: return '\'';
    case 0x60C: return ',';
    case 0x61B: return ';';
    case 0x61F: return '?';
    default: return 0;
  }
}

// Appends `c` without case. False where nothing is left of it.
bool append_folded(std::string& out, char32_t c, unicode::Record record) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
    return true;
  }
  // Arabic is written with or without vowel signs, lengthening strokes, and the hamza on an alef.
  if ((c >= 0x64B && c <= 0x652) || c == 0x640 || c == 0x670) return false;
  if (c == 0x622 || c == 0x623 || c == 0x625) c = 0x627;
  if (record.has(unicode::kInPlace)) {
    utf8::append(out, record.folded_in_place(c));
    return true;
  }
  if (!record.has(unicode::kRewrite)) {
    utf8::append(out, c);
    return true;
  }
  const auto folded = record.folded(c);
  for (const char32_t f : folded) utf8::append(out, f);
  return !folded.empty();
}

bool is_capital(char32_t c, unicode::Record record) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  if (record.has(unicode::kInPlace)) return record.folded_in_place(c) != c && has_case(c);
  if (!record.has(unicode::kRewrite) || !has_case(c)) return false;
  const auto folded = record.folded(c);
  return folded.size() == 1 && folded[0] != c && (c < 0xFF41 || c > 0xFF5A);
}

bool is_alnum(std::uint8_t b) {
  return (b >= '0' && b <= '9') || static_cast<std::uint8_t>((b | 0x20u) - 'a') < 26;
}

// What an ASCII character is to the reader of tokens; 0: it takes the long way.
enum Ascii : std::uint8_t {
  kCapitalLetter = 1,
  kSmallLetter = 2,
  kDigit = 4,
  kMark = 8,
  kBlank = 16
};
constexpr std::uint8_t kWordCharacter = kCapitalLetter | kSmallLetter | kDigit;

constexpr std::array<std::uint8_t, 256> kAscii = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t b = 0x21; b < 0x7F; ++b) table[b] = kMark;
  table['_'] = 0;
  for (std::size_t b = '0'; b <= '9'; ++b) table[b] = kDigit;
  for (std::size_t b = 'A'; b <= 'Z'; ++b) table[b] = kCapitalLetter;
  for (std::size_t b = 'a'; b <= 'z'; ++b) table[b] = kSmallLetter;
  table[' '] = kBlank;
  for (std::size_t b = 0x09; b <= 0x0D; ++b) table[b] = kBlank;
  for (std::size_t b = 0x1C; b <= 0x1F; ++b) table[b] = kBlank;
  return table;
}();

// Eight characters at once, each told by the high bit of its byte.
struct EightBytes {
  static constexpr std::uint64_t kEach = 0x0101010101010101;
  static constexpr std::uint64_t kHigh = 0x80 * kEach;

  explicit EightBytes(std::uint64_t bytes) {
    const std::uint64_t small = (bytes | 0x20 * kEach) & ~kHigh;
    const std::uint64_t seven = bytes & ~kHigh;
    letter = (small + 0x1F * kEach) & ~(small + 0x05 * kEach) & ~bytes & kHigh;
    capital = letter & ~(bytes << 2);
    word = letter | ((seven + 0x50 * kEach) & ~(seven + 0x46 * kEach) & ~bytes & kHigh);
  }
  // Characters of the word that the bytes begin with.
  std::size_t word_size() const {
    return static_cast<std::size_t>(std::countr_one(word | ~kHigh)) / 8;
  }

  std::uint64_t letter, capital, word;
};

std::uint64_t first_bytes(std::size_t n) {
  return n >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * n)) - 1;
}

// A word of ASCII letters and digits, up to 16.
struct AsciiWord {
  std::size_t size;
  bool number;  // no letter
  bool upper;   // two letters or more, all of them capitals
  FurnitureVocabulary::Short folded;
};

AsciiWord read_ascii_word(std::string_view text, std::size_t at, std::size_t end) {
  FurnitureVocabulary::Short bytes{};
  if (text.size() - at >= sizeof bytes) {  // of a size known beforehand: no call
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    if (end - at < sizeof bytes) {
      bytes.high = end - at < 8 ? 0 : bytes.high & first_bytes(end - at - 8);
      bytes.low &= first_bytes(end - at);
    }
  } else {
    std::memcpy(&bytes, text.data() + at, end - at);
  }
  const EightBytes low(bytes.low);
  std::size_t size = low.word_size();
  const std::uint64_t kept = first_bytes(size);
  const std::uint64_t letters = low.letter & kept;
  // In letters the bit says small; digits have it anyway.
  constexpr std::uint64_t kSmall = 0x20 * EightBytes::kEach;
  AsciiWord word{.size = size,
                 .number = letters == 0,
                 .upper = letters == (low.capital & kept),
                 .folded = {.low = (bytes.low | kSmall) & kept, .high = 0}};
  bool several = (letters & (letters - 1)) != 0;
  if (size == 8) {
    const EightBytes high(bytes.high);
    size = high.word_size();
    const std::uint64_t more = high.letter & first_bytes(size);
    several = several || (letters != 0 && more != 0) || (more & (more - 1)) != 0;
    word.number = word.number && more == 0;
    word.upper = word.upper && more == (high.capital & first_bytes(size));
    word.folded.high = (bytes.high | kSmall) & first_bytes(size);
    word.size += size;
  }
  word.upper = word.upper && several;
  return word;
}

// U+2010 to U+2027, of three bytes: dashes, curly quotes and other marks, that end every word.
bool is_general_mark(std::string_view text, std::size_t at, std::size_t end) {
  return end - at >= 3 && static_cast<std::uint8_t>(text[at]) == 0xE2 &&
         static_cast<std::uint8_t>(text[at + 1]) == 0x80 &&
         static_cast<std::uint8_t>(text[at + 2]) - 0x90u < 0x18u;
}

// Reads a token of ASCII that ends before any other character, at `at`; moves `at` to its end.
// False where it is none, or long.
bool read_ascii_token(std::string_view text, std::size_t end, const FurnitureVocabulary& vocabulary,
                      std::size_t& at, FurnitureToken& token) {
  using Token = FurnitureToken;
  const auto kind_at = [&](std::size_t i) { return kAscii[static_cast<std::uint8_t>(text[i])]; };
  const std::uint8_t first = kind_at(at);
  std::size_t stop = 0;
  FurnitureVocabulary::Short key{};
  unsigned flags = 0;
  if ((first & kWordCharacter) != 0) {
    const AsciiWord word = read_ascii_word(text, at, end);
    stop = at + word.size;
    if (stop < end) {
      const std::uint8_t after = kind_at(stop);
      if ((after & kWordCharacter) != 0) return false;  // a long word
      if (after == 0 && !is_general_mark(text, stop, end)) return false;
    }
    flags = Token::kWord;
    if (first == kCapitalLetter) flags |= Token::kCapital | Token::kCased;
    if (first == kSmallLetter) flags |= Token::kLower;
    if (word.number) flags |= Token::kNumber;
    if (word.upper) flags |= Token::kUpper;
    key = word.folded;
  } else if (first == kMark || is_general_mark(text, at, end)) {
    // One form for the mark, and its length; 0 where it takes the long way.
    const auto read_mark = [&](std::size_t i) -> std::pair<char, std::size_t> {
      if (kind_at(i) == kMark) return {text[i] == '`' ? '\'' : text[i], 1};
      if (!is_general_mark(text, i, end)) return {0, 0};
      return {one_form(0x2000u + (static_cast<std::uint8_t>(text[i + 2]) & 0x3Fu)), 3};
    };
    const auto [mark, length] = read_mark(at);
    if (mark == 0) return false;
    for (stop = at + length; stop < end;) {
      if ((kind_at(stop) & (kWordCharacter | kBlank)) != 0) break;
      const auto [next, more] = read_mark(stop);
      if (next == 0) return false;
      if (next != mark) break;
      stop += more;
    }
    key.low = static_cast<std::uint8_t>(mark);
  } else {
    return false;
  }
  token = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(stop), vocabulary.find(key),
           static_cast<std::uint8_t>(flags)};
  at = stop;
  return true;
}

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

// What stands before a comment: "  #" outside quotes.
std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if (line[i] == '"' || line[i] == '\'') {
      quote = line[i];
    } else if (line[i] == '#' && i >= 2 && line[i - 1] == ' ' && line[i - 2] == ' ') {
      return line.substr(0, i);
    }
  }
  return line;
}

std::string quoted(std::string_view s) { return "'" + std::string(s) + "'"; }

}  // namespace

std::size_t FurnitureVocabulary::Hash::operator()(std::string_view s) const {
  return static_cast<std::size_t>(hash_bytes(s));
}

namespace {

FurnitureVocabulary::Short packed(std::string_view token) {
  FurnitureVocabulary::Short made{};
  std::memcpy(&made, token.data(), token.size());
  return made;
}

// Roughly, in how many of 10,000 lines a token is met.
std::uint32_t cost_of(std::string_view token) {
  const auto first = static_cast<std::uint8_t>(token[0]);
  if (token == "." || token == ",") return 8000;
  if (first < 0x80 && !is_alnum(first)) return 1500;
  if (first >= 0xE0) return 3;
  constexpr std::array<std::uint32_t, 10> kBySize = {3000, 300, 120, 40, 20, 15, 12, 9, 6, 4};
  return kBySize[std::min(token.size(), kBySize.size()) - 1];
}

}  // namespace

std::int32_t FurnitureVocabulary::intern(std::string_view token) {
  const auto [at, added] =
      ids_.try_emplace(std::string(token), static_cast<std::int32_t>(ids_.size()));
  if (added) {
    costs_.push_back(cost_of(token));
    if (token.size() <= kShort) put_slot(packed(token), at->second);
  }
  return at->second;
}

std::int32_t FurnitureVocabulary::find(std::string_view token) const {
  if (token.size() <= kShort) return find(packed(token));
  const auto at = ids_.find(token);
  return at == ids_.end() ? -1 : at->second;
}

std::int32_t FurnitureVocabulary::find_slot(Short token, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = first_slot(hash);; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id < 0) return -1;
    if (slot.token.low == token.low && slot.token.high == token.high) return slot.id;
  }
}

void FurnitureVocabulary::put_slot(Short token, std::int32_t id) {
  const std::uint64_t hash = hash_of(token);
  seen_[hash >> (64 - kSeenBits + 6)] |= std::uint64_t{1} << (hash >> (64 - kSeenBits) & 63);
  if (2 * ++used_ > slots_.size()) {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    used_ = 1;
    for (const Slot& slot : old) {
      if (slot.id >= 0) put_slot(slot.token, slot.id);
    }
  }
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = first_slot(hash);
  while (slots_[at].id >= 0) at = (at + 1) & mask;
  slots_[at] = {token, id};
}

std::size_t read_furniture_tokens(std::string_view text, std::size_t begin, std::size_t end,
                                  std::size_t most, const FurnitureVocabulary& vocabulary,
                                  std::string& scratch, std::vector<FurnitureToken>& tokens) {
  using Token = FurnitureToken;
  const std::string_view line = text.substr(0, end);
  std::size_t at = begin;
  while (at < end && tokens.size() < most) {
    if (kAscii[static_cast<std::uint8_t>(text[at])] == kBlank) {
      ++at;
      continue;
    }
    Token ascii;
    // Without a vocabulary it is the folded token itself that is wanted.
    if (vocabulary.size() > 0 && read_ascii_token(text, end, vocabulary, at, ascii)) {
      tokens.push_back(ascii);
      continue;
    }
    const utf8::Decoded c = utf8::decode(line, at);
    if (is_space(c.code_point)) {
      at += c.length;
      continue;
    }
    const unicode::Record record = unicode::record(c.code_point);
    scratch.clear();
    const std::size_t from = at;
    unsigned flags = 0;
    if (record.has(unicode::kUnit)) {
      flags = Token::kWord | Token::kCapital;
      append_folded(scratch, c.code_point, record);
      at += c.length;
    } else if (record.has(unicode::kWord)) {
      bool digits = true;
      bool all_capitals = true;
      std::size_t letters = 0;
      flags = Token::kWord;
      const bool capital = is_capital(c.code_point, record);
      if (capital) {
        flags |= Token::kCapital | Token::kCased;
      } else if (record.has(unicode::kLetter)) {
        flags |= has_case(c.code_point) ? Token::kLower : Token::kCapital;
      }
      while (at < end) {
        const utf8::Decoded d = utf8::decode(line, at);
        const unicode::Record r = unicode::record(d.code_point);
        if (!r.has(unicode::kWord) || r.has(unicode::kUnit)) {
          // A soft hyphen or a zero-width character is no part of a word, and ends none.
          if (!r.has(unicode::kRewrite) || !r.folded(d.code_point).empty()) break;
          at += d.length;
          continue;
        }
        append_folded(scratch, d.code_point, r);
        digits = digits && d.code_point >= '0' && d.code_point <= '9';
        if (r.has(unicode::kLetter)) {
          ++letters;
          all_capitals = all_capitals && is_capital(d.code_point, r);
        }
        at += d.length;
      }
      if (digits) flags |= Token::kNumber;
      if (letters >= 2 && all_capitals) flags |= Token::kUpper;
    } else {
      const auto fold_mark = [&](char32_t mark, unicode::Record r) {
        const char form = one_form(mark);
        if (form == 0) return append_folded(scratch, mark, r);
        scratch.push_back(form);
        return true;
      };
      at += c.length;
      if (!fold_mark(c.code_point, record)) continue;
      const std::string mark = scratch;
      while (at < end) {
        const utf8::Decoded d = utf8::decode(line, at);
        const unicode::Record r = unicode::record(d.code_point);
        if (r.has(unicode::kWord) || is_space(d.code_point)) break;
        scratch.clear();
        if (fold_mark(d.code_point, r) && scratch != mark) break;
        at += d.length;
      }
      scratch = mark;
    }
    tokens.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(at),
                      vocabulary.find(scratch), static_cast<std::uint8_t>(flags)});
  }
  return at;
}

// --- reading rules ------------------------------------------------------------------------------

// Reads one pattern: alternatives `a | b`, sequences, `(...)`, `?`, `*`, `+`, {class}, "any case",
// 'exact', bare words, and `...` for any tokens.
class FurnitureRules::Parser {
 public:
  Parser(FurnitureRules& rules, const std::string& name, std::uint32_t line, std::string_view text)
      : rules_(rules), name_(name), line_(line), text_(text) {}

  Pattern whole() {
    const Part part = alternatives(0);
    if (at_ < text_.size()) fail("')' without '('");
    return finish(part);
  }
  // The alternatives of a class, each by itself.
  std::vector<Pattern> each() {
    std::vector<Pattern> all;
    for (;;) {
      pattern_ = {};
      all.push_back(finish(sequence(0)));
      skip();
      if (at_ == text_.size()) return all;
      if (text_[at_] != '|') fail("')' without '('");
      ++at_;
    }
  }

 private:
  struct Part {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool nullable = true;
    std::uint64_t needed = 0;
    std::uint32_t cost = kAlways;
    std::vector<std::uint64_t> required = {};
  };
  static constexpr int kDeepest = 20;

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(name_, line_, problem);
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  Pattern finish(const Part& part) {
    pattern_.required = part.required;
    pattern_.first = part.first;
    pattern_.last = part.last;
    pattern_.nullable = part.nullable;
    pattern_.needed = part.cost < kAlways ? part.needed : 0;
    if (part.nullable) {
      fail("the pattern matches nothing at all; it needs a part that must be there");
    }
    return std::move(pattern_);
  }
  Part alternatives(int depth) {
    Part all = sequence(depth);
    for (skip(); at_ < text_.size() && text_[at_] == '|'; skip()) {
      ++at_;
      const Part next = sequence(depth);
      all.first |= next.first;
      all.last |= next.last;
      all.nullable = all.nullable || next.nullable;
      all.needed |= next.needed;
      all.cost = std::min(kAlways, all.cost + next.cost);
      all.required.clear();
      if (all.cost < kAlways) all.required.push_back(all.needed);
    }
    return all;
  }
  Part sequence(int depth) {
    Part all;
    bool any = false;
    for (skip(); at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')'; skip()) {
      const Part next = item(depth);
      connect(all.last, next.first);
      if (all.nullable) all.first |= next.first;
      all.last = next.nullable ? all.last | next.last : next.last;
      all.nullable = all.nullable && next.nullable;
      if (!next.nullable) {
        all.required.insert(all.required.end(), next.required.begin(), next.required.end());
        if (next.cost < all.cost) {
          all.needed = next.needed;
          all.cost = next.cost;
        }
      }
      any = true;
    }
    if (!any) fail("an empty pattern or alternative");
    return all;
  }
  void connect(std::uint64_t from, std::uint64_t to) {
    for (; from != 0; from &= from - 1) {
      pattern_.follow[static_cast<std::size_t>(std::countr_zero(from))] |= to;
    }
  }
  Part item(int depth) {
    Part part = atom(depth);
    while (at_ < text_.size() && (text_[at_] == '?' || text_[at_] == '*' || text_[at_] == '+')) {
      if (text_[at_] != '?') connect(part.last, part.first);
      if (text_[at_] != '+') part.nullable = true;
      ++at_;
    }
    return part;
  }
  Part add(Element element) {
    const std::size_t i = pattern_.elements.size();
    if (i == kMostElements) {
      fail("more than 64 parts; write words that stand together as one \"quoted phrase\"");
    }
    const std::uint32_t cost = rules_.cost(element);
    pattern_.elements.push_back(std::move(element));
    pattern_.follow.push_back(0);
    const std::uint64_t bit = std::uint64_t{1} << i;
    Part part{.first = bit, .last = bit, .nullable = false, .needed = bit, .cost = cost};
    if (cost < kAlways) part.required.push_back(bit);
    return part;
  }
  Part atom(int depth) {
    const char c = text_[at_];
    if (c == '(') {
      if (depth == kDeepest) fail("brackets more than 20 deep");
      ++at_;
      const Part part = alternatives(depth + 1);
      if (at_ == text_.size()) fail("'(' without ')'");
      ++at_;
      return part;
    }
    if (c == '{') return class_element();
    if (c == '"' || c == '\'') {
      const std::size_t close = text_.find(c, at_ + 1);
      if (close == std::string_view::npos) fail(std::string("no closing ") + c);
      const std::string_view phrase = text_.substr(at_ + 1, close - at_ - 1);
      at_ = close + 1;
      return phrase_element(phrase, c == '\'');
    }
    if (text_.substr(at_).starts_with("...")) {
      at_ += 3;
      Part part = add({.test = Test::kBuiltin, .what = kAny, .ids = {}, .surface = {}});
      connect(part.last, part.first);
      part.nullable = true;
      return part;
    }
    const std::size_t end = std::min(text_.find_first_of(" \t|(){}\"'?*+", at_), text_.size());
    if (end == at_) fail(std::string("'") + c + "' stands where a word should; quote it");
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    return phrase_element(word, false);
  }
  Part phrase_element(std::string_view phrase, bool exact) {
    Element element{.test = Test::kPhrase, .exact = exact, .ids = {}, .surface = {}};
    const auto words = rules_.split_tokens(phrase, element.surface);
    if (words.empty()) fail("nothing to match in " + quoted(phrase));
    if (words.size() > kLongestLine) fail("a phrase of more than 128 words and marks");
    for (const std::string& word : words) element.ids.push_back(rules_.vocabulary_.intern(word));
    if (!exact) element.surface.clear();
    return add(std::move(element));
  }
  Part class_element() {
    const std::size_t close = text_.find('}', at_);
    if (close == std::string_view::npos) fail("'{' without '}'");
    const std::string_view name = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    const auto builtin = std::ranges::find(kBuiltins, name);
    if (builtin != kBuiltins.end()) {
      return add({.test = Test::kBuiltin,
                  .what = static_cast<std::uint32_t>(builtin - kBuiltins.begin()),
                  .ids = {},
                  .surface = {}});
    }
    const std::int32_t index = rules_.find_class(name);
    if (index < 0) fail("no class {" + std::string(name) + "} is defined above");
    return add({.test = Test::kClass,
                .what = static_cast<std::uint32_t>(index),
                .ids = {},
                .surface = {}});
  }

  FurnitureRules& rules_;
  const std::string& name_;
  std::uint32_t line_;
  std::string_view text_;
  std::size_t at_ = 0;
  Pattern pattern_;
};

std::vector<std::string> FurnitureRules::split_tokens(std::string_view text,
                                                      std::vector<std::string>& surface) const {
  std::vector<FurnitureToken> tokens;
  std::string scratch;
  std::vector<std::string> folded;
  const FurnitureVocabulary none;
  for (std::size_t at = 0; at < text.size();) {
    tokens.clear();
    at = read_furniture_tokens(text, at, text.size(), 1, none, scratch, tokens);
    if (tokens.empty()) break;
    folded.push_back(scratch);
    surface.emplace_back(text.substr(tokens[0].begin, tokens[0].end - tokens[0].begin));
  }
  return folded;
}

std::int32_t FurnitureRules::find_class(std::string_view name) const {
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    if (classes_[i].name == name) return static_cast<std::int32_t>(i);
  }
  return -1;
}

void FurnitureRules::read(const std::string& name, std::string_view rules,
                          std::span<const std::string> languages) {
  if (utf8::valid_prefix(rules) != rules.size()) throw InputError(name, "not UTF-8");
  std::string statement;
  std::uint32_t statement_line = 0;
  std::uint32_t line = 0;
  const auto flush = [&] {
    if (!statement.empty()) read_statement(name, statement_line, statement, languages);
    statement.clear();
  };
  while (!rules.empty()) {
    ++line;
    const std::size_t end = std::min(rules.find('\n'), rules.size());
    const std::string_view raw = rules.substr(0, end);
    rules.remove_prefix(std::min(end + 1, rules.size()));
    const std::string_view text = trimmed(without_comment(raw));
    if (text.empty() || text.front() == '#') continue;
    if (raw.front() == ' ' || raw.front() == '\t') {
      if (statement.empty()) throw InputError(name, line, "an indented line continues nothing");
      statement += ' ';
      statement += text;
      continue;
    }
    flush();
    statement = text;
    statement_line = line;
  }
  flush();
  index_rules();
}

void FurnitureRules::read_statement(const std::string& name, std::uint32_t line,
                                    std::string_view statement,
                                    std::span<const std::string> languages) {
  const auto fail = [&](const std::string& problem) -> void {
    throw InputError(name, line, problem);
  };
  const auto next_word = [&] {
    statement = trimmed(statement);
    const std::size_t end = std::min(statement.find_first_of(" \t"), statement.size());
    const std::string_view word = statement.substr(0, end);
    statement.remove_prefix(end);
    return word;
  };
  const std::string_view what = next_word();
  if (what == "class") {
    const std::size_t equals = statement.find('=');
    if (equals == std::string_view::npos) fail("a class is written: class NAME = patterns");
    const std::string_view full = trimmed(statement.substr(0, equals));
    const std::size_t slash = full.find('/');
    const std::string_view class_name = trimmed(full.substr(0, slash));
    std::string label(slash == std::string_view::npos ? std::string_view()
                                                      : trimmed(full.substr(slash + 1)));
    std::erase(label, '"');
    if (class_name.empty()) fail("a class needs a name");
    if (std::ranges::find(kBuiltins, class_name) != kBuiltins.end()) {
      fail("class " + quoted(class_name) + " is built in");
    }
    std::vector<Pattern> patterns = Parser(*this, name, line, statement.substr(equals + 1)).each();
    std::int32_t index = find_class(class_name);
    if (index < 0) {
      index = static_cast<std::int32_t>(classes_.size());
      classes_.push_back({std::string(class_name), {}, {}});
    }
    Class& to = classes_[static_cast<std::size_t>(index)];
    for (Pattern& pattern : patterns) {
      // Only phrases in a row: one phrase, found by its first token.
      Phrase phrase;
      bool plain = true;
      bool exact = false;
      for (std::size_t i = 0; plain && i < pattern.elements.size(); ++i) {
        const Element& e = pattern.elements[i];
        const std::uint64_t after =
            i + 1 < pattern.elements.size() ? std::uint64_t{1} << (i + 1) : 0;
        plain = e.test == Test::kPhrase && pattern.follow[i] == after;
        exact = exact || e.exact;
        phrase.ids.insert(phrase.ids.end(), e.ids.begin(), e.ids.end());
        phrase.surface.insert(phrase.surface.end(), e.surface.begin(), e.surface.end());
      }
      plain = plain && pattern.first == 1 &&
              pattern.last == std::uint64_t{1} << (pattern.elements.size() - 1) &&
              (!exact || phrase.surface.size() == phrase.ids.size());
      if (!plain || phrase.ids.size() > kLongestClass) {
        for (const Element& e : pattern.elements) {
          if (e.test == Test::kClass && std::cmp_greater_equal(e.what, index)) {
            fail("class " + quoted(class_name) + " may only use classes defined before it");
          }
        }
        to.patterns.push_back(std::move(pattern));
        continue;
      }
      const auto at = std::ranges::lower_bound(to.phrases, phrase.ids[0], {},
                                               [](const auto& entry) { return entry.first; });
      const auto entry = at != to.phrases.end() && at->first == phrase.ids[0]
                             ? at
                             : to.phrases.insert(at, {phrase.ids[0], {}});
      if (!label.empty()) {
        std::string key;
        for (const std::int32_t id : phrase.ids) key += std::to_string(id) + ' ';
        labels_.try_emplace(key, label);
      }
      entry->second.push_back(std::move(phrase));
    }
    return;
  }

  Rule rule;
  rule.line = line;
  const auto kind = std::ranges::find(kFurnitureKinds, what);
  if (kind == kFurnitureKinds.end()) {
    std::string known;
    for (const std::string_view k : kFurnitureKinds) {
      known += (known.empty() ? "" : ", ") + std::string(k);
    }
    fail("begins with " + quoted(what) + "; expected 'class' or a kind: " + known);
  }
  rule.kind = static_cast<FurnitureKind>(kind - kFurnitureKinds.begin());
  const std::string_view scope = next_word();
  if (scope == "line") {
    rule.scope = Scope::kLine;
  } else if (scope == "start") {
    rule.scope = Scope::kStart;
  } else if (scope == "any") {
    rule.scope = Scope::kAny;
  } else {
    fail("has " + quoted(scope) + " where one of line, start, any should be");
  }
  rule.id = next_word();
  const std::size_t dot = rule.id.find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == rule.id.size()) {
    fail("rule " + quoted(rule.id) + " must be named LANGUAGE.NAME, e.g. en.read-more");
  }
  rule.language = rule.id.substr(0, dot);
  if (std::ranges::any_of(rules_, [&](const Rule& r) { return r.id == rule.id; })) {
    fail("there are two rules " + quoted(rule.id));
  }
  for (;;) {
    const std::string_view word = next_word();
    if (word.empty()) fail("no ':' before the pattern");
    if (word == ":") break;
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    const std::pair<std::string_view, bool*> switches[] = {
        {"thorough", &rule.thorough}, {"head", &rule.head},   {"tail", &rule.tail},
        {"last", &rule.last},         {"upper", &rule.upper}, {"open", &rule.open},
        {"wire", &rule.wire},         {"label", &rule.label}};
    const auto found = std::ranges::find(switches, key, &std::pair<std::string_view, bool*>::first);
    if (found != std::end(switches) && equals == std::string_view::npos) {
      *found->second = true;
    } else if (key == "max") {
      const auto [end, error] =
          std::from_chars(value.data(), value.data() + value.size(), rule.max);
      if (error != std::errc() || end != value.data() + value.size() || rule.max == 0) {
        fail("max is " + quoted(value) + "; expected a number of characters, at least 1");
      }
    } else if (key == "confidence") {
      const auto [end, error] =
          std::from_chars(value.data(), value.data() + value.size(), rule.confidence);
      if (error != std::errc() || end != value.data() + value.size() ||
          !(rule.confidence > 0 && rule.confidence <= 1)) {
        fail("confidence is " + quoted(value) + "; expected a number above 0, at most 1");
      }
    } else if (key == "source") {
      // A name with spaces is quoted.
      std::string source(value);
      if (!value.empty() && value.front() == '"') {
        const char* const from = value.data() + 1;
        const char* const stop = statement.data() + statement.size();
        const char* const close = std::find(from, stop, '"');
        if (close == stop) fail("no closing \" after source=");
        source.assign(from, close);
        statement = std::string_view(close + 1, static_cast<std::size_t>(stop - close - 1));
      }
      if (source.empty()) fail("source= without a name");
      const auto at = std::ranges::find(sources_, source);
      rule.source = static_cast<std::int32_t>(at - sources_.begin());
      if (at == sources_.end()) sources_.push_back(source);
    } else {
      fail("has " + quoted(word) +
           "; expected thorough, head, tail, last, upper, open, wire, label, max=N, "
           "confidence=0.95, source=NAME or ':'");
    }
  }
  Pattern pattern = Parser(*this, name, line, statement).whole();
  if (!languages.empty() && rule.language != "x" &&
      std::ranges::find(languages, rule.language) == languages.end()) {
    return;
  }
  rule.pattern = static_cast<std::uint32_t>(patterns_.size());
  patterns_.push_back(std::move(pattern));
  rules_.push_back(std::move(rule));
}

std::int32_t FurnitureRules::rarest(std::span<const std::int32_t> ids) const {
  return *std::ranges::min_element(ids, {}, [&](std::int32_t id) { return vocabulary_.cost(id); });
}

// Adds the tokens of which every match has one. False where there are none such.
bool FurnitureRules::add_needed(const Element& element, std::vector<std::int32_t>& ids) const {
  switch (element.test) {
    case Test::kBuiltin: return false;
    case Test::kPhrase: ids.push_back(rarest(element.ids)); return true;
    case Test::kClass: break;
  }
  for (const auto& [first, phrases] : classes_[element.what].phrases) {
    for (const Phrase& phrase : phrases) ids.push_back(rarest(phrase.ids));
  }
  return std::ranges::all_of(classes_[element.what].patterns, [&](const Pattern& pattern) {
    return add_needed(pattern, pattern.needed, ids);
  });
}

bool FurnitureRules::add_needed(const Pattern& pattern, std::uint64_t elements,
                                std::vector<std::int32_t>& ids) const {
  if (elements == 0) return false;
  for (; elements != 0; elements &= elements - 1) {
    if (!add_needed(pattern.elements[static_cast<std::size_t>(std::countr_zero(elements))], ids)) {
      return false;
    }
  }
  return true;
}

std::uint32_t FurnitureRules::cost(std::span<const std::int32_t> ids) const {
  std::uint32_t sum = 0;
  for (const std::int32_t id : ids) sum = std::min(kAlways - 1, sum + vocabulary_.cost(id));
  return sum;
}

std::uint32_t FurnitureRules::cost(const Element& element) const {
  std::vector<std::int32_t> ids;
  return add_needed(element, ids) ? cost(ids) : kAlways;
}

// Anew each time that rules are read: they may add to the classes of those read before.
void FurnitureRules::index_rules() {
  index_conditions();
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    index_rule(static_cast<std::uint32_t>(rule));
  }
  for (Index* const index : {first_.data(), &first_[1], &first_[2], &last_}) {
    index->arrange(vocabulary_.size());
  }
  index_generic();
  for (Pattern& pattern : patterns_) index_pattern(pattern);
  for (Class& c : classes_) {
    for (Pattern& pattern : c.patterns) index_pattern(pattern);
  }
}

void FurnitureRules::Index::arrange(std::size_t tokens) {
  std::ranges::sort(entries);  // rules of a token in their order
  begins.assign(tokens + 2, 0);
  rules.clear();
  for (const auto& [token, rule] : entries) {
    ++begins[static_cast<std::size_t>(token) + 2];
    rules.push_back(rule);
  }
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  entries = {};
}

void FurnitureRules::index_conditions() {
  std::map<std::vector<std::int32_t>, std::uint32_t> numbers{{{}, 0}};
  rule_begins_.assign(1, 0);
  rule_conditions_.clear();
  for (const Rule& rule : rules_) {
    const Pattern& pattern = patterns_[rule.pattern];
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found;  // cost, condition
    for (const std::uint64_t elements : pattern.required) {
      std::vector<std::int32_t> ids;
      if (!add_needed(pattern, elements, ids)) continue;
      std::ranges::sort(ids);
      const auto repeated = std::ranges::unique(ids);
      ids.erase(repeated.begin(), repeated.end());
      const std::uint32_t price = cost(ids);
      const auto number = static_cast<std::uint32_t>(numbers.size());
      found.emplace_back(price, numbers.try_emplace(std::move(ids), number).first->second);
    }
    if (found.empty()) found.emplace_back(0, 0);
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    for (const auto& [price, condition] : found) rule_conditions_.push_back(condition);
    rule_begins_.push_back(static_cast<std::uint32_t>(rule_conditions_.size()));
  }

  condition_words_ =
      (numbers.size() + 64 * kConditionWords - 1) / (64 * kConditionWords) * kConditionWords;
  token_conditions_.assign(vocabulary_.size() + 1, 0);
  condition_bits_.assign(kConditionWords, 0);
  for (const auto& [ids, condition] : numbers) {
    for (const std::int32_t id : ids) {
      std::uint32_t& begin = token_conditions_[static_cast<std::size_t>(std::int64_t{id} + 1)];
      if (begin == 0) {
        begin = static_cast<std::uint32_t>(condition_bits_.size());
        condition_bits_.resize(condition_bits_.size() + condition_words_);
      }
      condition_bits_[begin + condition / 64] |= std::uint64_t{1} << (condition % 64);
    }
  }
  generic_begins_.assign(numbers.size() + 1, 0);
  generic_.clear();
}

// Once it is known which rules are generic.
void FurnitureRules::index_generic() {
  const std::span<const std::uint32_t> all = by_first(Scope::kLine, -1);
  generic_.assign(all.begin(), all.end());
  const auto rarest_condition = [&](std::uint32_t rule) {
    return rule_conditions_[rule_begins_[rule]];
  };
  std::ranges::stable_sort(generic_, {}, rarest_condition);
  for (const std::uint32_t rule : generic_) ++generic_begins_[rarest_condition(rule) + 1];
  std::partial_sum(generic_begins_.begin(), generic_begins_.end(), generic_begins_.begin());
}

void FurnitureRules::index_pattern(Pattern& pattern) const {
  pattern.by_form = {};
  pattern.by_form_alone = 0;
  pattern.starts.clear();
  pattern.starts_seen = 0;
  pattern.captures = false;
  pattern.before.assign(pattern.elements.size(), 0);
  std::vector<std::pair<std::int32_t, std::uint64_t>> found;
  for (std::size_t e = 0; e < pattern.elements.size(); ++e) {
    const std::uint64_t bit = std::uint64_t{1} << e;
    for (std::uint64_t left = pattern.follow[e]; left != 0; left &= left - 1) {
      pattern.before[static_cast<std::size_t>(std::countr_zero(left))] |= bit;
    }
    pattern.captures = pattern.captures || captured_by(pattern.elements[e]).has_value();
    const Element& element = pattern.elements[e];
    const bool alone = element.test == Test::kBuiltin &&
                       (element.what == kAny || element.what == kWord || element.what == kNumber ||
                        element.what == kCap || element.what == kPunct);
    if (alone) pattern.by_form_alone |= bit;
    Edge edge;
    add_edge(pattern, bit, true, edge);
    for (std::size_t i = 0; i < kForms; ++i) {
      if ((edge.forms >> i & 1) != 0) pattern.by_form[i] |= bit;
    }
    for (const std::int32_t id : edge.ids) found.emplace_back(id, bit);
  }
  std::ranges::sort(found);
  for (const auto& [id, bit] : found) {
    if (pattern.starts.empty() || pattern.starts.back().first != id) {
      pattern.starts.emplace_back(id, 0);
    }
    pattern.starts.back().second |= bit;
    pattern.starts_seen |= std::uint64_t{1} << (id & 63);
  }
}

// The elements that a match of which could begin with a token.
std::uint64_t FurnitureRules::may_start(const Pattern& pattern, const FurnitureToken& token) {
  static constexpr std::array<Form, 64> kFormOf = [] {
    std::array<Form, 64> table{};
    for (unsigned flags = 0; flags < table.size(); ++flags) table[flags] = form(flags);
    return table;
  }();
  const std::uint64_t by_form = pattern.by_form[kFormOf[token.flags]];
  if (token.id < 0 || (pattern.starts_seen >> (token.id & 63) & 1) == 0) return by_form;
  const auto at = std::ranges::lower_bound(pattern.starts, token.id, {},
                                           [](const auto& start) { return start.first; });
  return at == pattern.starts.end() || at->first != token.id ? by_form : by_form | at->second;
}

// What a match of an element is given as.
std::optional<FurnitureRules::Captured> FurnitureRules::captured_by(const Element& element) const {
  if (element.test != Test::kClass) return std::nullopt;
  const auto named = std::ranges::find(kCaptured, classes_[element.what].name,
                                       &std::pair<std::string_view, Captured>::first);
  if (named == kCaptured.end()) return std::nullopt;
  return named->second;
}

std::uint8_t FurnitureRules::forms_of(std::uint32_t builtin) {
  switch (builtin) {
    case kAny: return 1u << kMark | 1u << kFigure | 1u << kCapitalWord | 1u << kOtherWord;
    case kWord: return 1u << kFigure | 1u << kCapitalWord | 1u << kOtherWord;
    case kNumber:
    case kDay:
    case kYear: return 1u << kFigure;
    case kCap: return 1u << kCapitalWord;
    case kUpper: return 1u << kCapitalWord | 1u << kOtherWord;  // "3D"
    case kLower: return 1u << kOtherWord;
    default: return 1u << kMark;
  }
}

void FurnitureRules::add_edge(const Pattern& pattern, std::uint64_t elements, bool front,
                              Edge& edge) const {
  for (; elements != 0; elements &= elements - 1) {
    const Element& e = pattern.elements[static_cast<std::size_t>(std::countr_zero(elements))];
    switch (e.test) {
      case Test::kPhrase: edge.ids.push_back(front ? e.ids.front() : e.ids.back()); break;
      case Test::kBuiltin: edge.forms |= forms_of(e.what); break;
      case Test::kClass:
        for (const auto& [first, phrases] : classes_[e.what].phrases) {
          for (const Phrase& phrase : phrases) {
            edge.ids.push_back(front ? phrase.ids.front() : phrase.ids.back());
          }
        }
        for (const Pattern& p : classes_[e.what].patterns) {
          add_edge(p, front ? p.first : p.last, front, edge);
        }
        break;
    }
  }
}

void FurnitureRules::index_rule(std::uint32_t rule) {
  const Pattern& pattern = patterns_[rules_[rule].pattern];
  const auto scope = static_cast<std::size_t>(rules_[rule].scope);
  const auto put = [&](Index& index, std::vector<std::int32_t>& ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    for (const std::int32_t id : ids) index.entries.emplace_back(id, rule);
  };
  Edge front;
  add_edge(pattern, pattern.first, true, front);
  if (front.forms == 0) return put(first_[scope], front.ids);
  if (rules_[rule].scope == Scope::kLine) {
    Edge back;
    add_edge(pattern, pattern.last, false, back);
    if (back.forms == 0) return put(last_, back.ids);
  }
  first_[scope].entries.emplace_back(-1, rule);
}

std::string_view FurnitureRules::find_agency(std::string_view captured) const {
  std::vector<FurnitureToken> tokens;
  std::string scratch;
  read_furniture_tokens(captured, 0, captured.size(), kLongestClass + 1, vocabulary_, scratch,
                        tokens);
  std::string key;
  for (const FurnitureToken& token : tokens) key += std::to_string(token.id) + ' ';
  const auto at = labels_.find(key);
  return at == labels_.end() ? std::string_view() : at->second;
}

std::string FurnitureRules::agency(std::string_view captured) const {
  const std::string_view own = find_agency(captured);
  return std::string(own.empty() ? captured : own);
}

std::vector<std::string> FurnitureRules::agencies() const {
  std::set<std::string> names;
  for (const auto& [key, name] : labels_) names.insert(name);
  return {names.begin(), names.end()};
}

// --- matching -----------------------------------------------------------------------------------

bool FurnitureRules::phrase_at(std::span<const std::int32_t> ids,
                               std::span<const std::string> surface, const FurnitureTokens& line,
                               std::size_t at) const {
  if (line.tokens.size() - at < ids.size()) return false;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (line.tokens[at + i].id != ids[i]) return false;
  }
  for (std::size_t i = 0; i < surface.size(); ++i) {
    const FurnitureToken& token = line.tokens[at + i];
    if (line.text.substr(token.begin, token.end - token.begin) != surface[i]) return false;
  }
  return true;
}

// Bit k: the element can match k tokens from `at` on (a phrase: its length, at most 31 of them).
std::uint32_t FurnitureRules::lengths(const Element& element, const FurnitureTokens& line,
                                      std::size_t at) const {
  if (at >= line.tokens.size()) return 0;
  if (element.test == Test::kClass) return class_lengths(element.what, line, at);
  const FurnitureToken& token = line.tokens[at];
  const std::size_t bytes = token.end - token.begin;
  const auto number = [&] {
    int value = -1;
    if (bytes <= 4) {
      std::from_chars(&line.text[token.begin], &line.text[token.begin] + bytes, value);
    }
    return value;
  };
  using Token = FurnitureToken;
  bool yes = false;
  switch (element.what) {
    case kAny: yes = true; break;
    case kWord: yes = (token.flags & Token::kWord) != 0; break;
    case kNumber: yes = (token.flags & Token::kNumber) != 0; break;
    case kDay:
      yes = (token.flags & Token::kNumber) != 0 && bytes <= 2 && number() >= 1 && number() <= 31;
      break;
    case kYear:
      yes =
          (token.flags & Token::kNumber) != 0 && bytes == 4 && number() >= 1800 && number() <= 2199;
      break;
    case kCap: yes = (token.flags & Token::kCapital) != 0; break;
    case kUpper: yes = (token.flags & Token::kUpper) != 0; break;
    case kLower: yes = (token.flags & Token::kLower) != 0; break;
    case kPunct: yes = (token.flags & Token::kWord) == 0; break;
    default: break;
  }
  return yes ? 2 : 0;
}

std::uint32_t FurnitureRules::class_lengths(std::uint32_t index, const FurnitureTokens& line,
                                            std::size_t at) const {
  if (at > 0 || line.known.empty()) return read_class_lengths(index, line, at);
  std::uint64_t& known = line.known[index];
  if (known >> 32 != line.round) {
    known = std::uint64_t{line.round} << 32 | read_class_lengths(index, line, at);
  }
  return static_cast<std::uint32_t>(known);
}

std::uint32_t FurnitureRules::read_class_lengths(std::uint32_t index, const FurnitureTokens& line,
                                                 std::size_t at) const {
  const Class& c = classes_[index];
  std::uint32_t found = 0;
  const std::int32_t id = line.tokens[at].id;
  const auto entry = std::ranges::lower_bound(c.phrases, id, {},
                                              [](const auto& phrases) { return phrases.first; });
  if (entry != c.phrases.end() && entry->first == id) {
    for (const Phrase& phrase : entry->second) {
      if (phrase_at(phrase.ids, phrase.surface, line, at)) found |= 1u << phrase.ids.size();
    }
  }
  for (const Pattern& pattern : c.patterns) found |= pattern_lengths(pattern, line, at);
  return found;
}

std::uint32_t FurnitureRules::pattern_lengths(const Pattern& pattern, const FurnitureTokens& line,
                                              std::size_t at) const {
  std::uint64_t ended[kLongestClass + 1] = {};
  std::uint32_t found = 0;
  std::uint32_t open = 1;  // bit i: something ended at i tokens
  for (std::size_t i = 0; i <= kLongestClass && open >> i != 0; ++i) {
    std::uint64_t live = i == 0 ? pattern.first : 0;
    for (std::uint64_t left = ended[i]; left != 0; left &= left - 1) {
      live |= pattern.follow[static_cast<std::size_t>(std::countr_zero(left))];
    }
    if ((ended[i] & pattern.last) != 0) found |= 1u << i;
    if (at + i >= line.tokens.size()) continue;
    live &= may_start(pattern, line.tokens[at + i]);
    if (const std::uint64_t simple = live & pattern.by_form_alone; simple != 0) {
      if (i < kLongestClass) {
        ended[i + 1] |= simple;
        open |= 1u << (i + 1);
      }
      live &= ~simple;
    }
    for (; live != 0; live &= live - 1) {
      const auto e = static_cast<std::size_t>(std::countr_zero(live));
      const Element& element = pattern.elements[e];
      std::uint32_t tokens = 0;
      if (element.test == Test::kPhrase) {
        if (element.ids.size() <= kLongestClass &&
            phrase_at(element.ids, element.surface, line, at + i)) {
          tokens = 1u << element.ids.size();
        }
      } else {
        tokens = lengths(element, line, at + i);
      }
      for (; tokens != 0; tokens &= tokens - 1) {
        const std::size_t to = i + static_cast<std::size_t>(std::countr_zero(tokens));
        if (to > kLongestClass) break;
        ended[to] |= std::uint64_t{1} << e;
        open |= 1u << to;
      }
    }
  }
  return found;
}

std::size_t FurnitureRules::match(std::uint32_t rule, const FurnitureTokens& line,
                                  Captures& captures) const {
  const Pattern& pattern = patterns_[rules_[rule].pattern];
  const bool whole = rules_[rule].scope == Scope::kLine;
  const std::size_t n = std::min(line.tokens.size(), kLongestLine);
  std::uint64_t ended[kLongestLine + 1];
  ended[0] = 0;
  const auto element_lengths = [&](const Element& element, std::size_t at, auto&& each) {
    if (element.test == Test::kPhrase) {
      if (at < n && at + element.ids.size() <= n &&
          phrase_at(element.ids, element.surface, line, at)) {
        each(element.ids.size());
      }
      return;
    }
    for (std::uint32_t tokens = lengths(element, line, at); tokens != 0; tokens &= tokens - 1) {
      each(static_cast<std::size_t>(std::countr_zero(tokens)));
    }
  };
  std::size_t farthest = 0;
  std::size_t best = 0;
  for (std::size_t i = 0; i <= n && i <= farthest; ++i) {
    std::uint64_t live = i == 0 ? pattern.first : 0;
    for (std::uint64_t left = ended[i]; left != 0; left &= left - 1) {
      live |= pattern.follow[static_cast<std::size_t>(std::countr_zero(left))];
    }
    if ((ended[i] & pattern.last) != 0) best = i;
    if (i == n) break;
    live &= may_start(pattern, line.tokens[i]);
    if (const std::uint64_t simple = live & pattern.by_form_alone; simple != 0) {
      if (farthest == i) ended[++farthest] = 0;
      ended[i + 1] |= simple;
      live &= ~simple;
    }
    for (; live != 0; live &= live - 1) {
      const auto e = static_cast<std::size_t>(std::countr_zero(live));
      element_lengths(pattern.elements[e], i, [&](std::size_t tokens) {
        if (i + tokens > n) return;
        while (farthest < i + tokens) ended[++farthest] = 0;
        ended[i + tokens] |= std::uint64_t{1} << e;
      });
    }
  }
  if (best == 0) return 0;
  if (whole) {
    // A full stop more or less makes no difference.
    for (std::size_t i = best; i < n; ++i) {
      if (line.text[line.tokens[i].begin] != '.') return 0;
    }
  }
  std::uint64_t at_end = ended[best] & pattern.last;
  if (whole && !line.complete) {
    // What was not looked at can only be what `...` stands for.
    std::uint64_t any = 0;
    for (std::uint64_t left = at_end; left != 0; left &= left - 1) {
      const auto e = static_cast<std::size_t>(std::countr_zero(left));
      const Element& element = pattern.elements[e];
      if (element.test == Test::kBuiltin && element.what == kAny &&
          (pattern.follow[e] >> e & 1) != 0) {
        any |= std::uint64_t{1} << e;
      }
    }
    if (any == 0) return 0;
    at_end = any;
  }

  // Back from the end along one way to match: of several, by the element that comes last in the
  // pattern and takes most tokens.
  captures = {};
  if (!pattern.captures) return best;
  std::size_t end = best;
  std::uint64_t candidates = at_end;
  while (end > 0) {
    std::optional<std::pair<std::size_t, std::size_t>> step;  // element, its first token
    for (std::uint64_t left = candidates & ended[end]; left != 0 && !step;) {
      const auto e = static_cast<std::size_t>(63 - std::countl_zero(left));
      left &= ~(std::uint64_t{1} << e);
      const Element& element = pattern.elements[e];
      const std::size_t longest =
          element.test == Test::kPhrase ? element.ids.size() : kLongestClass;
      for (std::size_t k = std::min(longest, end); k > 0 && !step; --k) {
        const std::size_t from = end - k;
        const bool reached =
            from == 0 ? (pattern.first >> e & 1) != 0 : (ended[from] & pattern.before[e]) != 0;
        if (!reached) continue;
        bool fits = false;
        element_lengths(element, from, [&](std::size_t tokens) { fits = fits || tokens == k; });
        if (fits) step.emplace(e, from);
      }
    }
    if (!step) break;
    const auto [e, from] = *step;
    if (const auto captured = captured_by(pattern.elements[e])) {
      captures[*captured] = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(end)};
    }
    candidates = pattern.before[e];
    end = from;
  }
  return best;
}

}  // namespace wirecopy
