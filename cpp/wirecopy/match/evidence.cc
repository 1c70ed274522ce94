#include "wirecopy/match/evidence.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <memory>
#include <utility>

#include "wirecopy/base/hash.h"
#include "wirecopy/match/close_words.h"
#include "wirecopy/match/constraint.h"

namespace wirecopy {
namespace {

constexpr std::uint32_t kExtraWords = 5;  // more of them at one place are named as a Place
constexpr std::size_t kPairsAtOnce = 256;

// What is kept of one text: all its words, or its facts only. They are few, so that of far more
// texts the facts are kept than the words.
struct AllWords {
  static constexpr std::size_t kSlots = 1024;
  static bool is_small(const FactText& text) { return text.size() <= 4096; }

  FactText text;

  void assign(const FactText& from) { text = from; }
};

struct FactLists {
  static constexpr std::size_t kSlots = std::size_t{1} << 15;
  static bool is_small(const FactText& text) {
    return text.numbers.size() + text.names.size() <= 256;
  }

  std::vector<std::uint64_t> numbers;
  std::vector<std::uint64_t> names;

  void assign(const FactText& from) {
    numbers = from.numbers;
    names = from.names;
  }
};

// Texts of many pairs are read once, not once a pair: a thousand texts from one template have half
// a million pairs. The memory is bounded: at most Kept::kSlots texts, and only small ones.
template <typename Kept>
class ReadOnce {
 public:
  explicit ReadOnce(const TextColumn& texts) : reader_(texts), slots_(Kept::kSlots) {}

  // Valid until the next call.
  const Kept& operator[](DocId row) {
    Slot& slot = slots_[row % Kept::kSlots];
    if (slot.row == row && slot.filled) return slot.kept;
    facts_.read(reader_[row], fresh_);
    if (!Kept::is_small(fresh_)) {
      large_.assign(fresh_);
      return large_;
    }
    slot.kept.assign(fresh_);
    slot.row = row;
    slot.filled = true;
    return slot.kept;
  }

 private:
  struct Slot {
    Kept kept;
    DocId row = 0;
    bool filled = false;
  };

  TextReader reader_;
  FactReader facts_;
  FactText fresh_;
  Kept large_;
  std::vector<Slot> slots_;
};

// The first texts of pairs, which come ascending by (a, b): one stays for many pairs, while the
// second texts may take its slot.
template <typename Kept>
class PairReader {
 public:
  explicit PairReader(const TextColumn& texts) : texts_(texts) {}

  struct Both {
    const Kept& a;
    const Kept& b;
  };
  Both operator[](const Pair& pair) {
    if (!held_ || row_ != pair.a) {
      first_ = texts_[pair.a];
      row_ = pair.a;
      held_ = true;
    }
    return {first_, texts_[pair.b]};
  }

 private:
  ReadOnce<Kept> texts_;
  Kept first_;
  DocId row_ = 0;
  bool held_ = false;
};

// How many members of two ascending lists are in both.
std::uint32_t count_common(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  std::uint32_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    common += static_cast<std::uint32_t>(a[i] == b[j]);
    const bool step_a = a[i] <= b[j];
    j += static_cast<std::size_t>(b[j] <= a[i]);
    i += static_cast<std::size_t>(step_a);
  }
  return common;
}

template <typename A, typename B>
FactsApart compare(const A& a, const B& b) {
  FactsApart apart;
  apart.numbers_common = count_common(a.numbers, b.numbers);
  apart.common = apart.numbers_common + count_common(a.names, b.names);
  apart.numbers_apart = static_cast<std::uint32_t>(std::min(a.numbers.size(), b.numbers.size())) -
                        apart.numbers_common;
  apart.apart = static_cast<std::uint32_t>(std::min(a.numbers.size() + a.names.size(),
                                                    b.numbers.size() + b.names.size())) -
                apart.common;
  return apart;
}

// Of one thread.
class PairMeter {
 public:
  explicit PairMeter(const TextColumn& texts) : texts_(texts), words_(texts) {}

  FactsApart compare_facts(const Pair& pair) {
    if (lists_ == nullptr) lists_ = std::make_unique<PairReader<FactLists>>(texts_);
    const auto [a, b] = (*lists_)[pair];
    return compare(a, b);
  }

  Evidence operator()(const Pair& pair) {
    const auto [a, b] = words_[pair];
    return meter_.measure(a.text, b.text);
  }

