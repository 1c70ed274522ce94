#include "wirecopy/text/furniture_learning.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

using Place = LearnedFurniture::Place;

constexpr std::size_t kSentenceBytes = 40;  // shorter ones tell no story from another
constexpr std::size_t kSentenceWords = 9;   // a line of fewer words is no sentence of a story
constexpr std::size_t kLongestLabel = 60;   // bytes, up to its colon
constexpr std::size_t kLongestPiece = 240;  // bytes of a line's first or last sentence
constexpr std::size_t kLongestText = 0xFFFFFFFF;
constexpr std::uint32_t kBoilerplate = 3;  // a sentence of so many stories belongs to none
constexpr int kRounds = 8;                 // of sentences that stand at an edge behind others
constexpr double kAtEdge = 0.9;            // of its stories
constexpr double kLabelsOfAText = 2.0;     // speakers of an interview come more often

// A piece of a text, in bytes of its UTF-8.
struct Piece {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const { return begin == end; }
};

struct Line {
  std::uint32_t row;  // among those of the source
  Piece whole;
  Piece label, first, last;  // empty where it has none of its own
  std::uint64_t key = 0;     // of the whole, its numbers masked
  std::uint64_t exact = 0;   // and as they stand
  bool sentence = false;     // reads as one of a story
  bool known = false;        // learned
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ends_sentence(char32_t c) {
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 ||
         c == 0xFF1F || c == 0x61F || c == 0x6D4;
}

bool closes(char32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201D || c == 0x2019 || c == 0xBB ||
         c == 0xAB || c == 0x201C || c == 0x300D || c == 0xFF09;
}

// What is looked at of a line: words, letters, how it ends.
struct Look {
  std::size_t words = 0;
  std::size_t named_words = 0;  // of three letters, or a script without spaces
  std::size_t code_points = 0;
  bool closed = false;
};

Look look_at(std::string_view text) {
  Look look;
  std::size_t letters = 0;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded c = utf8::decode(text, at);
    at += c.length;
    ++look.code_points;
    const unicode::Record record = unicode::record(c.code_point);
    if (record.has(unicode::kUnit)) {
      ++look.words;
      ++look.named_words;
      in_word = false;
    } else if (record.has(unicode::kWord)) {
      if (!in_word) {
        ++look.words;
        letters = 0;
      }
      in_word = true;
      if (record.has(unicode::kLetter) && ++letters == 3) ++look.named_words;
    } else {
      in_word = false;
    }
  }
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t at = previous_char(text, end);
    const char32_t c = utf8::decode(text, at).code_point;
    if (!closes(c)) {
      look.closed = ends_sentence(c);
      break;
    }
    end = at;
  }
  return look;
}

// A hash of a piece in which every number is the same.
std::uint64_t masked_key(std::string_view piece, std::string& scratch) {
  scratch.clear();
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (!is_digit(piece[i])) {
      scratch.push_back(piece[i]);
    } else if (i == 0 || !is_digit(piece[i - 1])) {
      scratch.push_back('0');
    }
  }
  return hash_bytes(scratch);
}

// Texts of one outlet, and what they have in common.
class Outlet {
 public:
  Outlet(std::int32_t source, const LearningOptions& options, const Run& run)
      : source_(source), options_(&options), run_(&run) {}

  void read(TextReader& reader, std::span<const std::uint32_t> rows);
  void learn(TextReader& reader, std::vector<LearnedFurniture>& found);
  std::size_t stories() const { return rows_.size(); }

 private:
  // What lines have in common, one entry a line that has it.
  struct Entry {
    std::uint64_t key;
    std::uint32_t line;
    std::uint64_t exact;  // the same, its numbers as they stand
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  struct Candidate {
    std::vector<std::uint32_t> lines;
    std::size_t texts;
    bool numbers;  // that differ
  };

  void read_text(std::string_view text);
  bool is_reprint(std::string_view text, std::size_t first_line);
  void cut_pieces(std::string_view text, Line& line);
  std::vector<Candidate> repeated(std::vector<Entry>& entries, std::size_t needed) const;
  std::string_view text_of(TextReader& reader, std::uint32_t line, const Piece& piece) const {
    return reader[rows_[lines_[line].row]].substr(piece.begin, piece.end - piece.begin);
  }
  void find_edges();
  bool at_edge(const Candidate& candidate, bool top, bool bottom) const;
  void learn_lines(TextReader& reader, std::vector<LearnedFurniture>& found);
  void learn_pieces(TextReader& reader, Place place, std::vector<LearnedFurniture>& found);
  void add(TextReader& reader, Place place, const Candidate& candidate, Piece Line::* piece,
           std::vector<LearnedFurniture>& found) const;

