// Matching a rule against the tokens of a line.
#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <ranges>

#include "wirecopy/text/furniture_rules.h"

namespace wirecopy {

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
  // What `...` stands for ends with the same elements at token after token.
  std::uint64_t last_ended = 0;
  std::uint64_t after_last = 0;
  for (std::size_t i = 0; i <= n && i <= farthest; ++i) {
    if (ended[i] != last_ended) {
      last_ended = ended[i];
      after_last = 0;
      for (std::uint64_t left = last_ended; left != 0; left &= left - 1) {
        after_last |= pattern.follow[static_cast<std::size_t>(std::countr_zero(left))];
      }
    }
    std::uint64_t live = i == 0 ? pattern.first : after_last;
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
