#include "wirecopy/text/furniture.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/byte_set.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

using Kind = FurnitureKind;
using Rule = FurnitureRules::Rule;
using Scope = FurnitureRules::Scope;
using Token = FurnitureToken;

constexpr std::size_t kTailLines = 10;
constexpr std::size_t kHeadBytes = 1500;    // of a text of one or two lines
constexpr std::size_t kGenericBytes = 600;  // longest line for rules that could begin with anything
constexpr std::size_t kLookTokens = 200;    // of them that count

std::uint8_t at_byte(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

bool is_letter(char c) { return static_cast<std::uint8_t>((c | 0x20) - 'a') < 26; }

// Bytes of the line break at `at`, or 0.
std::size_t break_at(std::string_view text, std::size_t at) {
  const std::uint8_t b = at_byte(text, at);
  if (b == '\r') return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
  if ((b >= 0x0A && b <= 0x0C) || (b >= 0x1C && b <= 0x1E)) return 1;
  if (b == 0xC2) return at + 1 < text.size() && at_byte(text, at + 1) == 0x85 ? 2 : 0;
  if (b == 0xE2 && at + 2 < text.size() && at_byte(text, at + 1) == 0x80) {
    return at_byte(text, at + 2) == 0xA8 || at_byte(text, at + 2) == 0xA9 ? 3 : 0;
  }
  return 0;
}

// The bytes that a line break may begin with.
const ByteSet& may_break() {
  static const ByteSet bytes("\n\v\f\r\x1C\x1D\x1E\xC2\xE2");
  return bytes;
}

// Bytes of the white space (or byte order mark) at `at`, or 0.
std::size_t space_at(std::string_view text, std::size_t at) {
  const std::uint8_t b = at_byte(text, at);
  if (b == ' ' || (b >= 0x09 && b <= 0x0D) || (b >= 0x1C && b <= 0x1F)) return 1;
  if (b == 0xC2) {
    return at + 1 < text.size() && (at_byte(text, at + 1) == 0xA0 || at_byte(text, at + 1) == 0x85)
               ? 2
               : 0;
  }
  if (b < 0xE1) return 0;
  const char32_t c = utf8::decode(text, at).code_point;
  return c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
                 c == 0x205F || c == 0x3000 || c == 0xFEFF
             ? 3
             : 0;
}

// Where the character that ends at `end` begins.
std::size_t before(std::string_view text, std::size_t begin, std::size_t end) {
  --end;
  while (end > begin && (at_byte(text, end) & 0xC0u) == 0x80u) --end;
  return end;
}

// Whether a line ends as a sentence, or a part of one, does.
bool ends_like_sentence(std::string_view line) {
  for (std::size_t end = line.size(); end > 0;) {
    const std::size_t at = before(line, 0, end);
    switch (utf8::decode(line, at).code_point) {
      case '"':
      case '\'':
      case ')':
      case ']':
      case 0x201D:
      case 0x201C:
      case 0x2019:
      case 0xBB:
      case 0xAB:
      case 0x300D:
      case 0xFF09: end = at; continue;
      case '.':
      case '!':
      case '?':
      case ':':
      case ';':
      case ',':
      case 0x2026:
      case 0x3002:
      case 0xFF01:
      case 0xFF1F:
      case 0xFF1A:
      case 0xFF1B:
      case 0x61F:
      case 0x6D4: return true;
      default: return false;
    }
  }
  return false;
}

// Whether a sentence may begin at `at`, which follows a space or an ideographic full stop.
bool sentence_may_begin(std::string_view text, std::size_t begin, std::size_t at) {
  if (text[at] == '(' || text[at] == '[') return true;
  if (text.substr(at).starts_with("\xC2\xA9")) return true;
  std::size_t end = at;
  while (end > begin && text[end - 1] == ' ') --end;
  if (end + 1 < at) return true;  // several spaces
  if (end == begin) return false;
  switch (text[end - 1]) {
    case '.':
    case '!':
    case '?':
    case ')':
    case ']':
    case '"':
    case '\'':
    case '|':
    case '*': return true;
    default: break;
  }
  const char32_t c = utf8::decode(text, before(text, begin, end)).code_point;
  return c == 0x201D || c == 0x2019 || c == 0xBB || c == 0x2026 || c == 0x3002 || c == 0xFF01 ||
         c == 0xFF1F || c == 0x2022 || c == 0xB7 || c == 0x61F;
}

// Whether a hyphen stands between two words without a space: "KOZIEL-ROY".
bool is_inside_word(std::string_view text, const Token& mark, std::size_t end) {
  return text[mark.begin] == '-' && mark.end == mark.begin + 1 && mark.begin > 0 &&
         text[mark.begin - 1] != ' ' && text[mark.begin - 1] != ')' && mark.end < end &&
         text[mark.end] != ' ';
}

}  // namespace

