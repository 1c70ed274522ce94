#include "wirecopy/text/furniture_tokens.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

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

// Reads a token of ASCII that ends before any other character, at `at`, and its key; moves `at` to
// its end. False where it is none, or long.
bool read_ascii_token(std::string_view text, std::size_t end, std::size_t& at,
                      FurnitureToken& token, FurnitureVocabulary::Short& key) {
  using Token = FurnitureToken;
  const auto kind_at = [&](std::size_t i) { return kAscii[static_cast<std::uint8_t>(text[i])]; };
  const std::uint8_t first = kind_at(at);
  std::size_t stop = 0;
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
    key = {.low = static_cast<std::uint8_t>(mark), .high = 0};
  } else {
    return false;
  }
  token = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(stop), -1,
           static_cast<std::uint8_t>(flags)};
  at = stop;
  return true;
}

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
  if (first == ' ') return 1200;  // any number: less than a mark, which is met nearly as often
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

void FurnitureVocabulary::find_all(std::span<const Short> keys, std::span<FurnitureToken> tokens,
                                   std::vector<std::uint32_t>& known) const {
  known.resize(std::max(known.size(), keys.size()));
  std::size_t count = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::uint64_t hash = hash_of(keys[i]);
    known[count] = static_cast<std::uint32_t>(i);
    count += seen(hash) & static_cast<std::uint64_t>(keys[i].low != 0);
  }
  for (std::size_t k = 0; k < count; ++k) {
    const Short& key = keys[known[k]];
    tokens[known[k]].id = find_slot(key, hash_of(key));
  }
}

std::size_t read_furniture_tokens(std::string_view text, std::size_t begin, std::size_t end,
                                  std::size_t most, const FurnitureVocabulary& vocabulary,
                                  FurnitureScratch& memory, std::vector<FurnitureToken>& tokens) {
  using Token = FurnitureToken;
  std::string& scratch = memory.folded;
  const std::size_t before = tokens.size();
  memory.keys.clear();
  const std::string_view line = text.substr(0, end);
  std::size_t at = begin;
  while (at < end && tokens.size() < most) {
    if (kAscii[static_cast<std::uint8_t>(text[at])] == kBlank) {
      ++at;
      continue;
    }
    Token ascii;
    FurnitureVocabulary::Short key;
    // Without a vocabulary it is the folded token itself that is wanted.
    if (vocabulary.size() > 0 && read_ascii_token(text, end, at, ascii, key)) {
      tokens.push_back(ascii);
      memory.keys.push_back(key);
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
    memory.keys.push_back({});
  }
  vocabulary.find_all(memory.keys, std::span(tokens).subspan(before), memory.known);
  return at;
}

}  // namespace wirecopy
