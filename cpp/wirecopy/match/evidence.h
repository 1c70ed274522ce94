// What two matching texts have in common and where they differ, and the verdict on it.
//
// The words of two texts are aligned (align.h). Runs of at least kRun equal words count; shorter
// ones are chance ("of the") and part of the gap round them. A gap with words on both sides, at
// most kLongRun on each, is a replacement: there the facts (facts.h) of one side are compared with
// those of the other. A side of a gap with more than kLongRun words is a run of that text's own.
//
// Containment is shared shingles / shingles of a text; coverage, words in runs / words of a text.
// Changed facts are, summed over the replacements, the facts that each side has and the other has
// not (the smaller of the two numbers: "5 dead" for "six dead" changes no number); kept ones are
// those in runs and on both sides of a replacement. The first rule that holds decides:
//
//     verdict         rule
//     identical       the same bytes
//     same text       the same set of shingles: only case, punctuation, spacing or encoding differ
//     template        no containment reaches 0.9; own runs are at most 1/4 of both texts' words;
//                     each text has 3 facts or more that the other has nowhere, and these are 2/3
//                     or more of those that both have (or so of numbers alone); facts changed at 3
//                     places or more, in 2 quarters of the texts or more;
//                     changed facts are at least 1/4 of the replaced words; and half of the
//                     numbers, 3 or more, changed, or half of numbers and names, 5 or more
//                     or: the shorter text's own runs are at most 1/4 of it; words were put for
//                     others, and not misread, in 4 ways or more (house style does the same again
//                     and again), one for 15 covered words or more, and as many as were misread or
//                     more, in 2 quarters or more; they are 1/10 or more of the words of both texts
//                     that are covered or so replaced; and no containment reaches 0.8 (of words,
//                     where sets are of words: 15/16)
//     update          (dates and sources given) what the next rule calls a cut-down, if the longer
//                     appeared later in the same source: a story that was added to
//     cut-down        0.9 of the shorter is in the longer (containment or coverage), and it has at
//                     most 0.8 of its shingles (of its words)
//     shared passage  less than half of the longer text is covered, nor of its shingles shared
//     update          some number changed, and numbers changed at more than twice the rate at which
//                     words were replaced (a scanner's errors do not prefer numbers); or a passage,
//                     not the last (outlets set their own notes there), was rewritten: each text
//                     has a run of its own in one gap; and no containment reaches 0.9
//     near copy       any other
//
// How the constants were chosen, and what they reach, is in docs/verdicts.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/align.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/facts.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {

inline constexpr std::uint32_t kRun = 3;
inline constexpr std::uint32_t kLongRun = 20;
inline constexpr double kNoTemplateContainment = 0.9;
inline constexpr double kTemplateOwnText = 0.25;
inline constexpr int kTemplateQuarters = 2;
inline constexpr std::uint32_t kTemplatePlaces = 3;
inline constexpr std::uint32_t kTemplateApart = 3;
inline constexpr double kTemplateApartShare = 2.0 / 3;
inline constexpr double kTemplateFactShare = 0.25;
inline constexpr std::uint32_t kTemplateNumbers = 3;
inline constexpr std::uint32_t kTemplateFacts = 5;
inline constexpr std::uint32_t kRewordedWays = 4;
inline constexpr std::uint32_t kRewordedSpacing = 15;
inline constexpr std::uint64_t kRewordedOneIn = 10;
inline constexpr double kRewordedContainment = 0.8;
inline constexpr double kRewordedContainmentOfWords = 15.0 / 16;
inline constexpr double kPassageCoverage = 0.5;
inline constexpr double kUpdateRate = 2;

// Where a text has words that the other lacks, more than five more at one place: bits.
enum Place : std::uint8_t { kHead = 1, kMiddle = 2, kTail = 4 };

// Facts wherever they stand: those that both texts have, and those that each has and the other has
// nowhere (the smaller of the two numbers).
struct FactsApart {
  std::uint32_t numbers_common = 0;
  std::uint32_t numbers_apart = 0;
  std::uint32_t common = 0;  // numbers and names
  std::uint32_t apart = 0;

  friend bool operator==(const FactsApart&, const FactsApart&) = default;
};

