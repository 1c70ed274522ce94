#include "wirecopy/text/words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/fold_kernel.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

constexpr std::size_t kPadding = 64;

struct Kernels {
  kernel::FoldAscii fold_ascii;
  kernel::CountEdges count_edges;
  kernel::ListEdges list_edges;
};

Kernels kernels() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2:
      return {kernel::fold_ascii_avx2, kernel::count_edges_avx2, kernel::list_edges_avx2};
    case CpuPath::kAvx512:
      return {kernel::fold_ascii_avx512, kernel::count_edges_avx512, kernel::list_edges_avx512};
#elif defined(__aarch64__)
    case CpuPath::kNeon:
      return {kernel::fold_ascii_neon, kernel::count_edges_neon, kernel::list_edges_neon};
#endif
    default:
      return {kernel::fold_ascii_scalar, kernel::count_edges_scalar, kernel::list_edges_scalar};
  }
}

template <typename T>
void at_least(std::vector<T>& v, std::size_t size) {
  if (v.size() < size) v.resize(size + size / 2);
}

void set_bits(std::vector<std::uint64_t>& bits, std::size_t from, std::uint32_t count) {
  for (std::size_t i = from; i < from + count; ++i) bits[i / 64] |= 1ull << (i % 64);
}

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char32_t c) { return unicode::record(c).has(unicode::kLetter); }

char32_t first_code_point(std::string_view s) { return utf8::decode(s, 0).code_point; }

char32_t last_code_point(std::string_view s) {
  std::size_t at = s.size() - 1;
  while (at > 0 && (static_cast<std::uint8_t>(s[at]) & 0xC0u) == 0x80u) --at;
  return utf8::decode(s, at).code_point;
}

bool is_one_letter(std::string_view s) {
  const utf8::Decoded d = utf8::decode(s, 0);
  return d.length == s.size() && is_letter(d.code_point);
}

constexpr char32_t kDropped = 0x110000;  // no code point

// For comparing: how a code point of NFKC_Casefold is spelled here, or kDropped. As analyzers for
// search in Arabic do (Larkey, Ballesteros and Connell, SIGIR 2002), and the letters of Persian and
// Urdu keyboards for Arabic's.
char32_t spelled_to_match(char32_t c) {
  if (c < 0x622 || c > 0x6F9) return c;
  if (c >= 0x64B && c <= 0x652) return kDropped;            // vowel marks
  if (c >= 0x660 && c <= 0x669) return U'0' + (c - 0x660);  // digits
  if (c >= 0x6F0) return U'0' + (c - 0x6F0);
  switch (c) {
    case 0x622:
    case 0x623:
    case 0x625:
    case 0x671: return 0x627;     // alef with madda, hamza or wasla
    case 0x629: return 0x647;     // ta marbuta: ha
    case 0x640:                   // tatweel
    case 0x670: return kDropped;  // superscript alef
    case 0x649:                   // alef maksura, Farsi ya: ya
    case 0x6CC: return 0x64A;
    case 0x6A9: return 0x643;  // keheh: kaf
    default: return c;
  }
}

// Of a byte: whether a gap that begins with it can be one character that joins words, as an
// apostrophe, a point, a comma and what folds to them do.
constexpr std::array<bool, 256> make_may_join() {
  std::array<bool, 256> may_join{};
  for (const char c : {'\'', '.', ','}) may_join[static_cast<std::uint8_t>(c)] = true;
  for (std::size_t byte = 0x80; byte < 256; ++byte) may_join[byte] = true;
  return may_join;
}
constexpr std::array<bool, 256> kMayJoin = make_may_join();

bool is_apostrophe(char32_t c) { return c == U'\'' || c == 0x2019; }

// The folded form of the only character of `gap`, not counting those that fold to nothing (soft
// hyphens, zero-width characters); 0 where there is not exactly one.
char32_t only_character(std::string_view gap) {
  char32_t only = 0;
  for (std::size_t at = 0; at < gap.size();) {
    const utf8::Decoded d = utf8::decode(gap, at);
    at += d.length;
    const unicode::Record record = unicode::record(d.code_point);
    if (!record.has(unicode::kRewrite)) {
      if (only != 0) return 0;
      only = d.code_point;
      continue;
    }
    for (const char32_t c : record.folded(d.code_point)) {
      if (only != 0) return 0;
      only = c;
    }
  }
  return only;
}

}  // namespace

