#include "wirecopy/match/groups.h"

#include <algorithm>
#include <numeric>

#include "wirecopy/match/candidates.h"
#include "wirecopy/match/free_texts.h"

namespace wirecopy {
namespace {

struct Neighbour {
  DocId text;  // a first twin
  std::uint32_t pair;
};

// Calls use(pair, its number) for the matches of a cut.
template <typename Use>
void each_match(const Matches& matches, const Cut& cut, Use use) {
  for (std::size_t i = 0; i < matches.pairs.size(); ++i) {
    const Pair& pair = matches.pairs[i];
    if (matches.similarity(pair) < cut.threshold) continue;
    if (!cut.follow_templates && verdict_of(matches, cut, i) == Verdict::kTemplate) continue;
    use(pair, static_cast<std::uint32_t>(i));
  }
}

// The matches of each first twin.
class Neighbours {
 public:
  Neighbours(const Matches& matches, const Cut& cut) : starts_(matches.twin.size() + 1) {
    each_match(matches, cut, [&](const Pair& pair, std::uint32_t) {
      ++starts_[pair.a + 1];
      ++starts_[pair.b + 1];
    });
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    neighbours_.resize(starts_.back());
    std::vector<std::size_t> at(starts_.begin(), starts_.end() - 1);
    each_match(matches, cut, [&](const Pair& pair, std::uint32_t i) {
      neighbours_[at[pair.a]++] = {pair.b, i};
      neighbours_[at[pair.b]++] = {pair.a, i};
    });
  }

  std::span<const Neighbour> operator[](DocId text) const {
    return {neighbours_.data() + starts_[text], starts_[text + 1] - starts_[text]};
  }

 private:
  std::vector<std::size_t> starts_;
  std::vector<Neighbour> neighbours_;
};

class Grouping {
 public:
  Grouping(const Matches& matches, const Cut& cut)
      : matches_(matches), cut_(cut), neighbours_(matches, cut), free_(matches) {
    const std::size_t n = matches.twin.size();
    groups_.group.assign(n, kNoGroup);
    groups_.keeper.resize(n);
    std::iota(groups_.keeper.begin(), groups_.keeper.end(), DocId{0});
    groups_.shared.assign(n, 0);
    groups_.jaccard.assign(n, 1.0);
    groups_.verdict.assign(n, Verdict::kSameText);
  }

  // Opens a group round `keeper`, if it is in none and matches a text that is in none.
  void open(DocId keeper) {
    if (free_.taken(keeper)) return;
    free_.take(keeper);
    const DocId centre = matches_.twin[keeper];
    bool any = false;
    const auto take_from = [&](DocId first, auto put) {
      free_.take_from(first, keeper, cut_.constraint, [&](DocId text) {
        any = true;
        groups_.keeper[text] = keeper;
        groups_.group[text] = keeper;  // renumbered in the end
        put(text);
      });
    };
    const std::uint32_t size = matches_.set_size[centre];
    if (twins_match(matches_, cut_, centre)) {
      take_from(centre, [&](DocId text) {
        groups_.shared[text] = size;
        groups_.verdict[text] = verdict_of_twins(matches_, keeper, text);
      });
    }
    for (const Neighbour& neighbour : neighbours_[centre]) {
      if (!free_.any(neighbour.text)) continue;
      const Pair& pair = matches_.pairs[neighbour.pair];
      const double jaccard = matches_.jaccard(pair);
      const Verdict verdict = verdict_of(matches_, cut_, neighbour.pair);
      take_from(neighbour.text, [&](DocId text) {
        groups_.shared[text] = pair.shared;
        groups_.jaccard[text] = jaccard;
        groups_.verdict[text] = verdict;
      });
    }
    if (any) {
      groups_.group[keeper] = keeper;
      groups_.shared[keeper] = size;
    }
  }

  Groups finish() {
    std::vector<std::int64_t> number(groups_.group.size(), kNoGroup);
    for (std::int64_t& group : groups_.group) {
      if (group == kNoGroup) continue;
      std::int64_t& assigned = number[static_cast<std::size_t>(group)];
      if (assigned == kNoGroup) assigned = groups_.count++;
      group = assigned;
    }
    return std::move(groups_);
  }

 private:
  const Matches& matches_;
  const Cut& cut_;
  const Neighbours neighbours_;
  FreeTexts free_;
  Groups groups_;
};

}  // namespace

Groups make_groups(const Matches& matches, const Cut& cut, std::span<const std::uint32_t> rank,
                   const Run& run) {
  std::vector<DocId> order(rank.size());
  for (std::size_t text = 0; text < rank.size(); ++text) {
    order[rank[text]] = static_cast<DocId>(text);
  }
  Grouping grouping(matches, cut);
  for (const DocId keeper : order) {
    run.check();
    grouping.open(keeper);
  }
  return grouping.finish();
}

std::vector<double> fullness(const Matches& matches, const Cut& cut) {
  // By which a single match weighs less than several, which no accident explains.
  constexpr double kDoubt = 0.25;
  const std::size_t n = matches.twin.size();
  std::vector<std::uint64_t> shared(n);
  std::vector<std::uint32_t> met(n);
  each_match(matches, cut, [&](const Pair& pair, std::uint32_t) {
    for (const DocId text : {pair.a, pair.b}) {
      shared[text] += pair.shared;
      ++met[text];
    }
  });
  std::vector<double> full(n);
  for (std::size_t text = 0; text < n; ++text) {
    const DocId first = matches.twin[text];
    full[text] = static_cast<double>(shared[first]) / (met[first] + kDoubt);
  }
  return full;
}

Buckets twins_of(const Matches& matches) {
  Buckets twins;
  const std::size_t n = matches.twin.size();
  twins.starts.assign(n + 1, 0);
  for (const DocId first : matches.twin) ++twins.starts[first + 1];
  std::partial_sum(twins.starts.begin(), twins.starts.end(), twins.starts.begin());
  twins.members.resize(n);
  std::vector<std::size_t> at(twins.starts.begin(), twins.starts.end() - 1);
  for (std::size_t text = 0; text < n; ++text) {
    twins.members[at[matches.twin[text]]++] = static_cast<DocId>(text);
  }
  return twins;
}

bool twins_match(const Matches& matches, const Cut& cut, DocId first) {
  return matches.rule.measure != Measure::kOverlap || matches.set_size[first] >= cut.threshold;
}

Verdict verdict_of(const Matches& matches, const Cut& cut, std::size_t i) {
  if (!cut.verdicts.empty()) return cut.verdicts[i];
  const Pair& pair = matches.pairs[i];
  return judge(false, matches.set_size[pair.a], matches.set_size[pair.b], pair.shared);
}

Verdict verdict_of_twins(const Matches& matches, DocId a, DocId b) {
  return matches.copy[a] == matches.copy[b] ? Verdict::kIdentical : Verdict::kSameText;
}

}  // namespace wirecopy
