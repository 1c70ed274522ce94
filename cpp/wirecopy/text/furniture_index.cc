// What is found out about rules once they are read, so that few are tried on a line.
#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <set>

#include "wirecopy/text/furniture_rules.h"

namespace wirecopy {
namespace {

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

}  // namespace

std::int32_t FurnitureRules::rarest(std::span<const std::int32_t> ids) const {
  return *std::ranges::min_element(ids, {}, [&](std::int32_t id) { return vocabulary_.cost(id); });
}

// Adds the tokens of which every match has one. False where there are none such.
bool FurnitureRules::add_needed(const Element& element, std::vector<std::int32_t>& ids) const {
  switch (element.test) {
    case Test::kBuiltin:
      if (forms_of(element.what) != 1u << kFigure) return false;
      ids.push_back(number_);
      return true;
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
  generic_conditions_.assign(condition_words_, 0);
  for (const std::uint32_t rule : generic_) {
    const std::uint32_t condition = rarest_condition(rule);
    ++generic_begins_[condition + 1];
    generic_conditions_[condition / 64] |= std::uint64_t{1} << (condition % 64);
  }
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
  FurnitureScratch scratch;
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

}  // namespace wirecopy