void WordScanner::scan(std::string_view text) {
  if (text.size() > std::numeric_limits<std::int32_t>::max()) {
    throw InputError("texts", "a text of 2 GiB or more; split it");
  }
  const std::size_t blocks = (text.size() + 63) / 64;
  folded_used_ = blocks * 64;
  at_least(folded_, folded_used_ + kPadding);
  at_least(word_bits_, blocks + 1);
  at_least(other_bits_, blocks + 1);
  cuts_.clear();
  rewrites_.clear();
  gaps_.clear();
  count_ = 0;
  moved_ = false;

  const bool any_other = kernels().fold_ascii(
      reinterpret_cast<const unsigned char*>(text.data()), text.size(),
      reinterpret_cast<unsigned char*>(folded_.data()), word_bits_.data(), other_bits_.data());
  if (any_other) mark_non_ascii(text);

  if (cuts_.empty() && rewrites_.empty()) {
    count_ = find_runs(text.size(), words_);
  } else {
    moved_ = !rewrites_.empty();
    next_cut_ = 0;
    next_rewrite_ = 0;
    const std::size_t runs = find_runs(text.size(), runs_);
    for (std::size_t i = 0; i < runs; ++i) split_run(text, runs_[i]);
  }
  if (rule_ == WordRule::kCount) join_words(text);
}

// Writes a word character of the text, which stands folded, as it is spelled for comparing.
void WordScanner::respell(char32_t c, std::size_t at) {
  const char32_t spelled = spelled_to_match(c);
  if (spelled == c) return;
  if (spelled < 0x80 || spelled == kDropped) {  // it grows shorter, or is left out
    rewrites_.push_back(static_cast<std::uint32_t>(at));
    return;
  }
  folded_[at] = static_cast<char>(0xC0u | spelled >> 6);
  folded_[at + 1] = static_cast<char>(0x80u | (spelled & 0x3Fu));
}

// Completes word_bits_ for everything that is not ASCII, folds in place what can be, and notes
// where a run has to be cut or rewritten.
void WordScanner::mark_non_ascii(std::string_view text) {
  constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
  std::size_t read_to = 0;          // end of the last character read
  std::size_t unit_end = kNowhere;  // end of a unit (and its marks) that may still go on
  std::uint8_t last_class = 0;

  const auto read = [&](std::size_t at) {
    const utf8::Decoded d = utf8::decode(text, at);
    const unicode::Record r = unicode::record(d.code_point);
    const std::size_t end = at + d.length;
    if (unit_end != kNowhere && !(unit_end == at && r.has(unicode::kMark))) {
      cuts_.push_back(static_cast<std::uint32_t>(unit_end));
      unit_end = kNowhere;
    }
    if (at != read_to) last_class = 0;
    read_to = end;
    if (r.has(unicode::kRewrite)) {
      last_class = 0;
      if (r.has(unicode::kJoins)) {
        set_bits(word_bits_, at, d.length);
        rewrites_.push_back(static_cast<std::uint32_t>(at));
      }
    } else if (r.has(unicode::kWord)) {
      set_bits(word_bits_, at, d.length);
      if (r.has(unicode::kInPlace)) {
        const char32_t c = r.folded_in_place(d.code_point);
        char* to = folded_.data() + at;
        if (d.length == 2) {
          to[0] = static_cast<char>(0xC0u | c >> 6);
        } else {
          if (d.length == 3) {
            to[0] = static_cast<char>(0xE0u | c >> 12);
          } else {
            to[0] = static_cast<char>(0xF0u | c >> 18);
            to[1] = static_cast<char>(0x80u | (c >> 12 & 0x3Fu));
          }
          to[d.length - 2] = static_cast<char>(0x80u | (c >> 6 & 0x3Fu));
        }
        to[d.length - 1] = static_cast<char>(0x80u | (c & 0x3Fu));
      } else if (rule_ == WordRule::kMatch) {
        respell(d.code_point, at);
      }
      if (r.has(unicode::kUnit)) {
        if (cuts_.empty() || cuts_.back() != at) cuts_.push_back(static_cast<std::uint32_t>(at));
        unit_end = end;
      } else if (unit_end == at) {
        unit_end = end;
      }
      const std::uint8_t combining =
          r.has(unicode::kCombining) ? unicode::combining_class(d.code_point) : std::uint8_t{0};
      // Marks out of canonical order.
      if (combining != 0 && combining < last_class) {
        rewrites_.push_back(static_cast<std::uint32_t>(at));
      }
      last_class = combining;
    } else {
      last_class = 0;
    }
    return end;
  };

  const std::size_t blocks = (text.size() + 63) / 64;
  for (std::size_t block = 0; block < blocks; ++block) {
    std::uint64_t bits = other_bits_[block];
    while (bits != 0) {
      std::size_t at = block * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      if (at < read_to) at = read_to;
      // Text in another script: character after character, without going back to the bits.
      while (at < text.size() && static_cast<std::uint8_t>(text[at]) >= 0x80) at = read(at);
      const std::size_t in_block = at - block * 64;
      bits = in_block >= 64 ? 0 : bits & (~0ull << in_block);
    }
  }
  if (unit_end != kNowhere) cuts_.push_back(static_cast<std::uint32_t>(unit_end));
}

