#include "wirecopy/match/groups.h"

#include <algorithm>
#include <numeric>

#include "wirecopy/match/candidates.h"

namespace wirecopy {
namespace {

struct Neighbour {
  DocId text;  // a first twin
  std::uint32_t shared;
};

// The matches of each first twin.
class Neighbours {
 public:
  Neighbours(const Matches& matches, double threshold) : starts_(matches.twin.size() + 1) {
    for (const Pair& pair : matches.pairs) {
      if (matches.jaccard(pair) < threshold) continue;
      ++starts_[pair.a + 1];
      ++starts_[pair.b + 1];
    }
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    neighbours_.resize(starts_.back());
    std::vector<std::size_t> at(starts_.begin(), starts_.end() - 1);
    for (const Pair& pair : matches.pairs) {
      if (matches.jaccard(pair) < threshold) continue;
      neighbours_[at[pair.a]++] = {pair.b, pair.shared};
      neighbours_[at[pair.b]++] = {pair.a, pair.shared};
    }
  }

  std::span<const Neighbour> operator[](DocId text) const {
    return {neighbours_.data() + starts_[text], starts_[text + 1] - starts_[text]};
  }

 private:
  std::vector<std::size_t> starts_;
  std::vector<Neighbour> neighbours_;
};

}  // namespace

Groups make_groups(const Matches& matches, double threshold, std::span<const std::uint32_t> rank) {
  const std::size_t n = matches.twin.size();
  const Neighbours neighbours(matches, threshold);
  const Buckets twins = twins_of(matches);

  Groups groups;
  groups.group.assign(n, kNoGroup);
  groups.keeper.resize(n);
  std::iota(groups.keeper.begin(), groups.keeper.end(), DocId{0});
  groups.shared.assign(n, 0);
  groups.jaccard.assign(n, 1.0);

  std::vector<DocId> order(n);
  for (std::size_t text = 0; text < n; ++text) order[rank[text]] = static_cast<DocId>(text);

  std::vector<bool> taken(n);  // by first twin
  for (const DocId keeper : order) {
    const DocId centre = matches.twin[keeper];
    if (taken[centre]) continue;
    taken[centre] = true;
    std::size_t size = twins[centre].size();
    const auto take = [&](DocId first, std::uint32_t shared, double jaccard) {
      for (const DocId text : twins[first]) {
        groups.keeper[text] = keeper;
        groups.shared[text] = shared;
        groups.jaccard[text] = jaccard;
        groups.group[text] = keeper;  // renumbered below
      }
    };
    for (const Neighbour& neighbour : neighbours[centre]) {
      if (taken[neighbour.text]) continue;
      taken[neighbour.text] = true;
      size += twins[neighbour.text].size();
      const Pair pair{centre, neighbour.text, neighbour.shared};
      take(neighbour.text, neighbour.shared, matches.jaccard(pair));
    }
    if (size > 1) take(centre, matches.set_size[centre], 1.0);
  }

  std::vector<std::int64_t> number(n, kNoGroup);
  for (std::int64_t& group : groups.group) {
    if (group == kNoGroup) continue;
    std::int64_t& assigned = number[static_cast<std::size_t>(group)];
    if (assigned == kNoGroup) assigned = groups.count++;
    group = assigned;
  }
  return groups;
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

}  // namespace wirecopy
