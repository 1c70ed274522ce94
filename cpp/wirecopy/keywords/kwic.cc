#include "wirecopy/keywords/kwic.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/keywords/text_probe.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/paragraphs.h"
#include "wirecopy/text/segment.h"
#include "wirecopy/text/unicode_tables.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 64;
// With more patterns than this, to look for each in a text takes longer than to read its words.
constexpr std::size_t kMostProbes = 8;
// With a limit, texts are read this many bytes at a time.
constexpr std::uint64_t kBytesAtATime = std::uint64_t{1} << 26;

// The patterns, looked up by their first word.
class Patterns {
 public:
  explicit Patterns(const KwicOptions& options) : spelling_(options.spelling) {
    for (std::size_t i = 0; i < options.patterns.size(); ++i) {
      patterns_.push_back(parse_word_pattern(options.patterns[i], i, spelling_));
    }
    bool probed = patterns_.size() <= kMostProbes;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      most_words_ = std::max(most_words_, patterns_[i].words.size());
      const WordGlob& first = patterns_[i].words.front();
      const auto index = static_cast<std::uint32_t>(i);
      if (first.is_literal()) {
        by_first_word_[first.pattern()].push_back(index);
        first_bytes_[static_cast<std::uint8_t>(first.pattern().front())] = true;
      } else {
        globs_.push_back(index);
      }
      if (!probed) continue;
      std::optional<TextProbe> probe = TextProbe::of(patterns_[i]);
      probed = probe.has_value();
      if (probe) probes_.push_back(std::move(*probe));
    }
    if (!probed) probes_.clear();
  }

  const Spelling& spelling() const { return spelling_; }
  std::span<const WordGlob> words(std::uint32_t pattern) const { return patterns_[pattern].words; }

  // How a text has to be read.
  enum class Look : std::uint8_t { kNot, kAroundProbes, kWhole };
  Look look_at(const StoredText& text) const {
    if (text.length == 0) return Look::kNot;
    if (probes_.empty()) return Look::kWhole;
    if (hides_letters(text, spelling_.accents_matter)) return Look::kWhole;
    const auto in_text = [&](const TextProbe& probe) { return probe.may_be_in(text); };
    return std::ranges::any_of(probes_, in_text) ? Look::kAroundProbes : Look::kNot;
  }
  std::span<const TextProbe> probes() const { return probes_; }
  std::size_t most_words() const { return most_words_; }

  // Patterns that may begin with the word, in order.
  void beginning_with(std::string_view word, std::vector<std::uint32_t>& out) const {
    out.clear();
    if (first_bytes_[static_cast<std::uint8_t>(word.front())]) {
      const auto found = by_first_word_.find(word);
      if (found != by_first_word_.end()) out = found->second;
    }
    const std::size_t literals = out.size();
    for (const std::uint32_t glob : globs_) {
      if (words(glob).front().matches(word)) out.push_back(glob);
    }
    if (literals != 0 && literals != out.size()) std::ranges::sort(out);
  }

 private:
  Spelling spelling_;
  std::vector<WordPattern> patterns_;
  // Keys are the words of patterns_, which never change.
  absl::flat_hash_map<std::string_view, std::vector<std::uint32_t>, BytesHash> by_first_word_;
  std::array<bool, 256> first_bytes_{};
  std::vector<std::uint32_t> globs_;
  std::size_t most_words_ = 1;
  std::vector<TextProbe> probes_;
};

// Where the units of a text begin and end, in bytes.
void find_units(std::string_view text, Within within, std::vector<std::size_t>& ends,
                std::vector<Span32>& units) {
  units.clear();
  const auto whole = static_cast<std::uint32_t>(text.size());
  if (within == Within::kText) {
    units.push_back({0, whole});
  } else if (within == Within::kSentence) {
    sentence_ends(text, ends);
    std::uint32_t begin = 0;
    for (const std::size_t end : ends) {
      units.push_back({begin, static_cast<std::uint32_t>(end)});
      begin = static_cast<std::uint32_t>(end);
    }
  } else {
    TextColumn one;
    one.push_back(text);
    const Paragraphs paragraphs = split_paragraphs(one, Run{});
    for (std::size_t i = 0; i < paragraphs.texts.size(); ++i) {
      const std::string_view piece = paragraphs.texts.stored(i).as_bytes();
      const auto begin = static_cast<std::uint32_t>(piece.data() - text.data());
      units.push_back({begin, begin + static_cast<std::uint32_t>(piece.size())});
    }
  }
}