  // Aligned only where sets and facts leave it open.
  bool is_template(const Pair& pair, const SharedShingles& sets) {
    const bool is_open =
        may_be_reworded(sets) || (may_be_template(sets) && may_be_template(compare_facts(pair)));
    return is_open && wirecopy::is_template(sets, (*this)(pair));
  }

 private:
  const TextColumn& texts_;
  std::unique_ptr<PairReader<FactLists>> lists_;
  PairReader<AllWords> words_;
  EvidenceMeter meter_;
};

SharedShingles sets_of(const Matches& matches, const Pair& pair) {
  return {matches.set_size[pair.a], matches.set_size[pair.b], pair.shared, matches.of_words};
}

bool same_set(const SharedShingles& sets) {
  return sets.shared == sets.size_a && sets.shared == sets.size_b;
}

Verdict judge_sets(const Matches& matches, const Pair& pair) {
  return judge(matches.copy[pair.a] == matches.copy[pair.b], matches.set_size[pair.a],
               matches.set_size[pair.b], pair.shared);
}

// The earliest appearance of each shingle set, by the first text that has it.
std::vector<Appearance> first_appearances(const Matches& matches,
                                          std::span<const std::int64_t> dates,
                                          std::span<const std::int32_t> sources) {
  if (dates.empty() || sources.empty()) return {};
  std::vector<Appearance> first(matches.twin.size(),
                                {Constraint::kUnknownDate, Constraint::kUnknownSource});
  for (std::size_t row = 0; row < matches.twin.size(); ++row) {
    Appearance& known = first[matches.twin[row]];
    if (dates[row] == Constraint::kUnknownDate) continue;
    if (known.date == Constraint::kUnknownDate || dates[row] < known.date) {
      known = {dates[row], sources[row]};
    }
  }
  return first;
}

// Calls use(meter, i) for each pair, on some thread.
template <typename Use>
void for_each_pair(const TextColumn& texts, const Matches& matches, const Run& run, Use use) {
  run.begin("judging pairs", matches.pairs.size());
  std::vector<std::unique_ptr<PairMeter>> meters(static_cast<std::size_t>(run.threads));
  parallel_for(run, matches.pairs.size(), kPairsAtOnce,
               [&](int worker, std::size_t begin, std::size_t end) {
                 auto& meter = meters[static_cast<std::size_t>(worker)];
                 if (meter == nullptr) meter = std::make_unique<PairMeter>(texts);
                 for (std::size_t i = begin; i < end; ++i) {
                   run.check();
                   use(*meter, i);
                 }
                 run.advance(end - begin);
               });
}

// Bytes of one text into code points, asked for in almost ascending order.
class CodePoints {
 public:
  explicit CodePoints(std::string_view text) : text_(text) {}