void FurnitureFinder::cut_lines(std::string_view text) {
  lines_.clear();
  const ByteSet& breaks = may_break();
  std::size_t raw = 0;
  std::size_t broken = 0;  // lines, since the last that was not blank
  for (std::size_t at = 0;;) {
    std::size_t length = 0;
    while ((at = breaks.find(text, at)) < text.size() && (length = break_at(text, at)) == 0) ++at;
    std::size_t begin = raw;
    std::size_t end = at;
    while (begin < end) {
      const std::size_t space = space_at(text, begin);
      if (space == 0) break;
      begin += space;
    }
    while (begin < end) {
      const std::size_t last = before(text, begin, end);
      if (space_at(text, last) == 0) break;
      end = last;
    }
    if (begin < end) {
      Line line;
      line.raw_begin = static_cast<std::uint32_t>(lines_.empty() ? 0 : raw);
      line.raw_end = static_cast<std::uint32_t>(at + length);
      line.begin = static_cast<std::uint32_t>(begin);
      line.end = static_cast<std::uint32_t>(end);
      line.after_blank = broken > 1 && !lines_.empty();
      lines_.push_back(line);
      broken = 0;
    }
    if (at >= text.size()) return;
    ++broken;
    at += length;
    raw = at;
  }
}

// Reads the tokens of a line, and how it looks.
void FurnitureFinder::read_line(std::string_view text, Line& line) {
  tokens_.clear();
  tokens_read_ = line.end - line.begin <= kGenericBytes;
  if (!tokens_read_) return;
  complete_ = read_furniture_tokens(text, line.begin, line.end, kLookTokens, rules_->vocabulary(),
                                    scratch_, tokens_) == line.end;
  if (line.end - line.begin <= kShortBytes) line.look = look_at(text, line);
}

// What was known of the first token is not of another.
void FurnitureFinder::begin_round() {
  if (++round_ != 0) return;
  std::ranges::fill(known_, 0u);  // after four billion rounds
  round_ = 1;
}

// Finds which conditions of rules these tokens meet.
void FurnitureFinder::find_met(std::span<const Token> tokens) {
  // Most tokens meet none. Which do is not to be foreseen, so they are told without a branch.
  rows_.resize(std::max(rows_.size(), tokens.size() + 1));
  std::size_t count = 0;
  unsigned flags = 0;
  for (const Token& token : tokens) {
    rows_[count] = rules_->conditions_of(token.id);
    count += rows_[count] != 0 ? 1 : 0;
    flags |= token.flags;
  }
  if ((flags & Token::kNumber) != 0) rows_[count++] = rules_->conditions_of_numbers();
  const std::uint64_t* const bits = rules_->condition_bits();
  static_assert(FurnitureRules::kConditionWords == 4);
  for (std::size_t i = 0; i < met_.size(); i += 4) {
    std::uint64_t m0 = 0, m1 = 0, m2 = 0, m3 = 0;
    for (std::size_t row = 0; row < count; ++row) {
      const std::uint64_t* const more = bits + rows_[row] + i;
      m0 |= more[0];
      m1 |= more[1];
      m2 |= more[2];
      m3 |= more[3];
    }
    met_[i] = m0;
    met_[i + 1] = m1;
    met_[i + 2] = m2;
    met_[i + 3] = m3;
  }
  met_[0] |= 1;
}

