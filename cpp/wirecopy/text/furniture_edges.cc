// What stands over a story and under it: lines that no rule knows, told by where they stand.
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/furniture.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

using Kind = FurnitureKind;
using Shape = FurnitureShape;

constexpr std::size_t kOverLines = 12;        // over a story, at most
constexpr std::size_t kUnderLines = 6;        // of the end of a text, where its author is told of
constexpr std::uint32_t kLongestLead = 45;    // words of a sentence over the byline
constexpr std::uint32_t kMostLeads = 2;       // such sentences
constexpr std::uint32_t kLongestSection = 4;  // words of "News > Local"
constexpr std::uint32_t kLongestLink = 18;    // words of a line under the story

// Marks before a name: "* Jane Doe writes on ...".
std::string_view without_marks(std::string_view line) {
  while (!line.empty()) {
    const utf8::Decoded c = utf8::decode(line, 0);
    if (unicode::record(c.code_point).has(unicode::kWord)) break;
    line.remove_prefix(c.length);
  }
  return line;
}

// Whether a line begins like one of a list in the story: with a dash, a bullet or "3.".
bool is_listed(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("\xE2\x80\x93 ") ||
      line.starts_with("\xE2\x80\xA2")) {
    return true;
  }
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  return digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
}

bool has_two_words(std::string_view name) {
  const std::size_t space = name.find(' ');
  return space != std::string_view::npos && space + 1 < name.size();
}

}  // namespace

bool FurnitureFinder::is_story(const Line& line) {
  return !line.furniture && (line.end - line.begin > kShortBytes || line.inside ||
                             (!line.look.open && line.look.words >= (line.look.asks ? 17u : 9u)));
}

// Over the last date or byline that stands above the story, every line that is no sentence is
// furniture: sections, the headline, captions. At "thorough", so is the sentence that sums the
// story up, and what stands between the byline and the first paragraph.
void FurnitureFinder::judge_over_story(std::string_view text, FoundFurniture& found) {
  if (found.headline.empty()) return;
  const auto offset = static_cast<std::size_t>(found.headline.data() - text.data());
  std::size_t headline = 0;
  while (headline < lines_.size() && lines_[headline].begin != offset) ++headline;
  const std::size_t most = std::min(lines_.size(), kOverLines);
  std::size_t over = 0;  // lines up to the date or byline, with it
  std::uint32_t leads = 0;
  for (std::size_t i = 0; i < most; ++i) {
    const Line& l = lines_[i];
    if (l.furniture) {
      if (l.kind == Kind::kByline || l.kind == Kind::kDate) over = i + 1;
      continue;
    }
    if (l.inside || l.end - l.begin > kShortBytes) break;
    if (l.look.open) continue;
    // A story without a headline over it may have a date as a subheading.
    if (i < headline || l.look.words > kLongestLead || ++leads > kMostLeads) break;
  }
  for (std::size_t i = 0; i < over; ++i) {
    const Look& look = lines_[i].look;
    if (lines_[i].furniture || lines_[i].inside || look.words == 0) continue;
    if (!look.open && !options_.thorough) continue;
    const bool section = i < headline && look.words <= kLongestSection;
    add_shape(section ? Shape::kSection : Shape::kOverByline,
              section ? Kind::kLabel : Kind::kTeaser, 0.85, i, found);
  }
  if (over == 0 || !options_.thorough) return;
  for (std::size_t i = over; i < lines_.size() && i < over + kOverLines; ++i) {
    if (is_story(lines_[i])) break;
    if (lines_[i].furniture) continue;
    if (!lines_[i].look.open) break;
    // Of a result or a table nothing is left out.
    if (lines_[i].look.numbers > 0 && lines_[i].look.words < 6) break;
    add_shape(Shape::kOverStory, Kind::kCaption, 0.75, i, found);
  }
}

// Under the last paragraph, what follows a link, a request to share or a rights line goes on like
// it: titles of other articles, names of topics, buttons.
void FurnitureFinder::judge_under_story(std::string_view text, FoundFurniture& found) {
  std::size_t last = lines_.size();
  while (last > 0 && !is_story(lines_[last - 1])) --last;
  if (last == 0) return;
  std::size_t from = lines_.size();
  std::size_t known = 0;
  for (std::size_t i = last; i < lines_.size(); ++i) {
    const Line& l = lines_[i];
    if (!l.furniture) continue;
    const bool ends = l.kind == Kind::kTeaser || l.kind == Kind::kShare ||
                      l.kind == Kind::kCopyright || l.kind == Kind::kLabel;
    if (ends && from == lines_.size()) from = i + 1;
    ++known;
  }
  if (known < (options_.thorough ? 1u : 2u)) return;
  for (std::size_t i = from; i < lines_.size(); ++i) {
    const Line& l = lines_[i];
    if (l.furniture || l.inside || l.look.words == 0 || l.look.words > kLongestLink) continue;
    if (!l.look.open && !l.look.asks) continue;
    if (l.look.numbers > 2 || is_listed(text.substr(l.begin, l.end - l.begin))) continue;
    add_shape(Shape::kUnderStory, Kind::kTeaser, options_.thorough ? 0.75 : 0.85, i, found);
  }
}

// A line at the end that begins with the name of the byline tells of the author.
void FurnitureFinder::judge_author(std::string_view text, FoundFurniture& found) {
  if (!has_two_words(found.byline)) return;
  const std::size_t n = lines_.size();
  const auto author = static_cast<std::size_t>(found.byline.data() - text.data());
  for (std::size_t i = n - std::min(n, kUnderLines); i < n; ++i) {
    const Line& l = lines_[i];
    if (l.furniture || l.inside || l.begin <= author) continue;
    if (without_marks(text.substr(l.begin, l.end - l.begin)).starts_with(found.byline)) {
      add_shape(Shape::kAuthor, Kind::kByline, 0.9, i, found);
    }
  }
}

}  // namespace wirecopy
