#include "wirecopy/match/across.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "wirecopy/match/groups.h"
#include "wirecopy/match/pair_columns.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {
namespace {

struct Row {
  Pair pair;
  std::size_t from;  // the pair of first twins
};

// For each new text that is the first of its twins, the first old one that is most alike.
std::vector<Row> best_rows(const Matches& matches) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
    const Pair& pair = matches.pairs[i];
    if (rows.empty() || rows.back().pair.a != pair.a) {
      rows.push_back({pair, i});
    } else if (matches.similarity(pair) > matches.similarity(rows.back().pair)) {
      rows.back() = {pair, i};
    }
  }
  return rows;
}

}  // namespace

std::uint64_t count_across(const Matches& matches) {
  std::vector<std::uint64_t> size(matches.twin.size());
  for (const DocId first : matches.twin) ++size[first];
  std::uint64_t count = 0;
  for (const Pair& pair : matches.pairs) count += size[pair.a] * size[pair.b];
  return count;
}

Table across_table(const Matches& matches, std::size_t split, bool best_only,
                   std::span<const Verdict> verdicts) {
  const Buckets twins = twins_of(matches);
  std::vector<Row> rows;
  if (best_only) {
    for (const Row& best : best_rows(matches)) {
      for (const DocId x : twins[best.pair.a]) {
        rows.push_back({{x, best.pair.b, best.pair.shared}, best.from});
      }
    }
  } else {
    for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
      const Pair& pair = matches.pairs[i];
      for (const DocId x : twins[pair.a]) {
        for (const DocId y : twins[pair.b]) rows.push_back({{x, y, pair.shared}, i});
      }
    }
  }
  std::ranges::sort(rows, Pair::by_rows, &Row::pair);

  PairColumns columns(matches);
  for (const Row& row : rows) {
    const auto& [a, b, common] = row.pair;
    const bool same_set = common == matches.set_size[a] && common == matches.set_size[b];
    columns.push_back(row.pair, verdicts.empty() || same_set
                                    ? judge(matches.copy[a] == matches.copy[b], matches.set_size[a],
                                            matches.set_size[b], common)
                                    : verdicts[row.from]);
  }
  return std::move(columns).table({.a = "new", .b = "old", .suffix_a = "_new", .suffix_b = "_old"},
                                  split);
}

}  // namespace wirecopy
