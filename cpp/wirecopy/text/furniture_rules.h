// The rules that furniture is found by: a table of patterns over the tokens of a line, read at run
// time. The grammar and every shipped rule are described in docs/furniture.md.
//
// A pattern is compiled to the positions of Glushkov (1961): one bit an element, so that all ways
// to match are followed at once and the work on a line is bounded by tokens times elements.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wirecopy/text/furniture_tokens.h"

namespace wirecopy {

enum class FurnitureKind : std::uint8_t {
  kDate,
  kLabel,
  kHeadline,
  kByline,
  kDateline,
  kAttribution,
  kCaption,
  kCredit,
  kTeaser,
  kShare,
  kAdvertisement,
  kCopyright,
  kCorrection,
  kSeparator,
};
inline constexpr std::array<std::string_view, 14> kFurnitureKinds = {
    "date",   "label",  "headline", "byline",        "dateline",  "attribution", "caption",
    "credit", "teaser", "share",    "advertisement", "copyright", "correction",  "separator"};

// What a pattern is matched against.
struct FurnitureTokens {
  std::string_view text;
  std::span<const FurnitureToken> tokens;
  bool complete;  // they are all of the line
  // What each class matches at the first token, where many rules ask for it: its lengths under the
  // number of the round, which is another for other tokens. May be empty.
  std::span<std::uint64_t> known = {};
  std::uint32_t round = 0;
};

class FurnitureRules {
 public:
  enum class Scope : std::uint8_t {
    kLine,   // the whole line
    kStart,  // the start of a line
    kAny,    // the start of a line or of a sentence
  };
  struct Capture {
    std::uint32_t begin = 0;  // tokens; empty: nothing
    std::uint32_t end = 0;
  };
  enum Captured : std::uint8_t { kPlace, kAgency, kWhen, kName };
  using Captures = std::array<Capture, 4>;

  static constexpr std::uint32_t kNoLimit = 0xFFFFFFFF;
  static constexpr std::size_t kLongestLine = 128;   // tokens of a line that are looked at
  static constexpr std::size_t kLongestInline = 64;  // of a sentence
  static constexpr std::size_t kLongestClass = 31;   // tokens that {class} can stand for

  struct Rule {
    std::string id;
    std::string language;
    FurnitureKind kind = FurnitureKind::kLabel;
    Scope scope = Scope::kLine;
    bool thorough = false;         // only where thoroughness was asked for
    bool head = false;             // only near the start of the text
    bool tail = false;             // only near its end
    bool last = false;             // must end where its line ends
    bool upper = false;            // only where all letters are capitals
    bool open = false;             // only where the line does not end like a sentence
    bool wire = false;             // says that the text is an agency's
    bool label = false;            // the lines after it, if they look like headlines, belong to it
    std::uint32_t max = kNoLimit;  // code points of the line
    double confidence = 0.95;
    std::int32_t source = -1;  // in sources(); -1: every text
    std::uint32_t pattern = 0;
    std::uint32_t line = 0;  // where it stands, from 1
  };

  FurnitureRules() { index_rules(); }

  // Adds rules; none of them where one is wrong. `name` is what errors call it; their row is the
  // line. `languages`: those wanted, empty for all.
  void read(const std::string& name, std::string_view rules,
            std::span<const std::string> languages);

  std::span<const Rule> rules() const { return rules_; }
  std::span<const std::string> sources() const { return sources_; }
  const FurnitureVocabulary& vocabulary() const { return vocabulary_; }
  // The agency's own name for what a rule captured; what is not known stays as it is.
  std::string agency(std::string_view captured) const;
  // The own name of an agency that goes by `name`; empty: there is none.
  std::string_view find_agency(std::string_view name) const;
  // Their own names, sorted.
  std::vector<std::string> agencies() const;

