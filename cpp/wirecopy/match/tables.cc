#include "wirecopy/match/tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/match/pair_columns.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTwins = std::numeric_limits<std::size_t>::max();

// Calls use(x, y, shared, verdict, i) for every two texts that match by pair i, x being a twin of
// its a, or as twins (kTwins).
template <typename Use>
void for_each_match(const Matches& matches, const Cut& cut, Use use) {
  const Buckets twins = twins_of(matches);
  for (std::size_t first = 0; first < twins.size(); ++first) {
    const auto same = twins[first];
    if (!twins_match(matches, cut, static_cast<DocId>(first))) continue;
    for (std::size_t i = 0; i < same.size(); ++i) {
      for (std::size_t j = i + 1; j < same.size(); ++j) {
        if (!cut.constraint.allows(same[i], same[j])) continue;
        use(same[i], same[j], matches.set_size[first], verdict_of_twins(matches, same[i], same[j]),
            kTwins);
      }
    }
  }
  for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
    const Pair& pair = matches.pairs[i];
    if (matches.similarity(pair) < cut.threshold) continue;
    const Verdict verdict = verdict_of(matches, cut, i);
    for (const DocId x : twins[pair.a]) {
      for (const DocId y : twins[pair.b]) {
        if (cut.constraint.allows(x, y)) use(x, y, pair.shared, verdict, i);
      }
    }
  }
}

// The same for every text of a group and its keeper.
template <typename Use>
void for_each_member(const Matches& matches, const Groups& groups, const Cut& cut, Use use) {
  for (std::size_t row = 0; row < groups.keeper.size(); ++row) {
    const auto text = static_cast<DocId>(row);
    const DocId keeper = groups.keeper[row];
    if (keeper == text) continue;
    const Pair wanted{std::min(matches.twin[text], matches.twin[keeper]),
                      std::max(matches.twin[text], matches.twin[keeper]), 0};
    if (wanted.a == wanted.b) {
      use(text, keeper, matches.set_size[text], verdict_of_twins(matches, text, keeper), kTwins);
      continue;
    }
    const auto pair = std::ranges::lower_bound(matches.pairs, wanted, Pair::by_rows);
    const auto i = static_cast<std::size_t>(pair - matches.pairs.begin());
    const bool text_is_a = matches.twin[text] == wanted.a;
    use(text_is_a ? text : keeper, text_is_a ? keeper : text, pair->shared,
        verdict_of(matches, cut, i), i);
  }
}

bool in_one_group(const Groups& groups, DocId a, DocId b) {
  return groups.group[a] != kNoGroup && groups.group[a] == groups.group[b];
}

struct Row {
  Pair pair;
  Verdict verdict;
  bool flipped;      // its a is a twin of the pair's b
  std::size_t from;  // the pair, or kTwins
};

void add_evidence(Table& table, const Matches& matches, std::span<const Row> rows,
                  std::span<const Evidence> evidence) {
  std::vector<double> coverage_a, coverage_b;
  std::vector<std::int64_t> longest_run, replaced, misread, numbers_changed, names_changed;
  Strings only_a, only_b;
  Bools same_headline;
  for (const Row& row : rows) {
    const bool twins = row.from == kTwins;
    Evidence e;
    if (twins) {
      e.words_a = e.words_b = e.covered = e.longest_run =
          std::min(matches.words[row.pair.a], matches.words[row.pair.b]);
      e.same_headline = true;
    } else {
      e = evidence[row.from];
    }
    coverage_a.push_back(row.flipped ? e.coverage_b() : e.coverage_a());
    coverage_b.push_back(row.flipped ? e.coverage_a() : e.coverage_b());
    longest_run.push_back(e.longest_run);
    replaced.push_back(e.replacements);
    misread.push_back(e.misread);
    numbers_changed.push_back(e.numbers_changed);
    names_changed.push_back(e.names_changed);
    only_a.push_back(places_name(row.flipped ? e.only_b : e.only_a));
    only_b.push_back(places_name(row.flipped ? e.only_a : e.only_b));
    same_headline.values.push_back(e.same_headline);
  }
  table.add("coverage_a", std::move(coverage_a));
  table.add("coverage_b", std::move(coverage_b));
  table.add("longest_run", std::move(longest_run));
  table.add("replaced", std::move(replaced));
  table.add("misread", std::move(misread));
  table.add("numbers_changed", std::move(numbers_changed));
  table.add("names_changed", std::move(names_changed));
  table.add("only_a", std::move(only_a));
  table.add("only_b", std::move(only_b));
  table.add("same_headline", std::move(same_headline));
}

void add_days_apart(Table& table, std::span<const Row> rows, std::span<const std::int64_t> dates) {
  constexpr double kMicrosecondsPerDay = 86'400e6;
  std::vector<double> days;
  for (const Row& row : rows) {
    const std::int64_t a = dates[row.pair.a];
    const std::int64_t b = dates[row.pair.b];
    const bool known = a != Constraint::kUnknownDate && b != Constraint::kUnknownDate;
    // As doubles: the difference of two dates may be more than an int64 holds.
    days.push_back(known ? std::abs(static_cast<double>(b) - static_cast<double>(a)) /
                               kMicrosecondsPerDay
                         : std::numeric_limits<double>::quiet_NaN());
  }
  table.add("days_apart", std::move(days));
}

void add_same_source(Table& table, std::span<const Row> rows,
                     std::span<const std::int32_t> sources) {
  Bools same;
  for (const Row& row : rows) {
    const std::int32_t source = sources[row.pair.a];
    same.values.push_back(source != Constraint::kUnknownSource && source == sources[row.pair.b]);
  }
  table.add("same_source", std::move(same));
}

}  // namespace