// Code points before a byte, for bytes that mostly ascend.
class CharCounter {
 public:
  void begin(std::string_view text) {
    text_ = text;
    byte_ = chars_ = 0;
  }
  std::uint32_t before(std::uint32_t byte) {
    if (byte < byte_) {
      chars_ -= count(byte, byte_);
    } else {
      chars_ += count(byte_, byte);
    }
    byte_ = byte;
    return chars_;
  }

 private:
  std::uint32_t count(std::uint32_t from, std::uint32_t to) const {
    return static_cast<std::uint32_t>(utf8::count_code_points(text_.substr(from, to - from)));
  }

  std::string_view text_;
  std::uint32_t byte_ = 0;
  std::uint32_t chars_ = 0;
};

// One worker's tools.
class Finder {
 public:
  Finder(const TextColumn& texts, const Patterns& patterns, const KwicOptions& options)
      : reader_(texts), patterns_(&patterns), options_(&options), form_(patterns.spelling()) {}

  void find(const StoredText& stored, DocId row, std::vector<KwicHit>& out) {
    const Patterns::Look look = patterns_->look_at(stored);
    if (look == Patterns::Look::kNot) return;
    text_ = reader_[row];
    chars_.begin(text_);
    units_.clear();
    if (look == Patterns::Look::kAroundProbes && options_->within == Within::kText) {
      find_around_probes(row, out);
    } else {
      find_in({0, static_cast<std::uint32_t>(text_.size())}, row, out);
    }
  }

 private:
  // Reads only the words around the places where a probe's letters stand: as many on either side as
  // a pattern and its context may have, and one more, which tells that the text goes on. Where that
  // is no less than the text, it is read once, as a whole.
  void find_around_probes(DocId row, std::vector<KwicHit>& out) {
    const Span32 whole{0, static_cast<std::uint32_t>(text_.size())};
    const std::size_t words = patterns_->most_words() + 2;
    std::size_t to_read = 0;
    windows_.clear();
    for (const TextProbe& probe : patterns_->probes()) {
      for (std::size_t at = probe.next(text_, 0); at != SIZE_MAX;) {
        const std::size_t covered = cut_after(at, words);
        const Span32 window{
            static_cast<std::uint32_t>(cut_before(at, options_->left + words)),
            static_cast<std::uint32_t>(cut_after(covered, options_->right + words))};
        to_read += window.size();
        if (to_read >= text_.size()) return find_in(whole, row, out);
        windows_.push_back(window);
        at = probe.next(text_, std::max(at + 1, covered));
      }
    }
    std::ranges::sort(windows_, {}, &Span32::begin);
    for (std::size_t i = 0; i < windows_.size();) {
      Span32 window = windows_[i];
      for (++i; i < windows_.size() && windows_[i].begin <= window.end; ++i) {
        window.end = std::max(window.end, windows_[i].end);
      }
      find_in(window, row, out);
    }
  }

  // Whether a word ends before this byte and another one begins after it, whatever stands around
  // them: a space between characters of words. (A mark would belong to what is before it.) So words
  // between two cuts are the same whether the rest is read or not.
  bool is_cut(std::size_t at) const {
    if (text_[at] != ' ' || at == 0 || at + 1 == text_.size()) return false;
    const unicode::Record before =
        unicode::record(utf8::decode_valid(text_, previous_char(text_, at)).code_point);
    const unicode::Record after = unicode::record(utf8::decode_valid(text_, at + 1).code_point);
    constexpr std::uint32_t kUnsure = unicode::kMark | unicode::kRewrite;
    return before.has(unicode::kWord) && after.has(unicode::kWord) && !after.has(kUnsure);
  }
  // The byte after, or of, the cut that is `count` cuts away, or the end of the text. Between any
  // two cuts there is at least a word.
  std::size_t cut_before(std::size_t at, std::size_t count) const {
    while (at > 0) {
      --at;
      if (is_cut(at) && --count == 0) return at + 1;
    }
    return 0;
  }
  std::size_t cut_after(std::size_t at, std::size_t count) const {
    for (; at < text_.size(); ++at) {
      if (is_cut(at) && --count == 0) return at;
    }
    return text_.size();
  }

  // The hits in a piece of the text that no word goes over the ends of.
  void find_in(Span32 window, DocId row, std::vector<KwicHit>& out) {
    window_ = window;
    words_.scan(text_.substr(window.begin, window.size()));
    for (std::size_t i = 0; i < words_.size(); ++i) {
      patterns_->beginning_with(form_of(i), found_);
      for (const std::uint32_t pattern : found_) {
        const std::span<const WordGlob> globs = patterns_->words(pattern);
        if (!goes_on(globs, i)) continue;
        if (units_.empty()) find_units(text_, options_->within, ends_, units_);
        add(i, globs.size(), pattern, row, out);
      }
    }
  }