  // Rules of a scope that can begin with a token. Those that could begin with anything are under
  // -1; those of Scope::kLine that can end with only a few tokens are under their last one, in
  // `by_last`.
  std::span<const std::uint32_t> by_first(Scope scope, std::int32_t token) const {
    return listed(first_[static_cast<std::size_t>(scope)], token);
  }
  std::span<const std::uint32_t> by_last(std::int32_t token) const { return listed(last_, token); }
  // A rule matches nothing without some token, or one of some others, and often not without a
  // second such set: these sets are its conditions. Many rules share them, so they have numbers; 0
  // is the condition that is always met. Where, in condition_bits(), the conditions that a token
  // meets stand as bits; 0: it meets none.
  std::uint32_t conditions_of(std::int32_t token) const {
    return token_conditions_[static_cast<std::size_t>(std::int64_t{token} + 1)];
  }
  // The same for any number: a rule may need one.
  std::uint32_t conditions_of_numbers() const { return conditions_of(number_); }
  const std::uint64_t* condition_bits() const { return condition_bits_.data(); }
  static constexpr std::size_t kConditionWords = 4;
  std::size_t condition_words() const { return condition_words_; }  // a multiple of that
  // Whether conditions met are all that a rule has.
  bool possible(std::uint32_t rule, std::span<const std::uint64_t> met) const {
    const std::uint32_t* const end = rule_conditions_.data() + rule_begins_[rule + 1];
    for (const std::uint32_t* c = rule_conditions_.data() + rule_begins_[rule]; c != end; ++c) {
      if ((met[*c / 64] >> (*c % 64) & 1) == 0) return false;
    }
    return true;
  }
  // The conditions that have such, as bits.
  std::span<const std::uint64_t> generic_conditions() const { return generic_conditions_; }
  // The rules among by_first(kLine, -1) whose rarest condition this is.
  std::span<const std::uint32_t> generic_under(std::size_t condition) const {
    return {generic_.data() + generic_begins_[condition],
            generic_.data() + generic_begins_[condition + 1]};
  }
  std::size_t classes() const { return classes_.size(); }

  // Number of tokens that the rule matches from the first one on (kLine: all, else the longest);
  // 0: none. Fills `captures` on a match.
  std::size_t match(std::uint32_t rule, const FurnitureTokens& line, Captures& captures) const;

 private:
  enum class Test : std::uint8_t { kPhrase, kClass, kBuiltin };
  enum Builtin : std::uint32_t { kAny, kWord, kNumber, kDay, kYear, kCap, kUpper, kLower, kPunct };
  // What tests of one token tell apart.
  enum Form : std::uint8_t { kMark, kFigure, kCapitalWord, kOtherWord };
  static constexpr std::size_t kForms = 4;
  static constexpr Form form(unsigned flags) {
    if ((flags & FurnitureToken::kWord) == 0) return kMark;
    if ((flags & FurnitureToken::kNumber) != 0) return kFigure;
    return (flags & FurnitureToken::kCapital) != 0 ? kCapitalWord : kOtherWord;
  }
  struct Element {
    Test test;
    bool exact = false;             // of a phrase: as it stands, case included
    std::uint32_t what = 0;         // of a class or builtin
    std::vector<std::int32_t> ids;  // of a phrase
    std::vector<std::string> surface;
  };
  struct Pattern {
    std::vector<Element> elements;  // at most 64
    std::vector<std::uint64_t> follow;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    // Elements of which every match has one, several times; of them, those that are rarest (0:
    // there are none such).
    std::vector<std::uint64_t> required;
    std::uint64_t needed = 0;
    bool nullable = false;
    bool captures = false;              // it has classes of which a match is given as a column
    std::vector<std::uint64_t> before;  // `follow` the other way round
    // Elements that could begin with any token of a form, and those that begin with a certain one,
    // by it.
    std::array<std::uint64_t, kForms> by_form{};
    // Elements that match every token of these forms, and no other.
    std::uint64_t by_form_alone = 0;
    std::vector<std::pair<std::int32_t, std::uint64_t>> starts;
    std::uint64_t starts_seen = 0;  // the last six bits of these tokens, as bits
  };
  struct Phrase {
    std::vector<std::int32_t> ids;
    std::vector<std::string> surface;  // empty: any case
  };
  struct Class {
    std::string name;
    std::vector<std::pair<std::int32_t, std::vector<Phrase>>> phrases;  // by first token, sorted
    std::vector<Pattern> patterns;
  };
  class Parser;
  struct Edge {              // tokens a rule may begin or end with
    std::uint8_t forms = 0;  // as bits
    std::vector<std::int32_t> ids;
  };
  static std::uint8_t forms_of(std::uint32_t builtin);
  // Rules by token, from -1 on.
  struct Index {
    void arrange(std::size_t tokens);

