#include "wirecopy/match/tables.h"

#include <algorithm>
#include <numeric>

#include "wirecopy/match/verdict.h"

namespace wirecopy {

std::uint64_t count_pairs(const Matches& matches, double threshold) {
  std::vector<std::uint64_t> size(matches.twin.size());
  for (const DocId first : matches.twin) ++size[first];
  std::uint64_t count = 0;
  for (const std::uint64_t n : size) count += n * (n - (n > 0)) / 2;
  for (const Pair& pair : matches.pairs) {
    if (matches.jaccard(pair) >= threshold) count += size[pair.a] * size[pair.b];
  }
  return count;
}

Table pairs_table(const Matches& matches, const Groups& groups, double threshold) {
  std::vector<Pair> rows;
  rows.reserve(count_pairs(matches, threshold));
  const Buckets twins = twins_of(matches);
  const auto add = [&](DocId x, DocId y, std::uint32_t shared) {
    rows.push_back({std::min(x, y), std::max(x, y), shared});
  };
  for (std::size_t first = 0; first < twins.size(); ++first) {
    const auto same = twins[first];
    for (std::size_t i = 0; i < same.size(); ++i) {
      for (std::size_t j = i + 1; j < same.size(); ++j) {
        add(same[i], same[j], matches.set_size[first]);
      }
    }
  }
  for (const Pair& pair : matches.pairs) {
    if (matches.jaccard(pair) < threshold) continue;
    for (const DocId x : twins[pair.a]) {
      for (const DocId y : twins[pair.b]) add(x, y, pair.shared);
    }
  }
  std::ranges::sort(
      rows, [](const Pair& x, const Pair& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });

  std::vector<std::int64_t> a, b, shared;
  std::vector<double> jaccard, containment_a, containment_b;
  Strings verdict;
  Bools bridge;
  for (const Pair& row : rows) {
    a.push_back(row.a);
    b.push_back(row.b);
    shared.push_back(row.shared);
    jaccard.push_back(matches.jaccard(row));
    containment_a.push_back(static_cast<double>(row.shared) / matches.set_size[row.a]);
    containment_b.push_back(static_cast<double>(row.shared) / matches.set_size[row.b]);
    verdict.push_back(
        verdict_name(judge(matches.copy[row.a] == matches.copy[row.b], matches.set_size[row.a],
                           matches.set_size[row.b], row.shared)));
    const std::int64_t group = groups.group[row.a];
    bridge.values.push_back(group == kNoGroup || group != groups.group[row.b]);
  }
  Table table;
  table.add("a", std::move(a));
  table.add("b", std::move(b));
  table.add("jaccard", std::move(jaccard));
  table.add("containment_a", std::move(containment_a));
  table.add("containment_b", std::move(containment_b));
  table.add("shared", std::move(shared));
  table.add("verdict", std::move(verdict));
  table.add("bridge", std::move(bridge));
  return table;
}

Table groups_table(const Matches& matches, const Groups& groups) {
  std::vector<std::int64_t> size_of(static_cast<std::size_t>(groups.count));
  std::vector<DocId> texts;
  for (std::size_t text = 0; text < groups.group.size(); ++text) {
    if (groups.group[text] == kNoGroup) continue;
    texts.push_back(static_cast<DocId>(text));
    ++size_of[static_cast<std::size_t>(groups.group[text])];
  }
  std::ranges::stable_sort(texts, [&](DocId x, DocId y) {
    if (groups.group[x] != groups.group[y]) return groups.group[x] < groups.group[y];
    return (groups.keeper[x] == x) > (groups.keeper[y] == y);
  });

  std::vector<std::int64_t> group, row, keeper, size;
  std::vector<double> jaccard;
  Strings role, verdict;
  for (const DocId text : texts) {
    const DocId kept = groups.keeper[text];
    group.push_back(groups.group[text]);
    row.push_back(text);
    role.push_back(kept == text ? "keeper" : "member");
    keeper.push_back(kept);
    jaccard.push_back(groups.jaccard[text]);
    verdict.push_back(
        kept == text
            ? ""
            : verdict_name(judge(matches.copy[text] == matches.copy[kept], matches.set_size[text],
                                 matches.set_size[kept], groups.shared[text])));
    size.push_back(size_of[static_cast<std::size_t>(groups.group[text])]);
  }
  Table table;
  table.add("group", std::move(group));
  table.add("row", std::move(row));
  table.add("role", std::move(role));
  table.add("keeper", std::move(keeper));
  table.add("jaccard", std::move(jaccard));
  table.add("verdict", std::move(verdict));
  table.add("size", std::move(size));
  return table;
}

}  // namespace wirecopy