// Lists the rules that could begin and end a line with anything.
void FurnitureFinder::list_generic() {
  generic_.clear();
  const std::span<const std::uint64_t> with_rules = rules_->generic_conditions();
  for (std::size_t i = 0; i < met_.size(); ++i) {
    for (std::uint64_t left = met_[i] & with_rules[i]; left != 0; left &= left - 1) {
      const std::size_t condition = i * 64 + static_cast<std::size_t>(std::countr_zero(left));
      for (const std::uint32_t rule : rules_->generic_under(condition)) {
        if (rules_->possible(rule, met_)) generic_.push_back(rule);
      }
    }
  }
}

bool FurnitureFinder::allowed(const Rule& rule, std::string_view text, std::size_t line,
                              std::int32_t source) {
  if (rule.thorough && !options_.thorough) return false;
  if (rule.source >= 0 && rule.source != source) return false;
  if (rule.head && !is_head(line)) return false;
  if (rule.tail && line + kTailLines < lines_.size()) return false;
  Line& l = lines_[line];
  const std::uint32_t bytes = l.end - l.begin;
  if (bytes > rule.max) {
    if (bytes > rule.max * std::uint64_t{4}) return false;
    if (l.characters == 0) {
      l.characters =
          static_cast<std::uint32_t>(utf8::count_code_points(text.substr(l.begin, bytes)));
    }
    if (l.characters > rule.max) return false;
  }
  if (rule.open &&
      (bytes <= kShortBytes ? !l.look.open : ends_like_sentence(text.substr(l.begin, bytes)))) {
    return false;
  }
  return !rule.upper || l.look.upper;
}

// What a token adds to the counts that lines are judged by: eight of a byte each, as a line has at
// most kLookTokens of them.
enum LookCount : unsigned {
  kWords,
  kNumbers,
  kCapitals,
  kCasedWords,
  kUppers,
  kStarts,
  kLongWords,
  kLongCapitals
};
static_assert(kLookTokens < 256);

// By the bytes of the token, as far as four, and its flags: no branch, which no processor could
// foresee.
constexpr std::size_t kLongBytes = 4;
constexpr auto kLookCounts = [] {
  std::array<std::array<std::uint64_t, 64>, kLongBytes + 1> table{};
  for (std::size_t bytes = 1; bytes <= kLongBytes; ++bytes) {
    for (unsigned flags = 0; flags < 64; ++flags) {
      if ((flags & Token::kWord) == 0) continue;
      const auto count = [&](LookCount what, bool yes) {
        table[bytes][flags] += std::uint64_t{yes} << (8 * what);
      };
      const bool number = (flags & Token::kNumber) != 0;
      const bool start = (flags & Token::kCased) != 0;
      const bool cased = (flags & (Token::kCased | Token::kLower)) != 0;
      count(kWords, true);
      count(kNumbers, number);
      count(kCapitals, (flags & Token::kCapital) != 0);
      count(kCasedWords, cased);
      count(kUppers, cased && ((flags & Token::kUpper) != 0 || (start && bytes == 1)));
      count(kStarts, start);
      count(kLongWords, bytes == kLongBytes && !number);
      count(kLongCapitals, bytes == kLongBytes && !number && start);
    }
  }
  return table;
}();

// From the tokens at hand.
FurnitureFinder::Look FurnitureFinder::look_at(std::string_view text, const Line& line) const {
  std::uint64_t counts = 0;
  for (const Token& token : tokens_) {
    counts += kLookCounts[std::min<std::size_t>(token.end - token.begin, kLongBytes)][token.flags];
  }
  const auto count = [&](LookCount what) {
    return static_cast<std::uint32_t>(counts >> (8 * what) & 0xFF);
  };
  const std::uint32_t cased = count(kCasedWords);
  const std::uint32_t long_words = count(kLongWords);
  Look look;
  look.words = count(kWords);
  look.numbers = count(kNumbers);
  const std::string_view all = text.substr(line.begin, line.end - line.begin);
  look.open = !ends_like_sentence(all);
  look.asks = all.ends_with('?') || all.ends_with('!') || all.ends_with("\xD8\x9F") ||
              all.ends_with("\xEF\xBC\x9F") || all.ends_with("\xEF\xBC\x81");
  look.upper = cased >= 2 && count(kUppers) * 10 >= cased * 9;
  look.title = long_words >= 4 && count(kLongCapitals) * 10 >= long_words * 9;
  look.named = look.words > 0 && count(kCapitals) == look.words && count(kStarts) > 0;
  return look;
}

