#include "wirecopy/match/equal.h"

#include <algorithm>
#include <numeric>

#include "wirecopy/base/error.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

// Tells texts with a word from those of punctuation and space. One per thread.
class WordFinder {
 public:
  explicit WordFinder(const TextColumn& texts) : texts_(texts), reader_(texts) {}

  bool operator()(std::size_t row) {
    const StoredText& stored = texts_.stored(row);
    // Nearly every text has an ASCII letter or digit near its start, however it is stored.
    const std::size_t some = std::min<std::size_t>(stored.length, 32);
    for (std::size_t i = 0; i < some; ++i) {
      if (is_ascii_word(unit(stored, i))) return true;
    }
    const std::string_view text = reader_[row];
    // The others have a word soon.
    for (std::size_t length = 256; length < text.size(); length *= 16) {
      scanner_.scan(text.substr(0, length));
      if (scanner_.size() > 0) return true;
    }
    scanner_.scan(text);
    return scanner_.size() > 0;
  }

 private:
  static bool is_ascii_word(std::uint32_t c) { return c - '0' < 10 || (c | 0x20) - 'a' < 26; }
  static std::uint32_t unit(const StoredText& text, std::size_t i) {
    switch (width(text.storage)) {
      case 2: return static_cast<const std::uint16_t*>(text.data)[i];
      case 4: return static_cast<const std::uint32_t*>(text.data)[i];
      default: return static_cast<const std::uint8_t*>(text.data)[i];
    }
  }

  const TextColumn& texts_;
  TextReader reader_;
  WordScanner scanner_;
};

// 1 for each text with a word.
std::vector<std::uint32_t> have_words(const TextColumn& texts, const Run& run) {
  std::vector<std::uint32_t> have(texts.size());
  std::vector<WordFinder> finders(static_cast<std::size_t>(std::max(run.threads, 1)),
                                  WordFinder(texts));
  run.begin("looking for words", texts.size());
  parallel_for(run, texts.size(), 256, [&](int worker, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      have[row] = std::uint32_t{finders[static_cast<std::size_t>(worker)](row)};
    }
    run.advance(end - begin);
  });
  return have;
}

}  // namespace

std::vector<DocId> first_on_side(std::vector<DocId> first, std::size_t split) {
  if (split == 0) return first;
  std::vector<DocId> there(first.size());  // by first text of all: the first of side two, plus one
  for (std::size_t row = split; row < first.size(); ++row) {
    if (first[row] >= split) continue;
    DocId& own = there[first[row]];
    if (own == 0) own = static_cast<DocId>(row + 1);
    first[row] = own - 1;
  }
  return first;
}

Matches find_equal(const TextColumn& texts, CopyForm form, std::size_t split, const Run& run) {
  Matches matches;
  matches.rule.threshold = 1;
  std::vector<DocId> rows(texts.size());
  std::iota(rows.begin(), rows.end(), DocId{0});
  run.begin("finding copies", texts.size());
  matches.copy = find_copies(texts, rows, CopyForm::kBytes, run);
  std::vector<DocId> equal =
      form == CopyForm::kBytes ? matches.copy : find_copies(texts, rows, form, run);
  matches.words = have_words(texts, run);
  for (const DocId row : rows) {
    if (matches.words[row] == 0) matches.copy[row] = equal[row] = row;
  }
  matches.twin = first_on_side(equal, split);
  matches.set_size = matches.words;
  for (std::size_t row = split; split > 0 && row < texts.size(); ++row) {
    if (matches.twin[row] == row && equal[row] < split) {
      matches.pairs.push_back({equal[row], static_cast<DocId>(row), 1});
    }
  }
  std::ranges::sort(matches.pairs, Pair::by_rows);
  return matches;
}

void require_whole_copies(const TextColumn& whole, Matches& matches, const Run& run) {
  if (whole.size() != matches.copy.size()) {
    throw InputError(whole.name(), "must be the texts that were matched");
  }
  std::vector<std::uint8_t> has_copy(whole.size());
  for (std::size_t row = 0; row < whole.size(); ++row) {
    if (matches.copy[row] == row) continue;
    has_copy[row] = 1;
    has_copy[matches.copy[row]] = 1;
  }
  std::vector<DocId> rows;
  for (std::size_t row = 0; row < whole.size(); ++row) {
    if (has_copy[row] != 0) rows.push_back(static_cast<DocId>(row));
  }
  run.begin("finding copies", rows.size());
  const std::vector<DocId> first = find_copies(whole, rows, CopyForm::kBytes, run);
  for (std::size_t i = 0; i < rows.size(); ++i) matches.copy[rows[i]] = first[i];
}

}  // namespace wirecopy