// The maximal runs of word bytes; returns how many.
std::size_t WordScanner::find_runs(std::size_t text_size, std::vector<Span32>& runs) const {
  const std::size_t blocks = (text_size + 63) / 64;
  const Kernels with = kernels();
  // Counted first: room for the most there could be would be four times the text.
  const std::size_t edges = with.count_edges(word_bits_.data(), blocks);
  static_assert(sizeof(Span32) == 2 * sizeof(std::uint32_t));
  at_least(runs, (edges + kernel::kEdgeSlack) / 2 + 1);
  // Begin and end in turn: a run is two edges.
  with.list_edges(word_bits_.data(), blocks, &runs.data()->begin);
  if (edges % 2 != 0) runs[edges / 2].end = static_cast<std::uint32_t>(text_size);
  return (edges + 1) / 2;
}

void WordScanner::split_run(std::string_view text, Span32 run) {
  if (next_rewrite_ < rewrites_.size() && rewrites_[next_rewrite_] < run.end) {
    while (next_rewrite_ < rewrites_.size() && rewrites_[next_rewrite_] < run.end) ++next_rewrite_;
    while (next_cut_ < cuts_.size() && cuts_[next_cut_] <= run.end) ++next_cut_;
    fold_run(text, run);
    return;
  }
  std::uint32_t begin = run.begin;
  for (; next_cut_ < cuts_.size() && cuts_[next_cut_] < run.end; ++next_cut_) {
    const std::uint32_t cut = cuts_[next_cut_];
    if (cut <= begin) continue;
    push_word({begin, cut}, {begin, cut});
    begin = cut;
  }
  push_word({begin, run.end}, {begin, run.end});
}

void WordScanner::fold_run(std::string_view text, Span32 run) {
  // A mark at the start may compose with the separator before it ("=" and U+0338 are "≠").
  const unicode::Record first = unicode::record(utf8::decode(text, run.begin).code_point);
  if (run.begin > 0 && first.has(unicode::kMark | unicode::kRewrite)) {
    const std::uint32_t word_begin = run.begin--;
    while (run.begin > 0 && word_begin - run.begin < 4 &&
           (static_cast<std::uint8_t>(text[run.begin]) & 0xC0u) == 0x80u) {
      --run.begin;
    }
  }
  nfkc_casefold(text.substr(run.begin, run.size()), run.begin, chars_);

  bool open = false;
  bool unit = false;
  std::size_t separators = 0;
  std::string bytes;
  Span32 source{};
  const std::size_t first_word = count_;
  const auto close = [&] {
    if (!open) return;
    const std::uint32_t begin = append(bytes);
    push_word({begin, begin + static_cast<std::uint32_t>(bytes.size())}, source);
    bytes.clear();
    open = false;
  };
  char32_t separator = 0;
  for (FoldedChar c : chars_) {
    if (rule_ == WordRule::kMatch) c.code_point = spelled_to_match(c.code_point);
    if (c.code_point == kDropped) {
      if (open) source.end = std::max(source.end, c.end);
      continue;
    }
    const unicode::Record r = unicode::record(c.code_point);
    if (!r.has(unicode::kWord)) {
      close();
      separator = c.code_point;
      ++separators;
      continue;
    }
    if (open && !r.has(unicode::kMark) && (unit || r.has(unicode::kUnit))) close();
    if (!open) {
      open = true;
      unit = r.has(unicode::kUnit);
      source = {c.begin, c.end};
      // The gap before the first word of the run is read from the text like any other.
      if (rule_ == WordRule::kCount && count_ > first_word) {
        gaps_.push_back({count_, separators == 1 ? separator : 0});
      }
      separators = 0;
    }
    source.begin = std::min(source.begin, c.begin);
    source.end = std::max(source.end, c.end);
    utf8::append(bytes, c.code_point);
  }
  close();
}

