// What stands in the text of a news article and is no part of the story: date lines, headlines,
// credits, captions, cross-links and the like, each with the rule that found it.
//
// A text is cut into lines once. A line that is furniture as a whole is found by the rules of
// FurnitureRules, looked up by its first and last word; then what stands before the story of a line
// (a dateline) or at the start of one of its sentences; last, lines are judged by their company
// (the names below). Time is linear in the text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wirecopy/text/furniture_rules.h"

namespace wirecopy {

// Rules that no pattern can say: they look at other lines. See docs/furniture.md.
enum class FurnitureShape : std::uint8_t {
  kSeparator,       // a line without a letter or number
  kBeforeCredit,    // a short line right before a credit
  kAfterCredit,     // a headline right after one, in the middle of a text
  kRepeatedName,    // a name line that comes again
  kUnderLabel,      // a headline under "Read more:"
  kCapitals,        // a line of capitals in the middle of a text
  kTitle,           // a line in Title Case in the middle of a text
  kHeadline,        // the first line
  kMarkedHeadline,  // the same, with a date, byline, credit or dateline near it
  kGluedLinks,      // "Name Full NameHeadlines ... MORE"
  kSection,         // a few words over the headline
  kNameAlone,       // a name beside the headline
  kBetween,         // a short line between two others, over or under the story
  kOverByline,      // a line over the byline or date
  kOverStory,       // a line between that and the story
  kUnderStory,      // a line under the story, after a link or the like
  kAuthor,          // a line at the end that begins with the byline's name
};
inline constexpr std::array<std::string_view, 17> kFurnitureShapes = {
    "x.separator",   "x.before-credit", "x.after-credit", "x.repeated-name",   "x.under-label",
    "x.capitals",    "x.title",         "x.headline",     "x.marked-headline", "x.glued-links",
    "x.section",     "x.name-alone",    "x.between",      "x.over-byline",     "x.over-story",
    "x.under-story", "x.about-author"};

struct FurnitureSpan {
  FurnitureKind kind;
  std::uint32_t rule;  // of the table; from rules().size() on: kFurnitureShapes
  double confidence;
  bool whole_line;
  bool removed;
  // Bytes. What is cut is the span with the white space that would be left over.
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t cut_begin;
  std::uint32_t cut_end;
};

struct FurnitureOptions {
  bool thorough = false;
  std::array<bool, kFurnitureKinds.size()> keep{};  // kinds that are found but not removed
};

// What was found in one text: spans in its order, that do not overlap.
struct FoundFurniture {
  std::vector<FurnitureSpan> spans;
  std::string_view headline, place, date, byline;  // in the text; empty: not found
  std::string agency;                              // by its own name
  bool agency_copy = false;
};

// Keeps its buffers from one text to the next; one per thread.
class FurnitureFinder {
 public:
  FurnitureFinder(const FurnitureRules& rules, const FurnitureOptions& options)
      : rules_(&rules), options_(options), known_(rules.classes()), met_(rules.condition_words()) {}

  // `source`: in rules.sources(), or -1. Replaces `found`, which borrows from `text`. Throws
  // InputError where the text is 4 GiB or longer.
  void find(std::string_view text, std::int32_t source, FoundFurniture& found);

 private:
  struct Look {  // of a short line
    std::uint32_t words = 0;
    std::uint32_t numbers = 0;  // of the words
    bool open = false;          // does not end like a sentence
    bool asks = false;          // ends with a question or exclamation mark
    bool upper = false;         // capitals only
    bool title = false;         // Title Case
    bool named = false;         // every word begins with a capital
  };
  struct Line {
    std::uint32_t raw_begin = 0;  // with white space and line break
    std::uint32_t raw_end = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t characters = 0;  // code points; 0: not counted yet
    bool after_blank = false;
    bool furniture = false;
    bool label = false;
    bool counted = false;  // among times_
    bool inside = false;   // a span begins or ends in it
    FurnitureKind kind = FurnitureKind::kLabel;
    Look look;
  };

  void cut_lines(std::string_view text);
  bool match_line(std::string_view text, std::size_t line, std::int32_t source,
                  FoundFurniture& found);
  void match_inside(std::string_view text, std::size_t line, std::int32_t source,
                    FoundFurniture& found);
  std::size_t match_at(std::string_view text, std::size_t line, std::size_t at, std::size_t token,
                       std::int32_t source, FoundFurniture& found);
  void read_line(std::string_view text, Line& line);
  void begin_round();
  void find_met(std::span<const FurnitureToken> tokens);
  void list_generic();
  bool allowed(const FurnitureRules::Rule& rule, std::string_view text, std::size_t line,
               std::int32_t source);
  Look look_at(std::string_view text, const Line& line) const;
  std::uint32_t times(std::string_view text, std::size_t line);
  static bool is_story(const Line& line);
  void judge_company(std::string_view text, FoundFurniture& found);
  void judge_over_story(std::string_view text, FoundFurniture& found);
  void judge_under_story(std::string_view text, FoundFurniture& found);
  void judge_author(std::string_view text, FoundFurniture& found);
  void find_glued_links(std::string_view text, std::size_t line, FoundFurniture& found);
  void add_shape(FurnitureShape shape, FurnitureKind kind, double confidence, std::size_t line,
                 FoundFurniture& found, bool removed = true);
  void note(std::string_view text, const FurnitureRules::Rule& rule,
            std::span<const FurnitureToken> tokens, const FurnitureRules::Captures& captures,
            FoundFurniture& found) const;
  void cut(std::string_view text, FoundFurniture& found) const;

  static constexpr std::size_t kHeadLines = 10;
  static bool is_head(std::size_t line) { return line < kHeadLines; }
  static constexpr std::size_t kShortBytes = 400;  // lines that are judged by their company

  const FurnitureRules* rules_;
  FurnitureOptions options_;
  std::vector<Line> lines_;
  // Of the line at hand: read once, where it is short enough for rules that could begin with
  // anything.
  std::vector<FurnitureToken> tokens_;
  bool tokens_read_ = false;
  bool complete_ = false;            // they are all of it
  std::vector<FurnitureToken> few_;  // from some place in it on
  // For FurnitureTokens; each time that rules are looked up is a round.
  std::vector<std::uint64_t> known_;
  std::uint32_t round_ = 0;
  // The conditions of rules that are met, as bits, and whether it is by the whole line at hand.
  std::vector<std::uint64_t> met_;
  bool met_by_line_ = false;
  std::vector<std::uint32_t> rows_;  // of conditions, that tokens meet
  // Rules that are possible, of those that could begin and end a line with anything.
  std::vector<std::uint32_t> generic_;
  std::unordered_map<std::string_view, std::uint32_t> times_;  // how often a line comes
  bool times_counted_ = false;
  FurnitureScratch scratch_;
  std::vector<std::uint32_t> edges_;  // tokens that a sentence may begin with
};

}  // namespace wirecopy