std::uint64_t count_pairs(const Matches& matches, const Cut& cut) {
  std::uint64_t count = 0;
  if (cut.constraint.active()) {
    for_each_match(matches, cut,
                   [&](DocId, DocId, std::uint32_t, Verdict, std::size_t) { ++count; });
    return count;
  }
  std::vector<std::uint64_t> size(matches.twin.size());
  for (const DocId first : matches.twin) ++size[first];
  for (std::size_t first = 0; first < size.size(); ++first) {
    const std::uint64_t n = size[first];
    if (n > 1 && twins_match(matches, cut, static_cast<DocId>(first))) count += n * (n - 1) / 2;
  }
  for (const Pair& pair : matches.pairs) {
    if (matches.similarity(pair) >= cut.threshold) count += size[pair.a] * size[pair.b];
  }
  return count;
}

Table pairs_table(const Matches& matches, const Groups& groups, const Cut& cut, PairRows wanted,
                  const PairDetails& details) {
  std::vector<Row> rows;
  const auto add = [&](DocId x, DocId y, std::uint32_t common, Verdict verdict, std::size_t from) {
    if (wanted == PairRows::kBridges && in_one_group(groups, x, y)) return;
    rows.push_back({{std::min(x, y), std::max(x, y), common}, verdict, y < x, from});
  };
  if (wanted == PairRows::kKeepers) {
    for_each_member(matches, groups, cut, add);
  } else {
    for_each_match(matches, cut, add);
  }
  std::ranges::sort(rows, Pair::by_rows, &Row::pair);

  PairColumns columns(matches);
  Bools bridge;
  for (const Row& row : rows) {
    columns.push_back(row.pair, row.verdict);
    bridge.values.push_back(!in_one_group(groups, row.pair.a, row.pair.b));
  }
  const bool own_similarity = matches.rule.measure != Measure::kJaccard;
  Table table = std::move(columns).table({.similarity = own_similarity});
  table.add("bridge", std::move(bridge));
  if (details.evidence) add_evidence(table, matches, rows, *details.evidence);
  if (details.dates) add_days_apart(table, rows, *details.dates);
  if (details.sources) add_same_source(table, rows, *details.sources);
  return table;
}

Table evidence_table(const Matches& matches, const Judged& judged) {
  if (judged.evidence.size() != matches.pairs.size()) {
    throw InputError("judged", "must be of these matches");
  }
  Table table;
  const auto add = [&](const char* name, auto value) {
    std::vector<std::int64_t> values;
    values.reserve(judged.evidence.size());
    for (const Evidence& e : judged.evidence) values.push_back(value(e));
    table.add(name, std::move(values));
  };
  std::vector<std::int64_t> a, b, shared;
  for (const Pair& pair : matches.pairs) {
    a.push_back(pair.a);
    b.push_back(pair.b);
    shared.push_back(pair.shared);
  }
  table.add("a", std::move(a));
  table.add("b", std::move(b));
  table.add("shared", std::move(shared));
  add("words_a", [](const Evidence& e) { return e.words_a; });
  add("words_b", [](const Evidence& e) { return e.words_b; });
  add("covered", [](const Evidence& e) { return e.covered; });
  add("longest_run", [](const Evidence& e) { return e.longest_run; });
  add("replaced", [](const Evidence& e) { return e.replacements; });
  add("replaced_words", [](const Evidence& e) { return e.replaced_words; });
  add("misread", [](const Evidence& e) { return e.misread; });
  add("reworded", [](const Evidence& e) { return e.reworded; });
  add("reworded_ways", [](const Evidence& e) { return e.reworded_ways; });
  add("reworded_words", [](const Evidence& e) { return e.reworded_words; });
  add("reworded_quarters", [](const Evidence& e) { return e.reworded_quarters; });
  add("own_a", [](const Evidence& e) { return e.own_a; });
  add("own_b", [](const Evidence& e) { return e.own_b; });
  add("rewritten", [](const Evidence& e) { return e.rewritten; });
  add("numbers_a", [](const Evidence& e) { return e.numbers_a; });
  add("numbers_b", [](const Evidence& e) { return e.numbers_b; });
  add("numbers_changed", [](const Evidence& e) { return e.numbers_changed; });
  add("numbers_kept", [](const Evidence& e) { return e.numbers_kept; });
  add("names_changed", [](const Evidence& e) { return e.names_changed; });
  add("names_kept", [](const Evidence& e) { return e.names_kept; });
  add("changed_places", [](const Evidence& e) { return e.changed_places; });
  add("numbers_common", [](const Evidence& e) { return e.apart.numbers_common; });
  add("numbers_apart", [](const Evidence& e) { return e.apart.numbers_apart; });
  add("facts_common", [](const Evidence& e) { return e.apart.common; });
  add("facts_apart", [](const Evidence& e) { return e.apart.apart; });
  add("quarters", [](const Evidence& e) { return e.quarters; });
  Strings only_a, only_b, verdict;
  Bools same_headline;
  for (const Evidence& e : judged.evidence) {
    only_a.push_back(places_name(e.only_a));
    only_b.push_back(places_name(e.only_b));
    same_headline.values.push_back(e.same_headline);
  }
  for (const Verdict v : judged.verdicts) verdict.push_back(verdict_name(v));
  table.add("only_a", std::move(only_a));
  table.add("only_b", std::move(only_b));
  table.add("same_headline", std::move(same_headline));
  table.add("verdict", std::move(verdict));
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