  Span32 source(std::size_t word) const {
    const Span32 span = words_.source(word);
    return {span.begin + window_.begin, span.end + window_.begin};
  }

  std::string_view form_of(std::size_t word) {
    const Span32 span = source(word);
    return form_(words_[word], text_.substr(span.begin, span.size()));
  }

  // Whether the words after the first one match.
  bool goes_on(std::span<const WordGlob> globs, std::size_t first) {
    if (globs.size() > words_.size() - first) return false;
    for (std::size_t k = 1; k < globs.size(); ++k) {
      if (!globs[k].matches(form_of(first + k))) return false;
    }
    return true;
  }

  void add(std::size_t first, std::size_t size, std::uint32_t pattern, DocId row,
           std::vector<KwicHit>& out) {
    const std::size_t last = first + size - 1;
    const std::uint32_t begin = source(first).begin;
    const auto after = std::ranges::upper_bound(units_, begin, {}, &Span32::begin);
    if (after == units_.begin()) return;
    const Span32 unit = *(after - 1);
    if (source(last).begin >= unit.end) return;
    const std::uint32_t end = std::max(source(last).end, begin);
    const std::uint32_t number = options_->numbers.empty() ? pattern : options_->numbers[pattern];
    KwicHit hit{row, number, begin, begin, end, end, chars_.before(begin), chars_.before(end)};
    if (options_->left > 0) {
      std::size_t word = first - std::min(first, options_->left);
      while (source(word).begin < unit.begin) ++word;
      const bool first_of_unit = word == 0 || source(word - 1).begin < unit.begin;
      hit.left = std::min(begin, first_of_unit ? unit.begin : source(word).begin);
    }
    if (options_->right > 0) {
      const std::size_t left_over = words_.size() - 1 - last;
      std::size_t word = last + std::min(left_over, options_->right);
      while (word > last && source(word).begin >= unit.end) --word;
      const bool last_of_unit = word + 1 == words_.size() || source(word + 1).begin >= unit.end;
      hit.right = std::max(end, last_of_unit ? unit.end : source(word).end);
    }
    out.push_back(hit);
  }

  TextReader reader_;
  const Patterns* patterns_;
  const KwicOptions* options_;
  WordForm form_;
  WordScanner words_{WordRule::kCount};
  std::string_view text_;
  std::vector<std::uint32_t> found_;
  std::vector<std::size_t> ends_;
  std::vector<Span32> units_;
  std::vector<Span32> windows_;
  Span32 window_{};
  CharCounter chars_;
};

// Rows [begin, end) of the texts, appended.
void find_rows(const TextColumn& texts, const Patterns& patterns, const KwicOptions& options,
               std::size_t begin, std::size_t end, const Run& run, std::vector<KwicHit>& out) {
  std::vector<std::optional<Finder>> finders(static_cast<std::size_t>(run.threads));
  std::vector<std::vector<KwicHit>> found((end - begin + kTextsAtATime - 1) / kTextsAtATime);
  parallel_for(run, end - begin, kTextsAtATime, [&](int worker, std::size_t from, std::size_t to) {
    std::optional<Finder>& finder = finders[static_cast<std::size_t>(worker)];
    if (!finder) finder.emplace(texts, patterns, options);
    std::vector<KwicHit> hits;
    std::uint64_t bytes = 0;
    for (std::size_t i = begin + from; i < begin + to; ++i) {
      if (bytes > std::uint64_t{1} << 20) {
        run.check();
        run.advance(std::exchange(bytes, 0));
      }
      bytes += texts.stored_bytes(i);
      if (texts.is_null(i) || (!options.skip.empty() && options.skip[i] != 0)) continue;
      finder->find(texts.stored(i), static_cast<DocId>(i), hits);
    }
    run.advance(bytes);
    found[from / kTextsAtATime] = std::move(hits);
  });
  std::size_t count = out.size();
  for (const auto& hits : found) count += hits.size();
  out.reserve(count);
  for (auto& hits : found) {
    out.insert(out.end(), hits.begin(), hits.end());
    hits = {};
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const utf8::Decoded d = utf8::decode_valid(text, 0);
    if (!is_space(d.code_point)) break;
    text.remove_prefix(d.length);
  }
  while (!text.empty()) {
    const std::size_t last = previous_char(text, text.size());
    if (!is_space(utf8::decode_valid(text, last).code_point)) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

// Reads the text of a hit; one after the other, of a row only once.
class HitReader {
 public:
  explicit HitReader(const TextColumn& texts) : reader_(texts) {}
  void read(const KwicHit& hit) {
    if (!row_ || *row_ != hit.row) text_ = reader_[hit.row];
    row_ = hit.row;
  }
  std::string_view piece(std::uint32_t begin, std::uint32_t end) const {
    return text_.substr(begin, end - begin);
  }

 private:
  TextReader reader_;
  std::optional<DocId> row_;
  std::string_view text_;
};

// Words from the hit outwards, each with a separator after it that is below every character.
std::string sort_key(const WordScanner& words, const KwicSortKey& key) {
  const bool backwards = key.side == KwicSortKey::Side::kLeft;
  const auto word = [&](std::size_t i) { return words[backwards ? words.size() - 1 - i : i]; };
  if (key.word > 0) return key.word <= words.size() ? std::string(word(key.word - 1)) : "";
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out.append(word(i));
    out.push_back('\0');
  }
  return out;
}

}  // namespace