  std::int32_t source_;
  const LearningOptions* options_;
  const Run* run_;
  std::vector<std::uint32_t> rows_;  // that are no copies or reprints
  std::vector<Line> lines_;
  std::vector<std::uint32_t> first_line_, last_line_;  // of each row, that is not learned
  absl::flat_hash_set<std::uint64_t> texts_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> sentences_;  // stories that have them
  std::vector<std::pair<std::uint64_t, std::uint32_t>> said_;    // of the text at hand, and bytes
  std::string scratch_;
  std::size_t needed_ = 0;
};

// Finds the label, the first and the last sentence of a line, and notes its sentences.
void Outlet::cut_pieces(std::string_view text, Line& line) {
  std::uint32_t begin = line.whole.begin;
  std::uint32_t sentences = 0;
  const auto note = [&](std::uint32_t from, std::uint32_t to) {
    if (to - from >= kSentenceBytes) {
      said_.emplace_back(hash_bytes(text.substr(from, to - from)), to - from);
    }
  };
  for (std::size_t at = line.whole.begin; at < line.whole.end;) {
    const utf8::Decoded c = utf8::decode(text, at);
    const std::size_t next = at + c.length;
    const bool spaced = next < line.whole.end && text[next] == ' ';
    if ((c.code_point == ':' || c.code_point == '|') && spaced && line.label.empty() &&
        sentences == 0 && next - line.whole.begin <= kLongestLabel) {
      line.label = {line.whole.begin, static_cast<std::uint32_t>(next)};
    }
    at = next;
    if (!ends_sentence(c.code_point)) continue;
    std::size_t end = next;
    while (end < line.whole.end && closes(utf8::decode(text, end).code_point)) {
      end += utf8::decode(text, end).length;
    }
    const bool ideographic = c.code_point == 0x3002 || c.code_point == 0xFF01;
    if (end >= line.whole.end || (text[end] != ' ' && !ideographic)) continue;
    note(begin, static_cast<std::uint32_t>(end));
    if (sentences++ == 0) line.first = {begin, static_cast<std::uint32_t>(end)};
    while (end < line.whole.end && text[end] == ' ') ++end;
    begin = static_cast<std::uint32_t>(end);
    at = end;
  }
  note(begin, line.whole.end);
  if (sentences > 0) line.last = {begin, line.whole.end};
}

// Whether most of a text stood in earlier stories. Sentences that many stories have tell nothing.
bool Outlet::is_reprint(std::string_view text, std::size_t first_line) {
  said_.clear();
  for (std::size_t i = first_line; i < lines_.size(); ++i) cut_pieces(text, lines_[i]);
  std::ranges::sort(said_);
  const auto same = std::ranges::unique(said_);
  said_.erase(same.begin(), same.end());
  std::uint64_t fresh = 0;
  std::uint64_t seen = 0;
  for (const auto& [key, bytes] : said_) {
    const auto known = sentences_.find(key);
    if (known == sentences_.end()) {
      fresh += bytes;
    } else if (known->second < kBoilerplate) {
      seen += bytes;
    }
  }
  const bool reprint = seen > fresh;
  for (const auto& [key, bytes] : said_) {
    std::uint32_t& stories = sentences_[key];
    // What only reprints have is known from the first of them.
    if (!reprint || stories == 0) ++stories;
  }
  return reprint;
}

void Outlet::read_text(std::string_view text) {
  const std::size_t first_line = lines_.size();
  const auto row = static_cast<std::uint32_t>(rows_.size() - 1);
  std::size_t begin = 0;
  const auto add_line = [&](std::size_t end) {
    std::size_t from = begin;
    while (from < end) {
      const utf8::Decoded c = utf8::decode(text, from);
      if (!is_space(c.code_point)) break;
      from += c.length;
    }
    while (end > from && is_space(utf8::decode(text, previous_char(text, end)).code_point)) {
      end = previous_char(text, end);
    }
    if (from < end) {
      const Line line{.row = row,
                      .whole = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(end)},
                      .label = {},
                      .first = {},
                      .last = {}};
      lines_.push_back(line);
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    if (byte > 0x1E && byte < 0xC2) {
      ++at;
      continue;
    }
    const utf8::Decoded c = utf8::decode(text, at);
    if (is_line_break(c.code_point)) {
      add_line(at);
      begin = at + c.length;
    }
    at += c.length;
  }
  add_line(text.size());
  if (is_reprint(text, first_line)) {
    lines_.resize(first_line);
    rows_.pop_back();
    return;
  }
  for (std::size_t i = first_line; i < lines_.size(); ++i) {
    Line& line = lines_[i];
    const std::string_view whole = text.substr(line.whole.begin, line.whole.end - line.whole.begin);
    line.key = masked_key(whole, scratch_);
    line.exact = hash_bytes(whole);
    const Look look = look_at(whole.substr(0, std::min(whole.size(), options_->max_length * 4)));
    line.sentence = look.words >= kSentenceWords && (look.closed || whole.size() > 400);
  }
}

void Outlet::read(TextReader& reader, std::span<const std::uint32_t> rows) {
  for (const std::uint32_t row : rows) {
    run_->check();
    const std::string_view text = reader[row];
    if (text.size() >= kLongestText) throw InputError("texts", row, "4 GiB or more");
    if (!text.empty() && texts_.insert(hash_bytes(text)).second) {
      rows_.push_back(row);
      read_text(text);
    }
    run_->advance(text.size());
  }
  texts_ = {};
  sentences_ = {};
  needed_ = std::max(options_->min_texts,
                     static_cast<std::size_t>(std::ceil(
                         options_->min_share * static_cast<double>(rows_.size()) - 1e-9)));
}

// Lines with one key, of as many texts as are needed.
std::vector<Outlet::Candidate> Outlet::repeated(std::vector<Entry>& entries,
                                                std::size_t needed) const {
  std::ranges::sort(entries);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < entries.size();) {
    std::size_t end = i;
    std::size_t texts = 0;
    for (; end < entries.size() && entries[end].key == entries[i].key; ++end) {
      texts += end == i || lines_[entries[end].line].row != lines_[entries[end - 1].line].row;
    }
    if (texts >= needed) {
      Candidate candidate{{}, texts, false};
      for (std::size_t j = i; j < end; ++j) {
        candidate.lines.push_back(entries[j].line);
        candidate.numbers = candidate.numbers || entries[j].exact != entries[i].exact;
      }
      candidates.push_back(std::move(candidate));
    }
    i = end;
  }
  return candidates;
}