void FurnitureFinder::note(std::string_view text, const Rule& rule, std::span<const Token> tokens,
                           const FurnitureRules::Captures& captures, FoundFurniture& found) const {
  const auto captured = [&](FurnitureRules::Captured what) {
    const auto [begin, end] = captures[what];
    if (begin == end) return std::string_view();
    return text.substr(tokens[begin].begin, tokens[end - 1].end - tokens[begin].begin);
  };
  const std::string_view agency = captured(FurnitureRules::kAgency);
  if (rule.kind == Kind::kDateline) {
    if (found.place.empty()) found.place = captured(FurnitureRules::kPlace);
    if (!agency.empty()) found.agency_copy = true;
  }
  const bool may_say_when =
      rule.kind == Kind::kDateline || rule.kind == Kind::kDate || rule.kind == Kind::kByline;
  if (may_say_when && found.date.empty()) found.date = captured(FurnitureRules::kWhen);
  if (rule.kind == Kind::kByline && found.byline.empty()) {
    found.byline = captured(FurnitureRules::kName);
  }
  if (rule.wire) found.agency_copy = true;
  if ((rule.kind == Kind::kDateline || rule.wire) && found.agency.empty() && !agency.empty()) {
    found.agency = rules_->agency(agency);
  }
}

bool FurnitureFinder::match_line(std::string_view text, std::size_t line, std::int32_t source,
                                 FoundFurniture& found) {
  Line& l = lines_[line];
  read_line(text, l);
  met_by_line_ = false;
  // The last word: from the last space on, or so far back as a word may reach.
  std::size_t tail = l.end;
  while (tail > l.begin && l.end - tail < 64 && text[tail - 1] != ' ') --tail;
  while (tail < l.end && (at_byte(text, tail) & 0xC0u) == 0x80u) ++tail;
  std::int32_t first = -1;
  std::int32_t last = -1;
  std::int32_t full_stop = -1;  // after the last word
  if (tokens_read_ && complete_) {
    if (tokens_.empty()) return false;
    first = tokens_.front().id;
    if (text[tokens_.back().begin] == '.') full_stop = tokens_.back().id;
    std::size_t of_last = tokens_.size() - 1;
    while (of_last > 0 && tokens_[of_last - 1].begin >= tail &&
           text[tokens_[of_last].begin] == '.') {
      --of_last;
    }
    last = tokens_[of_last].id;
  } else {
    few_.clear();
    read_furniture_tokens(text, l.begin, l.end, 1, rules_->vocabulary(), scratch_, few_);
    if (few_.empty()) return false;
    first = few_[0].id;
    few_.clear();
    read_furniture_tokens(text, tail, l.end, 64, rules_->vocabulary(), scratch_, few_);
    if (!few_.empty() && text[few_.back().begin] == '.') full_stop = few_.back().id;
    while (few_.size() > 1 && text[few_.back().begin] == '.') few_.pop_back();
    if (!few_.empty()) last = few_.back().id;
  }

  std::array<std::span<const std::uint32_t>, 4> candidates;
  if (first >= 0) candidates[0] = rules_->by_first(Scope::kLine, first);
  if (last >= 0) candidates[1] = rules_->by_last(last);
  if (full_stop >= 0 && full_stop != last) candidates[3] = rules_->by_last(full_stop);
  FurnitureTokens tokens{text, {}, false};
  const auto look = [&](std::span<const Token> all, bool complete) {
    tokens.complete = complete && all.size() <= FurnitureRules::kLongestLine;
    tokens.tokens = all.first(std::min(all.size(), FurnitureRules::kLongestLine));
    find_met(tokens.tokens);
    begin_round();
    tokens.known = known_;
    tokens.round = round_;
  };
  bool looked = tokens_read_;
  if (looked) {
    look(tokens_, complete_);
    met_by_line_ = tokens.complete;
    list_generic();
    candidates[2] = generic_;
  }
  std::uint32_t best = std::numeric_limits<std::uint32_t>::max();
  FurnitureRules::Captures best_captures, captures;
  for (const auto& some : candidates) {
    for (const std::uint32_t i : some) {
      const Rule& rule = rules_->rules()[i];
      if (looked && !rules_->possible(i, met_)) continue;
      if (!allowed(rule, text, line, source)) continue;
      if (!looked) {
        few_.clear();
        const std::size_t end =
            read_furniture_tokens(text, l.begin, l.end, FurnitureRules::kLongestLine,
                                  rules_->vocabulary(), scratch_, few_);
        look(few_, end == l.end);
        looked = true;
        if (!rules_->possible(i, met_)) continue;
      }
      if (rules_->match(i, tokens, captures) == 0) continue;
      const auto& all = rules_->rules();
      if (best < all.size() && (all[best].confidence > rule.confidence ||
                                (all[best].confidence == rule.confidence && best <= i))) {
        continue;
      }
      best = i;
      best_captures = captures;
    }
  }
  if (best == std::numeric_limits<std::uint32_t>::max()) return false;
  const Rule& rule = rules_->rules()[best];
  note(text, rule, tokens.tokens, best_captures, found);
  l.furniture = true;
  // "Read more: This and That" is no label of what follows.
  const char end = text[l.end - 1];
  l.label =
      rule.label && l.look.words <= 6 &&
      (end == ':' || text.substr(l.begin, l.end - l.begin).find(':') == std::string_view::npos);
  l.kind = rule.kind;
  found.spans.push_back({rule.kind, best, rule.confidence, true, true, l.begin, l.end, 0, 0});
  return true;
}

