#include "wirecopy/match/across.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "wirecopy/match/groups.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {
namespace {

struct Row {
  Pair pair;
  double similarity;
};

// For each new text that is the first of its twins, the first old one that is most alike.
std::vector<Row> best_rows(const Matches& matches) {
  std::vector<Row> rows;
  for (const Pair& pair : matches.pairs) {
    const double similarity = matches.similarity(pair);
    if (!rows.empty() && rows.back().pair.a == pair.a) {
      if (similarity > rows.back().similarity) rows.back() = {pair, similarity};
    } else {
      rows.push_back({pair, similarity});
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

Table across_table(const Matches& matches, std::size_t split, bool best_only) {
  const Buckets twins = twins_of(matches);
  std::vector<Row> rows;
  if (best_only) {
    for (const Row& best : best_rows(matches)) {
      for (const DocId x : twins[best.pair.a]) {
        rows.push_back({{x, best.pair.b, best.pair.shared}, best.similarity});
      }
    }
  } else {
    for (const Pair& pair : matches.pairs) {
      const double similarity = matches.similarity(pair);
      for (const DocId x : twins[pair.a]) {
        for (const DocId y : twins[pair.b]) rows.push_back({{x, y, pair.shared}, similarity});
      }
    }
  }
  std::ranges::sort(rows, Pair::by_rows, &Row::pair);

  std::vector<std::int64_t> new_row, old_row, shared;
  std::vector<double> similarity, jaccard, containment_new, containment_old;
  Strings verdict;
  for (const Row& row : rows) {
    const auto& [a, b, common] = row.pair;
    new_row.push_back(a);
    old_row.push_back(static_cast<std::int64_t>(b - split));
    similarity.push_back(row.similarity);
    jaccard.push_back(matches.jaccard(row.pair));
    containment_new.push_back(static_cast<double>(common) / matches.set_size[a]);
    containment_old.push_back(static_cast<double>(common) / matches.set_size[b]);
    shared.push_back(common);
    verdict.push_back(verdict_name(judge(matches.copy[a] == matches.copy[b], matches.set_size[a],
                                         matches.set_size[b], common)));
  }
  Table table;
  table.add("new", std::move(new_row));
  table.add("old", std::move(old_row));
  table.add("similarity", std::move(similarity));
  table.add("jaccard", std::move(jaccard));
  table.add("containment_new", std::move(containment_new));
  table.add("containment_old", std::move(containment_old));
  table.add("shared", std::move(shared));
  table.add("verdict", std::move(verdict));
  return table;
}

}  // namespace wirecopy
