#include "wirecopy/match/tables.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "wirecopy/match/verdict.h"

namespace wirecopy {
namespace {

// Calls use(x, y, shared, verdict) for every two texts that match, x and y in no order.
template <typename Use>
void for_each_match(const Matches& matches, const Cut& cut, Use use) {
  const Buckets twins = twins_of(matches);
  for (std::size_t first = 0; first < twins.size(); ++first) {
    const auto same = twins[first];
    for (std::size_t i = 0; i < same.size(); ++i) {
      for (std::size_t j = i + 1; j < same.size(); ++j) {
        if (!cut.constraint.allows(same[i], same[j])) continue;
        use(same[i], same[j], matches.set_size[first], verdict_of_twins(matches, same[i], same[j]));
      }
    }
  }
  for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
    const Pair& pair = matches.pairs[i];
    if (matches.similarity(pair) < cut.threshold) continue;
    const Verdict verdict = verdict_of(matches, cut, i);
    for (const DocId x : twins[pair.a]) {
      for (const DocId y : twins[pair.b]) {
        if (cut.constraint.allows(x, y)) use(x, y, pair.shared, verdict);
      }
    }
  }
}

bool in_one_group(const Groups& groups, DocId a, DocId b) {
  return groups.group[a] != kNoGroup && groups.group[a] == groups.group[b];
}

}  // namespace

std::uint64_t count_pairs(const Matches& matches, const Cut& cut) {
  std::uint64_t count = 0;
  if (cut.constraint.active()) {
    for_each_match(matches, cut, [&](DocId, DocId, std::uint32_t, Verdict) { ++count; });
    return count;
  }
  std::vector<std::uint64_t> size(matches.twin.size());
  for (const DocId first : matches.twin) ++size[first];
  for (const std::uint64_t n : size) count += n * (n - (n > 0)) / 2;
  for (const Pair& pair : matches.pairs) {
    if (matches.similarity(pair) >= cut.threshold) count += size[pair.a] * size[pair.b];
  }
  return count;
}

Table pairs_table(const Matches& matches, const Groups& groups, const Cut& cut, bool bridges_only) {
  struct Row {
    Pair pair;
    Verdict verdict;
  };
  std::vector<Row> rows;
  for_each_match(matches, cut, [&](DocId x, DocId y, std::uint32_t common, Verdict verdict) {
    if (bridges_only && in_one_group(groups, x, y)) return;
    rows.push_back({{std::min(x, y), std::max(x, y), common}, verdict});
  });
  std::ranges::sort(rows, Pair::by_rows, &Row::pair);

  std::vector<std::int64_t> a, b, shared;
  std::vector<double> similarity, jaccard, containment_a, containment_b;
  Strings verdict;
  Bools bridge;
  for (const Row& row : rows) {
    const Pair& pair = row.pair;
    a.push_back(pair.a);
    b.push_back(pair.b);
    shared.push_back(pair.shared);
    similarity.push_back(matches.similarity(pair));
    jaccard.push_back(matches.jaccard(pair));
    containment_a.push_back(static_cast<double>(pair.shared) / matches.set_size[pair.a]);
    containment_b.push_back(static_cast<double>(pair.shared) / matches.set_size[pair.b]);
    verdict.push_back(verdict_name(row.verdict));
    bridge.values.push_back(!in_one_group(groups, pair.a, pair.b));
  }
  Table table;
  table.add("a", std::move(a));
  table.add("b", std::move(b));
  if (matches.rule.measure != Measure::kJaccard) table.add("similarity", std::move(similarity));
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
  std::vector<double> similarity, jaccard;
  Strings role, verdict;
  for (const DocId text : texts) {
    const DocId kept = groups.keeper[text];
    const std::uint32_t own_size = matches.set_size[text];
    const std::uint32_t kept_size = matches.set_size[kept];
    group.push_back(groups.group[text]);
    row.push_back(text);
    role.push_back(kept == text ? "keeper" : role_name(groups.verdict[text], own_size, kept_size));
    keeper.push_back(kept);
    similarity.push_back(matches.rule.of(own_size, kept_size, groups.shared[text]));
    jaccard.push_back(groups.jaccard[text]);
    verdict.push_back(kept == text ? "" : verdict_name(groups.verdict[text]));
    size.push_back(size_of[static_cast<std::size_t>(groups.group[text])]);
  }
  Table table;
  table.add("group", std::move(group));
  table.add("row", std::move(row));
  table.add("role", std::move(role));
  table.add("keeper", std::move(keeper));
  if (matches.rule.measure != Measure::kJaccard) table.add("similarity", std::move(similarity));
  table.add("jaccard", std::move(jaccard));
  table.add("verdict", std::move(verdict));
  table.add("size", std::move(size));
  return table;
}

}  // namespace wirecopy