// The first and the last line of every row that is not learned.
void Outlet::find_edges() {
  constexpr std::uint32_t kNone = 0xFFFFFFFF;
  first_line_.assign(rows_.size(), kNone);
  last_line_.assign(rows_.size(), kNone);
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].known) continue;
    std::uint32_t& first = first_line_[lines_[i].row];
    if (first == kNone) first = i;
    last_line_[lines_[i].row] = i;
  }
}

// Whether nearly all lines of a candidate stand above or below everything that is not learned, or
// are the first or last such line.
bool Outlet::at_edge(const Candidate& candidate, bool top, bool bottom) const {
  std::size_t above = 0;
  std::size_t below = 0;
  for (const std::uint32_t i : candidate.lines) {
    above += i <= first_line_[lines_[i].row];
    const std::uint32_t last = last_line_[lines_[i].row];
    below += i >= last || last == 0xFFFFFFFF;
  }
  const double enough = kAtEdge * static_cast<double>(candidate.lines.size());
  return (top && static_cast<double>(above) >= enough) ||
         (bottom && static_cast<double>(below) >= enough);
}

void Outlet::add(TextReader& reader, Place place, const Candidate& candidate, Piece Line::* piece,
                 std::vector<LearnedFurniture>& found) const {
  const std::uint32_t first = candidate.lines.front();
  found.push_back({source_, place, candidate.numbers,
                   std::string(text_of(reader, first, lines_[first].*piece)), candidate.texts});
}