// Furniture that begins at byte `at` of a line, which is its `token`, where its tokens were read.
// Gives the byte where it ends; 0: none.
std::size_t FurnitureFinder::match_at(std::string_view text, std::size_t line, std::size_t at,
                                      std::size_t token, std::int32_t source,
                                      FoundFurniture& found) {
  const Line& l = lines_[line];
  const bool start = at == l.begin;
  const bool in_head = lines_.size() <= 2 ? at < kHeadBytes : start && is_head(line);
  FurnitureTokens tokens{text, {}, false};
  const bool have = token < tokens_.size() &&
                    (complete_ || tokens_.size() - token >= FurnitureRules::kLongestInline);
  std::int32_t first = -1;
  if (have) {
    first = tokens_[token].id;
  } else {
    few_.clear();
    read_furniture_tokens(text, at, l.end, 1, rules_->vocabulary(), scratch_, few_);
    if (few_.empty()) return 0;
    first = few_[0].id;
  }
  std::array<std::span<const std::uint32_t>, 4> candidates;
  if (first >= 0) candidates[0] = rules_->by_first(Scope::kAny, first);
  if (first >= 0 && (start || in_head)) candidates[1] = rules_->by_first(Scope::kStart, first);
  if (in_head) {
    candidates[2] = rules_->by_first(Scope::kStart, -1);
    candidates[3] = rules_->by_first(Scope::kAny, -1);
  }
  bool read = false;
  bool met = met_by_line_;  // what a line meets, its parts meet at most
  std::size_t longest = 0;
  std::uint32_t best = 0;
  FurnitureRules::Captures best_captures, captures;
  for (const auto& some : candidates) {
    for (const std::uint32_t i : some) {
      const Rule& rule = rules_->rules()[i];
      if (met && !rules_->possible(i, met_)) continue;
      if (!allowed(rule, text, line, source)) continue;
      if (!read) {
        if (have) {
          const std::size_t n = std::min(tokens_.size() - token, FurnitureRules::kLongestInline);
          tokens.tokens = std::span(tokens_).subspan(token, n);
          tokens.complete = complete_ && token + n == tokens_.size();
        } else {
          few_.clear();
          tokens.complete = read_furniture_tokens(text, at, l.end, FurnitureRules::kLongestInline,
                                                  rules_->vocabulary(), scratch_, few_) == l.end;
          tokens.tokens = few_;
        }
        if (!met) find_met(tokens.tokens);
        if (!start || !met) begin_round();
        tokens.known = known_;
        tokens.round = round_;
        read = true;
        if (!met && !rules_->possible(i, met_)) continue;
        met = true;
      }
      const std::size_t matched = rules_->match(i, tokens, captures);
      if (matched <= longest) continue;
      if (rule.kind == Kind::kDateline && is_inside_word(text, tokens.tokens[matched - 1], l.end)) {
        continue;
      }
      if (rule.last) {
        bool ended = tokens.complete;
        for (std::size_t t = matched; t < tokens.tokens.size(); ++t) {
          ended = ended && (tokens.tokens[t].flags & Token::kWord) == 0;
        }
        if (!ended) continue;
      }
      longest = matched;
      best = i;
      best_captures = captures;
    }
  }
  if (longest == 0) return 0;
  const Rule& rule = rules_->rules()[best];
  const std::uint32_t end = rule.last ? l.end : tokens.tokens[longest - 1].end;
  note(text, rule, tokens.tokens, best_captures, found);
  found.spans.push_back(
      {rule.kind, best, rule.confidence, false, true, static_cast<std::uint32_t>(at), end, 0, 0});
  return end;
}

