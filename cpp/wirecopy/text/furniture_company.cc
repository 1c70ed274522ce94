// Lines that no rule knows, told by the lines around them, and links that an outlet's pages left in
// the text.
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "wirecopy/text/furniture.h"

namespace wirecopy {
namespace {

using Kind = FurnitureKind;

constexpr std::size_t kNameBytes = 120;  // lines that may come again

std::uint8_t at_byte(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

}  // namespace

void FurnitureFinder::add_shape(FurnitureShape shape, Kind kind, double confidence,
                                std::size_t line, FoundFurniture& found, bool removed) {
  Line& l = lines_[line];
  l.furniture = removed;
  l.kind = kind;
  const auto rule =
      static_cast<std::uint32_t>(rules_->rules().size() + static_cast<std::size_t>(shape));
  found.spans.push_back({kind, rule, confidence, true, removed, l.begin, l.end, 0, 0});
}

// How often a line comes among the lines that no rule took.
std::uint32_t FurnitureFinder::times(std::string_view text, std::size_t line) {
  const auto line_text = [&](const Line& l) { return text.substr(l.begin, l.end - l.begin); };
  if (!times_counted_) {
    times_.clear();
    for (const Line& l : lines_) {
      if (l.counted) ++times_[line_text(l)];
    }
    times_counted_ = true;
  }
  return times_[line_text(lines_[line])];
}

// Lines that are furniture because of the lines around them. Only those are looked at that hold
// nothing found so far.
void FurnitureFinder::judge_company(std::string_view text, FoundFurniture& found) {
  using Shape = FurnitureShape;
  std::size_t at = 0;
  for (const FurnitureSpan& span : found.spans) {
    while (at < lines_.size() && lines_[at].end <= span.begin) ++at;
    if (at < lines_.size() && !span.whole_line) lines_[at].inside = true;
  }
  times_counted_ = false;
  std::size_t first_story = lines_.size();
  std::size_t stories = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    Line& l = lines_[i];
    if (l.furniture) continue;
    l.counted = l.end - l.begin <= kNameBytes;
    if (is_story(l)) {
      if (first_story == lines_.size()) first_story = i;
      ++stories;
    }
  }
  if (lines_.size() < 3 || stories == 0) return;
  const auto free = [&](std::size_t i) { return !lines_[i].furniture && !lines_[i].inside; };
  const auto is = [&](std::size_t i, Kind kind) {
    return i < lines_.size() && lines_[i].furniture && lines_[i].kind == kind;
  };
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!is(i, Kind::kCredit)) continue;
    const auto is_short = [&](std::size_t j) {
      return free(j) && lines_[j].look.open && lines_[j].look.words <= 14;
    };
    // A short line that follows another belongs to a list.
    if (i > 0 && is_short(i - 1) && !lines_[i].after_blank && lines_[i - 1].look.words > 0 &&
        (i < 2 || i - 2 < first_story || !is_short(i - 2))) {
      add_shape(Shape::kBeforeCredit, Kind::kCaption, 0.9, i - 1, found);
    }
    if (i + 1 < lines_.size() && i > first_story && free(i + 1) && lines_[i + 1].look.open &&
        lines_[i + 1].look.words >= 5 && lines_[i + 1].look.words <= 25 &&
        !lines_[i + 1].after_blank && lines_[i + 1].look.title && lines_[i + 1].look.numbers < 2) {
      add_shape(Shape::kAfterCredit, Kind::kTeaser, 0.85, i + 1, found);
    }
  }
  for (std::size_t i = 0; i + 1 < lines_.size(); ++i) {
    if (!lines_[i].label || !lines_[i].furniture) continue;
    for (std::size_t j = i + 1;
         j < lines_.size() && j <= i + 6 && free(j) &&
         (lines_[j].look.open || lines_[j].look.asks) && lines_[j].look.words >= 4 &&
         lines_[j].look.words <= 18 && lines_[j].look.numbers < 3;
         ++j) {
      if (j > i + 1 && lines_[j].after_blank && !lines_[i + 1].after_blank) break;
      // Of one line under a label a subheading can look the same: it takes capitals, or the end.
      add_shape(Shape::kUnderLabel, Kind::kTeaser, 0.85, j, found);
    }
  }
  bool credit = false;
  bool marked = !found.place.empty();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    credit = credit || is(i, Kind::kCredit);
    marked = marked || (i <= first_story + 1 && lines_[i].furniture &&
                        (lines_[i].kind == Kind::kDate || lines_[i].kind == Kind::kByline ||
                         lines_[i].kind == Kind::kCredit || lines_[i].kind == Kind::kLabel ||
                         lines_[i].kind == Kind::kDateline));
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!free(i)) continue;
    const Line& l = lines_[i];
    if (l.end - l.begin <= kNameBytes && lines_[i].look.open && lines_[i].look.named &&
        lines_[i].look.words >= 2 && lines_[i].look.words <= 6 && (credit || options_.thorough) &&
        times(text, i) == 2 && (is_head(i) || credit)) {
      add_shape(Shape::kRepeatedName, Kind::kCaption, 0.8, i, found);
      continue;
    }
  }
  // The headline: before the story, of the lines that do not end like a sentence, the first that
  // begins the text or stands by a line that is furniture.
  const std::size_t head = std::min(first_story, kHeadLines);
  const auto may_be_headline = [&](std::size_t i) {
    const Look& look = lines_[i].look;
    const bool may = look.open || (marked && look.asks && i < first_story);
    return free(i) && may && look.words >= look.numbers + 3 && look.words <= 32;
  };
  bool sections_only = true;  // over the line, beside furniture
  for (std::size_t i = 0; i < head; ++i) {
    if (i > 0 && free(i - 1)) sections_only = sections_only && lines_[i - 1].look.words <= 4;
    if (!may_be_headline(i)) continue;
    if (stories < 2 && !marked) break;
    const bool by_furniture =
        sections_only || lines_[i - 1].furniture || lines_[i + 1].furniture || i + 1 == first_story;
    if (!by_furniture) continue;
    // A section over the headline: "News > Local".
    if (i + 1 < head && may_be_headline(i + 1) &&
        lines_[i].look.words * 2 <= lines_[i + 1].look.words) {
      continue;
    }
    const bool removed = marked || options_.thorough;
    found.headline = text.substr(lines_[i].begin, lines_[i].end - lines_[i].begin);
    add_shape(marked ? Shape::kMarkedHeadline : Shape::kHeadline, Kind::kHeadline,
              marked ? 0.9 : 0.75, i, found, removed);
    break;
  }
  // The name of a section over a headline, and a name alone beside it.
  for (std::size_t i = 0; i < head; ++i) {
    const Look& look = lines_[i].look;
    if (!free(i) || !look.open || look.words == 0) continue;
    const bool above = i > 0 && lines_[i - 1].furniture;
    const bool below = i + 1 < lines_.size() && lines_[i + 1].furniture;
    if (i == 0 && below && look.words <= 6) {
      add_shape(Shape::kSection, Kind::kLabel, 0.85, i, found);
    } else if (look.named && look.words >= 2 && look.words <= 4 && look.numbers == 0 && above &&
               (below || i + 1 == first_story)) {
      add_shape(Shape::kNameAlone, Kind::kByline, 0.85, i, found);
    }
  }
  if (!options_.thorough) return;
  // A short line with furniture on both sides, over the story or under it.
  std::size_t last_story = lines_.size();
  while (last_story > 0 && !is_story(lines_[last_story - 1])) --last_story;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Look& look = lines_[i].look;
    if (i >= head && i < last_story) continue;
    if (!free(i) || !look.open || look.numbers > 0 || look.words < 2 || look.words > 14) continue;
    const bool above = i > 0 && lines_[i - 1].furniture;
    const bool below = i + 1 == lines_.size() || lines_[i + 1].furniture || i + 1 == first_story;
    if (above && below) {
      add_shape(Shape::kBetween, i < head ? Kind::kCaption : Kind::kTeaser, 0.75, i, found);
    }
  }
  for (std::size_t i = first_story + 1; i < lines_.size(); ++i) {
    if (!free(i) || !lines_[i].look.open) continue;
    const bool alone = (i + 1 >= lines_.size() || !free(i + 1) || !lines_[i + 1].look.open) &&
                       (!free(i - 1) || !lines_[i - 1].look.open);
    const bool beside =
        lines_[i - 1].furniture || (i + 1 < lines_.size() && lines_[i + 1].furniture);
    if (lines_[i].look.numbers > 1) continue;
    if (lines_[i].look.upper && lines_[i].look.words >= 4 && lines_[i].look.words <= 25 && alone &&
        beside) {
      add_shape(Shape::kCapitals, Kind::kTeaser, 0.8, i, found);
    } else if (lines_[i].look.title && !lines_[i].look.upper && lines_[i].look.words >= 6 &&
               lines_[i].look.words <= 20 && alone) {
      add_shape(Shape::kTitle, Kind::kTeaser, 0.7, i, found);
    }
  }
}