void Outlet::learn_lines(TextReader& reader, std::vector<LearnedFurniture>& found) {
  std::vector<Entry> entries;
  entries.reserve(lines_.size());
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    entries.push_back({lines_[i].key, i, lines_[i].exact});
  }
  std::vector<Candidate> candidates = repeated(entries, needed_);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const std::uint32_t line = candidate.lines.front();
    const std::string_view text = text_of(reader, line, lines_[line].whole);
    const Look look = look_at(text);
    if (look.words == 0 || look.code_points > options_->max_length) return true;
    // "3 - 1" is a result, not furniture, and so is a figure of a table.
    const bool digits = std::ranges::any_of(text, is_digit);
    return digits && look.named_words < 2;
  });
  // A line that reads as a sentence needs an edge, and may make one for the next.
  for (const Candidate& candidate : candidates) {
    if (lines_[candidate.lines.front()].sentence) continue;
    for (const std::uint32_t line : candidate.lines) lines_[line].known = true;
  }
  bool changed = true;
  for (int round = 0; changed && round < kRounds; ++round) {
    changed = false;
    find_edges();
    for (const Candidate& candidate : candidates) {
      const Line& one = lines_[candidate.lines.front()];
      if (one.known || !at_edge(candidate, true, true)) continue;
      for (const std::uint32_t line : candidate.lines) lines_[line].known = true;
      changed = true;
    }
  }
  for (const Candidate& candidate : candidates) {
    if (lines_[candidate.lines.front()].known) {
      add(reader, Place::kLine, candidate, &Line::whole, found);
    }
  }
}

void Outlet::learn_pieces(TextReader& reader, Place place, std::vector<LearnedFurniture>& found) {
  Piece Line::* const piece = place == Place::kStart ? &Line::first
                              : place == Place::kEnd ? &Line::last
                                                     : &Line::label;
  std::vector<Entry> entries;
  for (std::uint32_t row = 0, i = 0; row < rows_.size(); ++row) {
    const std::string_view text = reader[rows_[row]];
    for (; i < lines_.size() && lines_[i].row == row; ++i) {
      const Piece& p = lines_[i].*piece;
      if (lines_[i].known || p.empty() || p.end - p.begin > kLongestPiece) continue;
      const std::string_view one = text.substr(p.begin, p.end - p.begin);
      entries.push_back({masked_key(one, scratch_), i, hash_bytes(one)});
    }
  }
  // They are easier to come by than whole lines.
  for (const Candidate& candidate : repeated(entries, 2 * needed_)) {
    const std::uint32_t line = candidate.lines.front();
    const Look look = look_at(text_of(reader, line, lines_[line].*piece));
    if (look.named_words < 2) continue;
    if (place == Place::kLabel) {
      const auto sentences = std::ranges::count_if(
          candidate.lines, [&](std::uint32_t i) { return lines_[i].sentence; });
      const auto count = static_cast<double>(candidate.lines.size());
      if (count > kLabelsOfAText * static_cast<double>(candidate.texts)) continue;
      if (static_cast<double>(sentences) > (1 - kAtEdge) * count) continue;
      for (const std::uint32_t i : candidate.lines) lines_[i].known = true;
    } else if (look.words < 3 ||
               !at_edge(candidate, place == Place::kStart, place == Place::kEnd)) {
      continue;
    }
    add(reader, place, candidate, piece, found);
  }
}

void Outlet::learn(TextReader& reader, std::vector<LearnedFurniture>& found) {
  learn_lines(reader, found);
  run_->check();
  learn_pieces(reader, Place::kLabel, found);
  find_edges();
  learn_pieces(reader, Place::kStart, found);
  learn_pieces(reader, Place::kEnd, found);
  std::ranges::sort(found, [](const LearnedFurniture& a, const LearnedFurniture& b) {
    return std::tuple(a.place, b.texts, std::string_view(a.text)) <
           std::tuple(b.place, a.texts, std::string_view(b.text));
  });
}

}  // namespace

Learned learn_furniture(const TextColumn& texts, std::span<const std::int32_t> sources,
                        std::size_t source_count, const LearningOptions& options, const Run& run) {
  std::vector<std::vector<std::uint32_t>> rows(source_count);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (sources[row] >= 0 && !texts.is_null(row)) {
      rows[static_cast<std::size_t>(sources[row])].push_back(static_cast<std::uint32_t>(row));
    }
  }
  std::vector<std::vector<LearnedFurniture>> found(source_count);
  Learned learned;
  learned.stories.resize(source_count);
  run.begin("learning furniture", texts.total_bytes());
  parallel_for(run, source_count, 1, [&](int, std::size_t begin, std::size_t end) {
    TextReader reader(texts);
    for (std::size_t source = begin; source < end; ++source) {
      Outlet outlet(static_cast<std::int32_t>(source), options, run);
      outlet.read(reader, rows[source]);
      outlet.learn(reader, found[source]);
      learned.stories[source] = outlet.stories();
    }
  });
  for (std::vector<LearnedFurniture>& some : found) {
    std::ranges::move(some, std::back_inserter(learned.found));
  }
  return learned;
}

}  // namespace wirecopy