void FurnitureFinder::match_inside(std::string_view text, std::size_t line, std::int32_t source,
                                   FoundFurniture& found) {
  const Line& l = lines_[line];
  constexpr std::size_t kUnread = std::numeric_limits<std::size_t>::max();
  const bool whole = tokens_read_ && complete_;
  std::size_t token = 0;
  const auto token_at = [&](std::size_t at) {
    if (!tokens_read_) return kUnread;
    while (token < tokens_.size() && tokens_[token].begin < at) ++token;
    return token < tokens_.size() && tokens_[token].begin == at ? token : kUnread;
  };
  std::size_t at = l.begin;
  // A dateline may follow a dateline's place in another rule, so the start is tried again.
  for (int i = 0; i < 2 && at < l.end; ++i) {
    const std::size_t end = match_at(text, line, at, token_at(at), source, found);
    if (end == 0) break;
    at = end;
    while (at < l.end && space_at(text, at) != 0) at += space_at(text, at);
    if (i == 0 && at < l.end && !sentence_may_begin(text, l.begin, at)) break;
  }
  if (whole) {
    // Sentences begin with a token. Most tokens are words that follow a word and one space; which
    // are not is told without a branch, for it cannot be foreseen.
    token_at(at);
    edges_.resize(std::max(edges_.size(), tokens_.size()));
    std::size_t edges = 0;
    for (std::size_t i = std::max<std::size_t>(token, 1); i < tokens_.size(); ++i) {
      const Token& one = tokens_[i];
      const Token& before = tokens_[i - 1];
      edges_[edges] = static_cast<std::uint32_t>(i);
      edges += static_cast<std::size_t>((before.flags & one.flags & Token::kWord) == 0) |
               static_cast<std::size_t>(one.begin - before.end > 1);
    }
    for (const std::uint32_t edge : std::span(edges_).first(edges)) {
      if (edge < token) continue;  // within what was found
      token = edge;
      const Token& one = tokens_[token];
      const Token& before = tokens_[token - 1];
      if ((before.flags & Token::kWord) != 0 && one.begin - before.end <= 1) {
        const char c = text[one.begin];
        if (c != '(' && c != '[' && static_cast<std::uint8_t>(c) != 0xC2) continue;
      }
      const bool after_space = text[one.begin - 1] == ' ';
      if (!after_space && !text.substr(0, one.begin).ends_with("\xE3\x80\x82")) continue;
      if (!sentence_may_begin(text, l.begin, one.begin)) continue;
      const std::size_t end = match_at(text, line, one.begin, token, source, found);
      if (end == 0) continue;
      while (token < tokens_.size() && tokens_[token].begin < end) ++token;
    }
    return;
  }
  for (; at < l.end; ++at) {
    const std::uint8_t b = at_byte(text, at);
    if (b != ' ' && b != 0x82) continue;
    // Between two words, nearly always.
    if (at > 0 && at + 1 < l.end && is_letter(text[at - 1]) && is_letter(text[at + 1])) continue;
    const std::size_t next = at + 1;
    const bool ends = b == ' ' || text.substr(0, next).ends_with("\xE3\x80\x82");
    if (!ends || next >= l.end || text[next] == ' ' || !sentence_may_begin(text, l.begin, next)) {
      continue;
    }
    const std::size_t end = match_at(text, line, next, token_at(next), source, found);
    if (end != 0) at = end - 1;
  }
}