std::vector<KwicHit> find_in_context(const TextColumn& texts, const KwicOptions& options,
                                     const Run& run) {
  if (!options.numbers.empty() && options.numbers.size() != options.patterns.size()) {
    throw InputError("numbers", "must have one value per pattern");
  }
  if (!options.skip.empty() && options.skip.size() != texts.size()) {
    throw InputError("skip", "must have one value per text");
  }
  const Patterns patterns(options);
  std::vector<KwicHit> hits;
  if (options.limit == 0 || options.patterns.empty()) return hits;
  run.begin("searching", texts.total_bytes());
  if (options.limit == SIZE_MAX) {
    find_rows(texts, patterns, options, 0, texts.size(), run, hits);
    return hits;
  }
  for (std::size_t begin = 0; begin < texts.size() && hits.size() < options.limit;) {
    std::size_t end = begin;
    for (std::uint64_t bytes = 0; end < texts.size() && bytes < kBytesAtATime; ++end) {
      bytes += texts.stored_bytes(end) + 1;
    }
    find_rows(texts, patterns, options, begin, end, run, hits);
    begin = end;
  }
  if (hits.size() > options.limit) hits.resize(options.limit);
  return hits;
}

Table kwic_table(const TextColumn& texts, std::span<const KwicHit> hits, const Run& run) {
  std::vector<std::int64_t> row(hits.size());
  std::vector<std::int64_t> start(hits.size());
  std::vector<std::int64_t> end(hits.size());
  std::vector<std::int64_t> pattern(hits.size());
  Strings left;
  Strings match;
  Strings right;
  HitReader reader(texts);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (i % 4096 == 0) run.check();
    const KwicHit& hit = hits[i];
    row[i] = static_cast<std::int64_t>(hit.row);
    start[i] = hit.start_chars;
    end[i] = hit.end_chars;
    pattern[i] = hit.pattern;
    reader.read(hit);
    left.push_back(trimmed(reader.piece(hit.left, hit.begin)));
    match.push_back(reader.piece(hit.begin, hit.end));
    right.push_back(trimmed(reader.piece(hit.end, hit.right)));
  }
  Table table;
  table.add("row", std::move(row));
  table.add("start", std::move(start));
  table.add("end", std::move(end));
  table.add("left", std::move(left));
  table.add("match", std::move(match));
  table.add("right", std::move(right));
  table.add("pattern", std::move(pattern));
  return table;
}

std::vector<std::int64_t> kwic_order(const TextColumn& texts, std::span<const KwicHit> hits,
                                     std::span<const KwicSortKey> keys, const Run& run) {
  std::vector<std::string> words(hits.size() * keys.size());
  HitReader reader(texts);
  WordScanner scanner(WordRule::kCount);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (i % 4096 == 0) run.check();
    const KwicHit& hit = hits[i];
    reader.read(hit);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      using enum KwicSortKey::Side;
      scanner.scan(keys[k].side == kLeft    ? reader.piece(hit.left, hit.begin)
                   : keys[k].side == kMatch ? reader.piece(hit.begin, hit.end)
                                            : reader.piece(hit.end, hit.right));
      words[i * keys.size() + k] = sort_key(scanner, keys[k]);
    }
  }
  std::vector<std::int64_t> order(hits.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  run.check();
  std::ranges::sort(order, [&](std::int64_t a, std::int64_t b) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const std::string& x = words[static_cast<std::size_t>(a) * keys.size() + k];
      const std::string& y = words[static_cast<std::size_t>(b) * keys.size() + k];
      if (x != y) return x < y;
    }
    return a < b;
  });
  return order;
}

}  // namespace wirecopy