// Some outlets link a name to its page and to headlines, and take the links' text along:
// "President Trump Donald John TrumpFirst headline Second headline MORE said".
void FurnitureFinder::find_glued_links(std::string_view text, std::size_t line,
                                       FoundFurniture& found) {
  constexpr std::size_t kReach = 700;
  constexpr std::size_t kLongestName = 60;
  constexpr std::string_view kMore = "MORE";
  const Line& l = lines_[line];
  const std::string_view all = text.substr(0, l.end);
  std::size_t from = l.begin;
  for (std::size_t more = all.find(kMore, l.begin); more != std::string_view::npos;
       more = all.find(kMore, more + 1)) {
    const std::size_t end = more + kMore.size();
    if (more == l.begin || text[more - 1] != ' ') continue;
    if (end < l.end && ((at_byte(text, end) | 0x20u) - 'a' < 26u)) continue;
    const std::size_t low = std::max(from, more > kReach ? more - 1 - kReach : 0);
    // "NameHeadline": a small letter before a capital, and the name a few words earlier.
    for (std::size_t at = low + 1; at < more; ++at) {
      const std::uint8_t c = at_byte(text, at);
      const std::uint8_t b = at_byte(text, at - 1);
      const bool begins = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!begins || !((b >= 'a' && b <= 'z') || b == '.' || b == ')')) continue;
      std::size_t word = at;
      while (word > low && text[word - 1] != ' ') --word;
      if (at - word < 3) continue;
      const std::string_view name = text.substr(word, at - word);
      const std::size_t reach = std::max(low, word > kLongestName ? word - kLongestName : 0);
      const std::string_view near = text.substr(reach, word - reach);
      const std::size_t earlier = near.rfind(name);
      if (earlier == std::string_view::npos || earlier + name.size() >= near.size() ||
          near[earlier + name.size()] != ' ') {
        continue;
      }
      const std::size_t begin = reach + earlier + name.size() + 1;
      found.spans.push_back(
          {Kind::kTeaser,
           static_cast<std::uint32_t>(rules_->rules().size() +
                                      static_cast<std::size_t>(FurnitureShape::kGluedLinks)),
           0.95, false, true, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), 0,
           0});
      from = end;
      break;
    }
  }
}

}  // namespace wirecopy