void FurnitureFinder::cut(std::string_view text, FoundFurniture& found) const {
  const std::size_t n = lines_.size();
  std::vector<FurnitureSpan>& spans = found.spans;
  // The last line with something left of it.
  std::size_t kept = n;
  while (kept > 0 && lines_[kept - 1].furniture) --kept;
  const std::uint32_t end = kept == 0 ? 0 : lines_[kept - 1].end;
  std::size_t line = 0;
  std::size_t done_lines = 0;  // cut from the start of the text on
  for (FurnitureSpan& span : spans) {
    span.cut_begin = span.cut_end = span.begin;
    if (!span.removed) continue;
    while (line + 1 < n && lines_[line + 1].raw_begin <= span.begin) ++line;
    const Line& l = lines_[line];
    if (!span.whole_line) {
      span.cut_end = span.end;
      while (span.cut_end < l.end && space_at(text, span.cut_end) != 0) {
        span.cut_end += static_cast<std::uint32_t>(space_at(text, span.cut_end));
      }
      if (span.cut_end == l.end) {
        while (span.cut_begin > l.begin && text[span.cut_begin - 1] == ' ') --span.cut_begin;
      }
      continue;
    }
    span.cut_begin = l.raw_begin;
    span.cut_end = l.raw_end;
    // Blank lines after it go too, unless they are all that separates what stays.
    if (line + 1 < n && (l.after_blank || line == done_lines)) {
      span.cut_end = lines_[line + 1].raw_begin;
    }
    if (line == done_lines) ++done_lines;
    if (line >= kept) {
      if (line == kept) span.cut_begin = end;
      span.cut_end =
          line + 1 < n ? lines_[line + 1].raw_begin : static_cast<std::uint32_t>(text.size());
    }
  }
  // Cuts that overlap (white space between two of them) belong to the first.
  std::uint32_t done = 0;
  for (FurnitureSpan& span : spans) {
    span.cut_begin = std::max(span.cut_begin, done);
    span.cut_end = std::max(span.cut_end, span.cut_begin);
    done = std::max(done, span.cut_end);
  }
}

void FurnitureFinder::find(std::string_view text, std::int32_t source, FoundFurniture& found) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("texts", "a text of 4 GiB or more");
  }
  found.spans.clear();
  found.headline = found.place = found.date = found.byline = {};
  found.agency.clear();
  found.agency_copy = false;
  cut_lines(text);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& l = lines_[i];
    const std::size_t bytes = l.end - l.begin;
    if (bytes <= 80) {
      const std::string_view line = text.substr(l.begin, bytes);
      bool word = false;
      for (std::size_t at = 0; at < bytes && !word;) {
        const utf8::Decoded c = utf8::decode(line, at);
        // Emoji and other symbols may be all there is of a quoted post; marks are not.
        word = unicode::record(c.code_point).has(unicode::kWord) || c.code_point > 0x3020;
        at += c.length;
      }
      if (!word) {
        add_shape(FurnitureShape::kSeparator, Kind::kSeparator, 0.98, i, found);
        continue;
      }
    }
    if (match_line(text, i, source, found)) continue;
    match_inside(text, i, source, found);
  }
  judge_company(text, found);
  judge_over_story(text, found);
  judge_under_story(text, found);
  judge_author(text, found);
  const auto links_from = static_cast<std::ptrdiff_t>(found.spans.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!lines_[i].furniture) find_glued_links(text, i, found);
  }
  const auto overlaps = [&](const FurnitureSpan& link) {
    return std::any_of(
        found.spans.begin(), found.spans.begin() + links_from,
        [&](const FurnitureSpan& span) { return span.begin < link.end && link.begin < span.end; });
  };
  const auto gone = std::remove_if(found.spans.begin() + links_from, found.spans.end(), overlaps);
  found.spans.erase(gone, found.spans.end());
  std::ranges::sort(found.spans, {}, &FurnitureSpan::begin);
  for (FurnitureSpan& span : found.spans) {
    if (options_.keep[static_cast<std::size_t>(span.kind)]) span.removed = false;
  }
  // A line whose kind is kept stands like any other.
  for (Line& l : lines_) {
    if (l.furniture && options_.keep[static_cast<std::size_t>(l.kind)]) l.furniture = false;
  }
  cut(text, found);
}

}  // namespace wirecopy