  std::int64_t before(std::size_t byte) {
    const auto starts = [&](std::size_t from, std::size_t to) {
      return std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(from),
                           text_.begin() + static_cast<std::ptrdiff_t>(to),
                           [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    };
    if (byte >= byte_) {
      count_ += starts(byte_, byte);
    } else {
      count_ -= starts(byte, byte_);
    }
    byte_ = byte;
    return count_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace

Evidence EvidenceMeter::measure(const FactText& a, const FactText& b) {
  Evidence evidence;
  evidence.words_a = static_cast<std::uint32_t>(a.size());
  evidence.words_b = static_cast<std::uint32_t>(b.size());
  evidence.numbers_a = static_cast<std::uint32_t>(std::ranges::count(a.kinds, WordKind::kNumber));
  evidence.numbers_b = static_cast<std::uint32_t>(std::ranges::count(b.kinds, WordKind::kNumber));
  evidence.same_headline = std::equal(a.words.begin(), a.words.begin() + a.headline,
                                      b.words.begin(), b.words.begin() + b.headline);
  evidence.apart = compare(a, b);
  ways_.clear();
  Gap gap{0, 0, 0, 0};
  for (const Block& block : aligner_.align(a.words, b.words)) {
    if (block.length < kRun) continue;
    gap.a_end = block.a;
    gap.b_end = block.b;
    add_gap(a, b, gap, evidence);
    gap.a_begin = block.a + block.length;
    gap.b_begin = block.b + block.length;
    evidence.covered += block.length;
    evidence.longest_run = std::max(evidence.longest_run, block.length);
    for (std::uint32_t i = 0; i < block.length; ++i) {
      const WordKind kind = a.kinds[block.a + i];
      evidence.numbers_kept += static_cast<std::uint32_t>(kind == WordKind::kNumber);
      // A word may be capitalized in one text only: that is no name that both state.
      evidence.names_kept += static_cast<std::uint32_t>(kind == WordKind::kName &&
                                                        b.kinds[block.b + i] == WordKind::kName);
    }
  }
  gap.a_end = evidence.words_a;
  gap.b_end = evidence.words_b;
  add_gap(a, b, gap, evidence);
  std::ranges::sort(ways_);
  evidence.reworded_ways = static_cast<std::uint32_t>(
      std::distance(ways_.begin(), std::unique(ways_.begin(), ways_.end())));
  return evidence;
}

void EvidenceMeter::add_gap(const FactText& a, const FactText& b, const Gap& gap,
                            Evidence& evidence) {
  const std::uint32_t a_words = gap.a_end - gap.a_begin;
  const std::uint32_t b_words = gap.b_end - gap.b_begin;
  const auto place = [](std::uint32_t begin, std::uint32_t end, std::uint32_t words) {
    return static_cast<std::uint8_t>((begin == 0 ? kHead : 0) | (end == words ? kTail : 0) |
                                     (begin > 0 && end < words ? kMiddle : 0));
  };
  if (a_words > b_words + kExtraWords) {
    evidence.only_a |= place(gap.a_begin, gap.a_end, evidence.words_a);
  }
  if (b_words > a_words + kExtraWords) {
    evidence.only_b |= place(gap.b_begin, gap.b_end, evidence.words_b);
  }
  if (a_words > kLongRun) evidence.own_a += a_words;
  if (b_words > kLongRun) evidence.own_b += b_words;
  const bool at_end = gap.a_end == evidence.words_a && gap.b_end == evidence.words_b;
  if (a_words > kLongRun && b_words > kLongRun && !at_end) ++evidence.rewritten;
  if (a_words == 0 || b_words == 0 || a_words > kLongRun || b_words > kLongRun) return;
  ++evidence.replacements;
  evidence.replaced_words += a_words + b_words;
  const auto quarter =
      static_cast<std::uint8_t>(1U << (4 * (std::uint64_t{gap.a_begin} + gap.b_begin) /
                                       (std::uint64_t{evidence.words_a} + evidence.words_b)));
  const std::string_view in_a = a.letters_of(gap.a_begin, gap.a_end);
  const std::string_view in_b = b.letters_of(gap.b_begin, gap.b_end);
  if (misread(in_a, in_b)) {
    ++evidence.misread;
  } else {
    ways_.push_back(hash_bytes(in_a) * 31 + hash_bytes(in_b));
    ++evidence.reworded;
    evidence.reworded_words += a_words + b_words;
    evidence.reworded_quarters |= quarter;
  }
  const Change numbers = compare_facts(a, b, gap, WordKind::kNumber);
  const Change names = compare_facts(a, b, gap, WordKind::kName);
  evidence.numbers_changed += numbers.changed;
  evidence.numbers_kept += numbers.kept;
  evidence.names_changed += names.changed;
  evidence.names_kept += names.kept;
  if (numbers.changed + names.changed > 0) {
    ++evidence.changed_places;
    evidence.quarters |= quarter;
  }
}

EvidenceMeter::Change EvidenceMeter::compare_facts(const FactText& a, const FactText& b,
                                                   const Gap& gap, WordKind kind) {
  const auto collect = [&](const FactText& text, std::uint32_t begin, std::uint32_t end,
                           std::vector<std::uint64_t>& facts) {
    facts.clear();
    for (std::uint32_t i = begin; i < end; ++i) {
      if (text.kinds[i] == kind) facts.push_back(text.words[i]);
    }
    std::ranges::sort(facts);
  };
  collect(a, gap.a_begin, gap.a_end, facts_a_);
  collect(b, gap.b_begin, gap.b_end, facts_b_);
  const std::uint32_t kept = count_common(facts_a_, facts_b_);
  return {static_cast<std::uint32_t>(std::min(facts_a_.size(), facts_b_.size())) - kept, kept};
}

bool may_be_template(const SharedShingles& sets) {
  return sets.shared < kNoTemplateContainment * std::min(sets.size_a, sets.size_b);
}

bool may_be_template(const FactsApart& apart) {
  const auto enough = [](std::uint32_t of_each, std::uint32_t common) {
    return of_each >= kTemplateApart && of_each >= kTemplateApartShare * common;
  };
  return enough(apart.numbers_apart, apart.numbers_common) || enough(apart.apart, apart.common);
}

bool may_be_reworded(const SharedShingles& sets) {
  const double limit = sets.of_words ? kRewordedContainmentOfWords : kRewordedContainment;
  return sets.shared < limit * std::min(sets.size_a, sets.size_b);
}

namespace {

// One frame, filled with other facts.
bool facts_differ(const SharedShingles& sets, const Evidence& e) {
  if (!may_be_template(sets) || !may_be_template(e.apart)) return false;
  if (e.own_a + e.own_b > kTemplateOwnText * (double{1} * e.words_a + e.words_b)) return false;
  if (e.changed_places < kTemplatePlaces || std::popcount(e.quarters) < kTemplateQuarters) {
    return false;
  }
  const std::uint32_t facts_changed = e.numbers_changed + e.names_changed;
  if (2.0 * facts_changed < kTemplateFactShare * e.replaced_words) return false;
  const std::uint32_t facts_kept = e.numbers_kept + e.names_kept;
  return (e.numbers_changed >= kTemplateNumbers && e.numbers_changed >= e.numbers_kept) ||
         (facts_changed >= kTemplateFacts && facts_changed >= facts_kept);
}

// One frame, filled with other words.
bool is_reworded(const SharedShingles& sets, const Evidence& e) {
  if (!may_be_reworded(sets)) return false;
  const bool a_shorter = e.words_a <= e.words_b;
  if ((a_shorter ? e.own_a : e.own_b) > kTemplateOwnText * (a_shorter ? e.words_a : e.words_b)) {
    return false;
  }
  const std::uint64_t ways = e.reworded_ways;
  return ways >= kRewordedWays && ways * kRewordedSpacing >= e.covered && ways >= e.misread &&
         std::popcount(e.reworded_quarters) >= kTemplateQuarters &&
         e.reworded_words * kRewordedOneIn >= 2 * std::uint64_t{e.covered} + e.reworded_words;
}

}  // namespace

bool is_template(const SharedShingles& sets, const Evidence& e) {
  return facts_differ(sets, e) || is_reworded(sets, e);
}

Verdict judge(const SharedShingles& sets, const Evidence& e, const Appearance& a,
              const Appearance& b) {
  if (is_template(sets, e)) return Verdict::kTemplate;
  const std::uint32_t shorter = std::min(e.words_a, e.words_b);
  const std::uint32_t longer = std::max(e.words_a, e.words_b);
  const bool cut_down =
      judge(/*same_bytes=*/false, sets.size_a, sets.size_b, sets.shared) == Verdict::kCutDown ||
      (e.covered >= kCutDownContainment * shorter && shorter <= kCutDownSize * longer);
  if (cut_down) {
    const bool a_first = a.date != Constraint::kUnknownDate && b.date != Constraint::kUnknownDate &&
                         a.date < b.date && e.words_a < e.words_b;
    const bool b_first = a.date != Constraint::kUnknownDate && b.date != Constraint::kUnknownDate &&
                         b.date < a.date && e.words_b < e.words_a;
    const bool one_source = a.source == b.source && a.source != Constraint::kUnknownSource;
    return one_source && (a_first || b_first) ? Verdict::kUpdate : Verdict::kCutDown;
  }
  const std::uint32_t larger_set = std::max(sets.size_a, sets.size_b);
  if (e.covered < kPassageCoverage * longer && sets.shared < kPassageCoverage * larger_set) {
    return Verdict::kSharedPassage;
  }
  const double numbers = double{1} * e.numbers_changed + e.numbers_kept;
  const double words = double{1} * e.words_a + e.words_b;
  const bool numbers_differ =
      e.numbers_changed > 0 && e.numbers_changed * words > kUpdateRate * e.replaced_words * numbers;
  const bool rewritten = e.rewritten > 0 && may_be_template(sets);
  return numbers_differ || rewritten ? Verdict::kUpdate : Verdict::kNearCopy;
}

std::vector<Verdict> judge_templates(const TextColumn& texts, const Matches& matches,
                                     const Run& run) {
  std::vector<Verdict> verdicts(matches.pairs.size());
  for_each_pair(texts, matches, run, [&](PairMeter& meter, std::size_t i) {
    const Pair& pair = matches.pairs[i];
    verdicts[i] = meter.is_template(pair, sets_of(matches, pair)) ? Verdict::kTemplate
                                                                  : judge_sets(matches, pair);
  });
  return verdicts;
}

class TemplateJudge::Meter : public PairMeter {
 public:
  using PairMeter::PairMeter;
};

TemplateJudge::TemplateJudge(const TextColumn& texts, const Matches& matches)
    : matches_(matches), meter_(std::make_unique<Meter>(texts)) {}
TemplateJudge::TemplateJudge(TemplateJudge&&) noexcept = default;
TemplateJudge::~TemplateJudge() = default;

bool TemplateJudge::is_template(const Pair& pair) {
  return meter_->is_template(pair, sets_of(matches_, pair));
}

Judged judge_pairs(const TextColumn& texts, const Matches& matches,
                   std::span<const std::int64_t> dates, std::span<const std::int32_t> sources,
                   const Run& run) {
  const std::vector<Appearance> appeared = first_appearances(matches, dates, sources);
  const Appearance unknown{Constraint::kUnknownDate, Constraint::kUnknownSource};
  Judged judged;
  judged.verdicts.resize(matches.pairs.size());
  judged.evidence.resize(matches.pairs.size());
  for_each_pair(texts, matches, run, [&](PairMeter& meter, std::size_t i) {
    const Pair& pair = matches.pairs[i];
    const SharedShingles sets = sets_of(matches, pair);
    judged.evidence[i] = meter(pair);
    judged.verdicts[i] = same_set(sets) ? judge_sets(matches, pair)
                                        : judge(sets, judged.evidence[i],
                                                appeared.empty() ? unknown : appeared[pair.a],
                                                appeared.empty() ? unknown : appeared[pair.b]);
  });
  return judged;
}

std::string places_name(std::uint8_t places) {
  static constexpr std::array<std::pair<Place, std::string_view>, 3> kNames{
      {{kHead, "head"}, {kMiddle, "middle"}, {kTail, "tail"}}};
  std::string name;
  for (const auto& [place, word] : kNames) {
    if ((places & place) == 0) continue;
    if (!name.empty()) name += '+';
    name += word;
  }
  return name;
}

Table explain_pair(std::string_view a, std::string_view b) {
  FactReader reader_a, reader_b;
  FactText words_a, words_b;
  reader_a.read(a, words_a);
  reader_b.read(b, words_b);

  Strings kind;
  std::vector<std::int64_t> a_start, a_end, b_start, b_end;
  CodePoints points_a(a), points_b(b);
  // Words begin .. end, or the place after word begin - 1 where there are none.
  const auto add_side = [](const WordScanner& words, CodePoints& points, std::uint32_t begin,
                           std::uint32_t end, auto& starts, auto& ends) {
    const std::size_t after = begin == 0 ? 0 : words.source(begin - 1).end;
    starts.push_back(points.before(begin == end ? after : words.source(begin).begin));
    ends.push_back(points.before(begin == end ? after : words.source(end - 1).end));
  };
  const auto add = [&](std::string_view name, std::uint32_t a_from, std::uint32_t a_to,
                       std::uint32_t b_from, std::uint32_t b_to) {
    kind.push_back(name);
    add_side(reader_a.words(), points_a, a_from, a_to, a_start, a_end);
    add_side(reader_b.words(), points_b, b_from, b_to, b_start, b_end);
  };
  const auto add_gap = [&](std::uint32_t a_from, std::uint32_t a_to, std::uint32_t b_from,
                           std::uint32_t b_to) {
    if (a_from == a_to && b_from == b_to) return;
    add(a_from == a_to ? "added" : b_from == b_to ? "cut" : "replaced", a_from, a_to, b_from, b_to);
  };
  Aligner aligner;
  std::uint32_t a_free = 0;
  std::uint32_t b_free = 0;
  for (const Block& block : aligner.align(words_a.words, words_b.words)) {
    add_gap(a_free, block.a, b_free, block.b);
    a_free = block.a + block.length;
    b_free = block.b + block.length;
    add("equal", block.a, a_free, block.b, b_free);
  }
  add_gap(a_free, static_cast<std::uint32_t>(words_a.size()), b_free,
          static_cast<std::uint32_t>(words_b.size()));

  Table table;
  table.add("kind", std::move(kind));
  table.add("a_start", std::move(a_start));
  table.add("a_end", std::move(a_end));
  table.add("b_start", std::move(b_start));
  table.add("b_end", std::move(b_end));
  return table;
}

}  // namespace wirecopy