    std::vector<std::pair<std::int32_t, std::uint32_t>> entries;  // until they are arranged
    std::vector<std::uint32_t> begins;
    std::vector<std::uint32_t> rules;
  };

  static std::span<const std::uint32_t> listed(const Index& index, std::int32_t token) {
    const auto at = static_cast<std::size_t>(std::int64_t{token} + 1);
    if (at + 1 >= index.begins.size()) return {};
    return {index.rules.data() + index.begins[at], index.rules.data() + index.begins[at + 1]};
  }
  std::int32_t rarest(std::span<const std::int32_t> ids) const;
  bool add_needed(const Pattern& pattern, std::uint64_t elements,
                  std::vector<std::int32_t>& ids) const;
  bool add_needed(const Element& element, std::vector<std::int32_t>& ids) const;
  // What it costs to look for an element, by the tokens that it needs; kAlways: it needs none.
  static constexpr std::uint32_t kAlways = 1'000'000;
  std::uint32_t cost(const Element& element) const;
  std::uint32_t cost(std::span<const std::int32_t> ids) const;

  std::uint32_t lengths(const Element& element, const FurnitureTokens& line, std::size_t at) const;
  std::uint32_t class_lengths(std::uint32_t index, const FurnitureTokens& line,
                              std::size_t at) const;
  std::uint32_t read_class_lengths(std::uint32_t index, const FurnitureTokens& line,
                                   std::size_t at) const;
  std::uint32_t pattern_lengths(const Pattern& pattern, const FurnitureTokens& line,
                                std::size_t at) const;
  bool phrase_at(std::span<const std::int32_t> ids, std::span<const std::string> surface,
                 const FurnitureTokens& line, std::size_t at) const;
  void add_edge(const Pattern& pattern, std::uint64_t elements, bool front, Edge& edge) const;
  void index_rules();
  void index_conditions();
  void index_generic();
  void index_pattern(Pattern& pattern) const;
  std::optional<Captured> captured_by(const Element& element) const;
  static std::uint64_t may_start(const Pattern& pattern, const FurnitureToken& token);
  void index_rule(std::uint32_t rule);
  void read_statements(const std::string& name, std::string_view rules,
                       std::span<const std::string> languages);
  void read_statement(const std::string& name, std::uint32_t line, std::string_view statement,
                      std::span<const std::string> languages);
  std::int32_t find_class(std::string_view name) const;
  std::vector<std::string> split_tokens(std::string_view text,
                                        std::vector<std::string>& surface) const;

  FurnitureVocabulary vocabulary_;
  // Stands for all numbers among the tokens that rules need. No token holds a space.
  std::int32_t number_ = vocabulary_.intern(" 1");
  std::vector<Class> classes_;
  std::vector<Pattern> patterns_;
  std::vector<Rule> rules_;
  std::vector<std::string> sources_;
  std::unordered_map<std::string, std::string> labels_;  // folded agency -> its name
  std::array<Index, 3> first_;
  Index last_;
  std::size_t condition_words_ = kConditionWords;
  std::vector<std::uint32_t> token_conditions_;  // by token, from -1 on
  std::vector<std::uint64_t> condition_bits_;
  std::vector<std::uint32_t> rule_begins_;  // of its conditions, the rarest first
  std::vector<std::uint32_t> rule_conditions_;
  std::vector<std::uint32_t> generic_begins_;  // by condition
  std::vector<std::uint64_t> generic_conditions_;
  std::vector<std::uint32_t> generic_;
};

}  // namespace wirecopy
