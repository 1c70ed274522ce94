#include "wirecopy/match/reprints.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace wirecopy {
namespace {

constexpr double kNearJaccard = 0.5;
constexpr std::uint32_t kShingleWords = 5;

// The near copies, in words; those between texts that count as one here left out.
std::vector<Pair> in_words(const Matches& near, const Matches& found) {
  std::vector<Pair> pairs;
  const auto add = [&](DocId x, DocId y, std::uint32_t words) {
    const auto [a, b] = std::minmax(found.twin[x], found.twin[y]);
    const std::uint32_t shorter = std::min(found.words[a], found.words[b]);
    const Pair pair{a, b, std::min(words, shorter)};
    if (a != b && pair.shared >= found.rule.needed(found.words[a], found.words[b])) {
      pairs.push_back(pair);
    }
  };
  // Each shared shingle stands somewhere in both texts, and those of a run overlap.
  for (const Pair& pair : near.pairs) add(pair.a, pair.b, pair.shared + kShingleWords - 1);
  // The same shingles in another number or order.
  for (std::size_t row = 0; row < near.twin.size(); ++row) {
    const auto text = static_cast<DocId>(row);
    if (near.twin[row] != text && found.twin[row] == text) {
      add(near.twin[row], text, near.set_size[row] + kShingleWords - 1);
    }
  }
  std::ranges::sort(pairs, Pair::by_rows);
  return pairs;
}

}  // namespace

Matches find_reprints(const TextColumn& texts, const NoisyOptions& options, const Run& run) {
  NoisyOptions noisy = options;
  noisy.equal_however_short = true;
  Matches found = find_passage_matches(texts, noisy, run);
  DedupOptions join;
  join.rule = {.measure = Measure::kJaccard, .threshold = kNearJaccard};
  join.shingle_size = kShingleWords;
  join.split = options.split;
  const Matches near = find_matches(texts, join, run);
  found.candidates += near.candidates;

  std::vector<Pair> both;
  std::ranges::merge(found.pairs, in_words(near, found), std::back_inserter(both), Pair::by_rows);
  // Of two rows for one pair the chained one knows better, and it has more words or as many.
  std::vector<Pair> pairs;
  for (const Pair& pair : both) {
    if (!pairs.empty() && pairs.back().a == pair.a && pairs.back().b == pair.b) {
      pairs.back().shared = std::max(pairs.back().shared, pair.shared);
    } else {
      pairs.push_back(pair);
    }
  }
  found.pairs = std::move(pairs);
  return found;
}

}  // namespace wirecopy
