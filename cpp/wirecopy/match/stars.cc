#include "wirecopy/match/stars.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "wirecopy/match/evidence.h"
#include "wirecopy/match/free_texts.h"
#include "wirecopy/match/intersect.h"

namespace wirecopy {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
// Fewer candidates than this are compared on one thread.
constexpr std::size_t kWorthThreads = 2048;
constexpr std::size_t kAtOnce = 64;

// Finds the sets that share a bucket with a given one. Those that are wanted no more leave their
// buckets when they are met, so that nothing is met often that is of no use.
class Meetings {
 public:
  Meetings(Crowd& crowd, std::size_t texts)
      : sets_(crowd.sets),
        buckets_(crowd.buckets),
        of_slot_(buckets_of_slots(crowd.buckets, crowd.sets.count())),
        ends_(crowd.buckets.starts.begin() + 1, crowd.buckets.starts.end()),
        met_in_(crowd.sets.count()),
        slot_at_(texts, kNone) {
    for (std::size_t slot = 0; slot < sets_.count(); ++slot) {
      slot_at_[sets_.text[slot]] = static_cast<std::uint32_t>(slot);
    }
  }

  // The slot of a text, or kNone: such a text has no match.
  std::uint32_t slot(DocId text) const { return slot_at_[text]; }

  // The slots whose text is wanted and that `slot` might match, each once.
  template <typename Wanted>
  std::span<const std::uint32_t> of(std::uint32_t slot, Wanted wanted, const Run& run) {
    met_.clear();
    ++times_;  // not the slot: of twins that the constraint keeps apart, each asks for itself
    for (const std::uint32_t bucket : of_slot_[slot]) {
      run.check();
      const auto begin = buckets_.members.begin() + static_cast<std::ptrdiff_t>(start(bucket));
      const auto end = buckets_.members.begin() + static_cast<std::ptrdiff_t>(ends_[bucket]);
      // The last of its seats is an indexed one, if any is: then larger sets look for it.
      const auto after = std::upper_bound(begin, end, seat(slot, true));
      const bool indexed = after != begin && *(after - 1) == seat(slot, true);
      auto kept = begin;
      for (auto it = begin; it != end; ++it) {
        const auto other = static_cast<std::uint32_t>(slot_of(*it));
        if (other != slot && !wanted(sets_.text[other])) continue;
        *kept++ = *it;
        const bool meet = other < slot ? is_indexed(*it) : indexed;
        if (other == slot || !meet || met_in_[other] == times_) continue;
        met_in_[other] = times_;
        met_.push_back(other);
      }
      ends_[bucket] = static_cast<std::size_t>(kept - buckets_.members.begin());
    }
    return met_;
  }

 private:
  std::size_t start(std::uint32_t bucket) const { return buckets_.starts[bucket]; }

  const Sets& sets_;
  Buckets& buckets_;
  Buckets of_slot_;
  std::vector<std::size_t> ends_;      // of what is left of each bucket
  std::uint32_t times_ = 0;            // that somebody asked
  std::vector<std::uint32_t> met_in_;  // by slot: the last time it was met
  std::vector<std::uint32_t> met_;
  std::vector<std::uint32_t> slot_at_;
};

}  // namespace

void list_stars(const TextColumn& texts, const Cut& cut, std::span<const std::uint32_t> rank,
                Matches& matches, const Run& run) {
  if (matches.crowd == nullptr) return;
  const std::shared_ptr<Crowd> crowd = std::move(matches.crowd);
  matches.crowd.reset();
  const Sets& sets = crowd->sets;
  Meetings meetings(*crowd, matches.twin.size());
  FreeTexts free(matches);
  std::vector<std::unique_ptr<TemplateJudge>> judges(static_cast<std::size_t>(run.threads));
  std::vector<std::uint32_t> shared;  // with each set met; 0 where that is no match

  const auto compare = [&](TemplateJudge* judge, std::uint32_t slot, std::uint32_t other) {
    const std::uint32_t needed = matches.rule.needed(sets.size[slot], sets.size[other]);
    const auto one = sets.members[slot];
    const auto two = sets.members[other];
    if (needed > std::min(one.size(), two.size())) return std::uint32_t{0};
    const std::uint32_t found = count_shared(two, one, needed);
    if (found < needed) return std::uint32_t{0};
    const auto [a, b] = std::minmax(sets.text[slot], sets.text[other]);
    const Pair pair{a, b, found};
    if (matches.similarity(pair) < cut.threshold) return std::uint32_t{0};
    return judge != nullptr && judge->is_template(pair) ? std::uint32_t{0} : found;
  };

  std::vector<DocId> order(rank.size());
  for (std::size_t text = 0; text < rank.size(); ++text) {
    order[rank[text]] = static_cast<DocId>(text);
  }
  run.begin("grouping", order.size());
  for (const DocId keeper : order) {
    run.check();
    run.advance(1);
    if (free.taken(keeper)) continue;
    free.take(keeper);
    const DocId centre = matches.twin[keeper];
    if (twins_match(matches, cut, centre)) {
      free.take_from(centre, keeper, cut.constraint, [](DocId) {});
    }
    const std::uint32_t slot = meetings.slot(centre);
    if (slot == kNone) continue;
    const auto met = meetings.of(slot, [&](DocId first) { return free.any(first); }, run);
    matches.candidates += met.size();
    shared.resize(met.size());
    Run alone = run;
    if (met.size() < kWorthThreads) alone.threads = 1;
    parallel_for(alone, met.size(), kAtOnce, [&](int w, std::size_t begin, std::size_t end) {
      auto& judge = judges[static_cast<std::size_t>(w)];
      if (judge == nullptr && !cut.follow_templates) {
        judge = std::make_unique<TemplateJudge>(texts, matches);
      }
      for (std::size_t i = begin; i < end; ++i) shared[i] = compare(judge.get(), slot, met[i]);
    });
    for (std::size_t i = 0; i < met.size(); ++i) {
      if (shared[i] == 0) continue;
      const DocId other = sets.text[met[i]];
      bool any = false;
      free.take_from(other, keeper, cut.constraint, [&](DocId) { any = true; });
      const auto [a, b] = std::minmax(centre, other);
      if (any) matches.pairs.push_back({a, b, shared[i]});
    }
  }
  // Of twins that the constraint keeps apart, each may have joined the same set.
  std::ranges::sort(matches.pairs, Pair::by_rows);
  const auto same = std::ranges::unique(matches.pairs);
  matches.pairs.erase(same.begin(), same.end());
}

}  // namespace wirecopy