// The words that may be joined to the one before: most texts have few.
std::size_t WordScanner::find_joints(std::string_view text) {
  at_least(joints_, count_);
  std::size_t found = 0;
  for (std::size_t i = 1; i < count_; ++i) {
    joints_[found] = static_cast<std::uint32_t>(i);
    const bool may = moved_ || kMayJoin[static_cast<std::uint8_t>(text[words_[i - 1].end])];
    found += may ? 1 : 0;
  }
  return found;
}

// Moves the words from `begin` to `end` - 1 behind `kept`, the last that is done with.
void WordScanner::keep_words(std::size_t begin, std::size_t end, std::size_t& kept) {
  if (begin != kept + 1) {
    std::copy(words_.data() + begin, words_.data() + end, words_.data() + kept + 1);
    if (moved_) {
      std::copy(sources_.data() + begin, sources_.data() + end, sources_.data() + kept + 1);
    }
  }
  kept += end - begin;
}

void WordScanner::join_words(std::string_view text) {
  if (count_ < 2) return;
  const std::size_t joints = find_joints(text);
  std::size_t kept = 0;  // the word being built
  std::size_t next = 1;  // the first that was not looked at
  std::size_t next_gap = 0;
  // What the word being built is: one as it stands, letters with "." between them, or another join.
  enum class Left : std::uint8_t { kWord, kDotted, kJoined };
  Left made = Left::kWord;
  for (std::size_t j = 0; j < joints; ++j) {
    const std::size_t i = joints_[j];
    if (i > next) made = Left::kWord;
    keep_words(next, i, kept);
    next = i + 1;
    const Span32 next_source = source(i);
    char32_t joint = 0;
    if (next_gap < gaps_.size() && gaps_[next_gap].word == i) {
      joint = gaps_[next_gap++].code_point;
    } else {
      const std::uint32_t gap_begin = source(kept).end;
      if (gap_begin < next_source.begin) {
        joint = only_character(text.substr(gap_begin, next_source.begin - gap_begin));
      }
    }
    const std::string_view left = (*this)[kept];
    const std::string_view right = (*this)[i];
    bool join = false;
    bool dotted = false;
    if (is_apostrophe(joint)) {
      join = is_letter(last_code_point(left)) && is_letter(first_code_point(right));
      joint = U'\'';
    } else if (joint == U'.' || joint == U',') {
      dotted = joint == U'.' && made != Left::kJoined &&
               (made == Left::kDotted || is_one_letter(left)) && is_one_letter(right);
      join = dotted || (is_ascii_digit(left.back()) && is_ascii_digit(right.front()));
    }
    if (!join) {
      made = Left::kWord;
      keep_words(i, i + 1, kept);
      continue;
    }
    made = dotted ? Left::kDotted : Left::kJoined;
    Span32& word = words_[kept];
    const auto joint_byte = static_cast<char>(joint);
    if (word.end + 1 == words_[i].begin && folded_[word.end] == joint_byte) {
      word.end = words_[i].end;
      if (moved_) sources_[kept].end = next_source.end;
      continue;
    }
    if (!moved_) {
      at_least(sources_, count_);
      std::copy_n(words_.begin(), count_, sources_.begin());
      moved_ = true;
    }
    std::string bytes(left);
    bytes += joint_byte;
    bytes += right;
    word.begin = append(bytes);
    word.end = word.begin + static_cast<std::uint32_t>(bytes.size());
    sources_[kept].end = next_source.end;
  }
  keep_words(next, count_, kept);
  count_ = kept + 1;
}

void WordScanner::push_word(Span32 word, Span32 source) {
  at_least(words_, count_ + 1);
  words_[count_] = word;
  if (moved_) {
    at_least(sources_, count_ + 1);
    sources_[count_] = source;
  }
  ++count_;
}

std::uint32_t WordScanner::append(std::string_view bytes) {
  const std::size_t begin = folded_used_;
  if (begin + bytes.size() > std::numeric_limits<std::uint32_t>::max() - kPadding) {
    throw InputError("texts", "a text whose folded form is 4 GiB or more; split it");
  }
  at_least(folded_, begin + bytes.size() + kPadding);
  std::copy(bytes.begin(), bytes.end(), folded_.begin() + static_cast<std::ptrdiff_t>(begin));
  folded_used_ += bytes.size();
  return static_cast<std::uint32_t>(begin);
}

}  // namespace wirecopy
