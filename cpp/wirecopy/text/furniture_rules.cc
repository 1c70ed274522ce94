#include "wirecopy/text/furniture_rules.h"

#include <algorithm>
#include <charconv>
#include <locale>
#include <ranges>
#include <sstream>

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

constexpr std::size_t kMostElements = 64;

// Classes that are tests of one token, in the order of FurnitureRules::Builtin.
constexpr std::array<std::string_view, 9> kBuiltins = {"any", "word",  "n",     "day",  "year",
                                                       "cap", "upper", "lower", "punct"};

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

// Reads a number that is all of the text. Apple's std::from_chars reads no double.
bool read_decimal(std::string_view text, double& value) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  return (in >> value) && in.peek() == std::istringstream::traits_type::eof();
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
  FurnitureScratch scratch;
  std::vector<std::string> folded;
  const FurnitureVocabulary none;
  for (std::size_t at = 0; at < text.size();) {
    tokens.clear();
    at = read_furniture_tokens(text, at, text.size(), 1, none, scratch, tokens);
    if (tokens.empty()) break;
    folded.push_back(scratch.folded);
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
  FurnitureRules more = *this;
  more.read_statements(name, rules, languages);
  more.index_rules();
  *this = std::move(more);
}

void FurnitureRules::read_statements(const std::string& name, std::string_view rules,
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
      if (!read_decimal(value, rule.confidence) || !(rule.confidence > 0 && rule.confidence <= 1)) {
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

}  // namespace wirecopy
