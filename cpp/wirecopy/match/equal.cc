#include "wirecopy/match/equal.h"

#include <algorithm>
#include <numeric>

#include "wirecopy/base/error.h"

namespace wirecopy {

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
  const std::vector<DocId> equal =
      form == CopyForm::kBytes ? matches.copy : find_copies(texts, rows, form, run);
  matches.twin = first_on_side(equal, split);
  matches.words.resize(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    matches.words[row] = texts.stored_bytes(row) > 0 ? 1 : 0;
  }
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