struct Evidence {
  std::uint32_t words_a = 0;
  std::uint32_t words_b = 0;
  std::uint32_t covered = 0;  // words in runs; as many in both
  std::uint32_t longest_run = 0;
  std::uint32_t replacements = 0;
  std::uint32_t replaced_words = 0;  // in them, both sides together
  std::uint32_t misread = 0;         // replacements that a scanner's errors explain
  std::uint32_t reworded = 0;        // the other ones
  std::uint32_t reworded_ways = 0;   // different ones among them
  std::uint32_t reworded_words = 0;  // in them, both sides together
  std::uint32_t own_a = 0;           // words in runs of its own
  std::uint32_t own_b = 0;
  std::uint32_t rewritten = 0;  // gaps with own runs on both sides, but for the end of the texts
  std::uint32_t numbers_a = 0;
  std::uint32_t numbers_b = 0;
  std::uint32_t numbers_changed = 0;
  std::uint32_t numbers_kept = 0;
  std::uint32_t names_changed = 0;
  std::uint32_t names_kept = 0;
  std::uint32_t changed_places = 0;  // replacements in which facts changed
  FactsApart apart;
  std::uint8_t quarters = 0;  // of the texts, in which they stand: bits
  std::uint8_t reworded_quarters = 0;
  std::uint8_t only_a = 0;  // Place bits
  std::uint8_t only_b = 0;
  bool same_headline = false;  // the first lines with words have equal ones

  double coverage_a() const { return words_a == 0 ? 0 : static_cast<double>(covered) / words_a; }
  double coverage_b() const { return words_b == 0 ? 0 : static_cast<double>(covered) / words_b; }

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// Compares two texts, keeping its buffers from one pair to the next. One per thread.
class EvidenceMeter {
 public:
  Evidence measure(const FactText& a, const FactText& b);

 private:
  struct Gap {
    std::uint32_t a_begin, a_end;
    std::uint32_t b_begin, b_end;
  };
  struct Change {
    std::uint32_t changed;
    std::uint32_t kept;
  };

  void add_gap(const FactText& a, const FactText& b, const Gap& gap, Evidence& evidence);
  Change compare_facts(const FactText& a, const FactText& b, const Gap& gap, WordKind kind);

  Aligner aligner_;
  std::vector<std::uint64_t> facts_a_;
  std::vector<std::uint64_t> facts_b_;
  std::vector<std::uint64_t> ways_;  // reworded: hashes of what stands for what
};

// Sizes of the shingle sets of two texts and of what they share.
struct SharedShingles {
  std::uint32_t size_a;
  std::uint32_t size_b;
  std::uint32_t shared;
  bool of_words = false;  // sets of words, not of shingles (dedup.h)
};

// Whether the sets leave it open that a pair is a template: only then its texts are read for that,
// and aligned if their facts differ enough.
bool may_be_template(const SharedShingles& sets);
// Whether the facts leave it open, wherever they stand in the texts.
bool may_be_template(const FactsApart& apart);
// Whether the sets leave it open that the texts fill one frame with other words.
bool may_be_reworded(const SharedShingles& sets);
bool is_template(const SharedShingles& sets, const Evidence& evidence);

// When and where a text appeared; kUnknownDate and kUnknownSource (constraint.h) where not known.
struct Appearance {
  std::int64_t date;
  std::int32_t source;
};

// By the rules above, for two texts with different sets.
Verdict judge(const SharedShingles& sets, const Evidence& evidence, const Appearance& a,
              const Appearance& b);

struct Judged {
  std::vector<Verdict> verdicts;   // of matches.pairs, in their order
  std::vector<Evidence> evidence;  // likewise
};

// Which pairs are templates; on the others what their sets say (verdict.h). Aligns only the pairs
// of which their sets and facts leave it open. Its kTemplate is judge_pairs'.
std::vector<Verdict> judge_templates(const TextColumn& texts, const Matches& matches,
                                     const Run& run);

// The same for one pair after another, best in the order of their first texts. Keeps what it read,
// within bounds. One per thread.
class TemplateJudge {
 public:
  TemplateJudge(const TextColumn& texts, const Matches& matches);
  TemplateJudge(TemplateJudge&&) noexcept;
  ~TemplateJudge();

  bool is_template(const Pair& pair);

 private:
  class Meter;
  const Matches& matches_;
  std::unique_ptr<Meter> meter_;
};

// `dates` and `sources` as in Constraint, or empty. Texts with one shingle set count as one, that
// appeared when and where the earliest of them did.
Judged judge_pairs(const TextColumn& texts, const Matches& matches,
                   std::span<const std::int64_t> dates, std::span<const std::int32_t> sources,
                   const Run& run);

// "head", "middle", "tail", or some of them joined by "+"; "" for none.
std::string places_name(std::uint8_t places);

// How two texts run along each other: a row for each run of equal words and each gap between them,
// as kind ("equal", "replaced", "cut": only in a, "added": only in b) and a_start, a_end, b_start,
// b_end in code points, ascending. Here every equal word counts, in runs of any length. What
// stands between two rows is white space and punctuation.
Table explain_pair(std::string_view a, std::string_view b);

}  // namespace wirecopy
