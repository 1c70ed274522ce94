#include "wirecopy/match/compare.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/prefetch.h"
#include "wirecopy/match/intersect.h"

namespace wirecopy {
namespace {

// How many look-ups before it is wanted a place in memory is asked for: the tables here are larger
// than any cache, and a bucket is looked at in no order of theirs.
constexpr std::size_t kAhead = 16;

// Asks for the buckets that come after place i of a list: first where they begin, then their seats.
void prefetch_ahead(std::span<const std::uint32_t> list, std::size_t i, const Buckets& buckets) {
  if (i + 2 * kAhead >= list.size()) return;
  prefetch(buckets.starts.data() + list[i + 2 * kAhead]);
  prefetch(buckets.members.data() + buckets.starts[list[i + kAhead]]);
}

// The slots that may match a given one from below: not larger than it, large enough to share what
// it needs, and small enough that what it has to share suffices.
class Partners {
 public:
  Partners(const Sets& sets, const Similarity& similarity) : sets_(sets), similarity_(similarity) {}

  std::pair<std::size_t, std::size_t> of(std::size_t slot) const {
    const std::uint32_t size = sets_.size[slot];
    const auto can_share = static_cast<std::uint32_t>(sets_.members[slot].size());
    const std::uint32_t needed = similarity_.needed_as_larger(size);
    if (needed > can_share) return {0, 0};
    // Rounded down: at worst some too small ones are looked at.
    const std::uint32_t least =
        std::max(needed, static_cast<std::uint32_t>(similarity_.min_ratio * size));
    const auto sizes = sets_.size.begin();
    const auto end = sizes + static_cast<std::ptrdiff_t>(slot);
    const auto first = std::lower_bound(sizes, end, least);
    // needed() does not fall as the partner grows, apart from "never" for those too small.
    const auto last = std::partition_point(first, end, [&](std::uint32_t partner) {
      const std::uint32_t with_it = similarity_.needed(partner, size);
      return with_it == Similarity::kNever || with_it <= can_share;
    });
    return {static_cast<std::size_t>(first - sizes), static_cast<std::size_t>(last - sizes)};
  }

 private:
  const Sets& sets_;
  const Similarity& similarity_;
};

}  // namespace

Buckets buckets_of_slots(const Buckets& buckets, std::size_t slots) {
  Buckets of_slot;
  of_slot.starts.assign(slots + 1, 0);
  for (const Seat seat : buckets.members) ++of_slot.starts[slot_of(seat) + 1];
  std::partial_sum(of_slot.starts.begin(), of_slot.starts.end(), of_slot.starts.begin());
  const std::vector<Seat>& seats = buckets.members;
  reserve_huge(of_slot.members, seats.size());
  of_slot.members.resize(seats.size());
  std::vector<std::size_t> at(of_slot.starts.begin(), of_slot.starts.end() - 1);
  for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
    for (std::size_t i = buckets.starts[bucket]; i < buckets.starts[bucket + 1]; ++i) {
      if (i + kAhead < seats.size()) {
        prefetch(of_slot.members.data() + at[slot_of(seats[i + kAhead])]);
      }
      of_slot.members[at[slot_of(seats[i])]++] = static_cast<std::uint32_t>(bucket);
    }
  }
  return of_slot;
}

Compared compare(const Sets& sets, const Buckets& buckets, const Similarity& similarity,
                 std::uint64_t max_pairs, const Run& run) {
  const std::size_t slots = sets.count();
  const Buckets of_slot = buckets_of_slots(buckets, slots);
  const Partners partners(sets, similarity);

  struct Worker {
    std::vector<std::uint32_t> seen_by;  // by slot: the last slot it was met from, plus one
    Compared found;
  };
  std::vector<Worker> workers(static_cast<std::size_t>(run.threads));
  // Whether this is passed in the end depends on nothing but the pairs.
  std::atomic<std::uint64_t> listed{0};
  const std::uint64_t most = max_pairs > 0 ? max_pairs : std::numeric_limits<std::uint64_t>::max();
  run.begin("comparing", slots);
  parallel_for(run, slots, 16, [&](int w, std::size_t begin, std::size_t end) {
    Worker& worker = workers[static_cast<std::size_t>(w)];
    if (listed.load(std::memory_order_relaxed) > most) return;
    worker.seen_by.resize(slots);
    const std::size_t before = worker.found.pairs.size();
    for (std::size_t slot = begin; slot < end; ++slot) {
      if (of_slot[slot].empty()) continue;
      const auto [first, last] = partners.of(slot);
      if (first >= last) continue;
      for (std::size_t i = of_slot.starts[slot]; i < of_slot.starts[slot + 1]; ++i) {
        run.check();
        prefetch_ahead(of_slot.members, i, buckets);
        const std::uint32_t bucket = of_slot.members[i];
        const auto seats = buckets[bucket];
        for (auto it = std::ranges::lower_bound(seats, first, {}, slot_of);
             it != seats.end() && slot_of(*it) < last; ++it) {
          const std::size_t other = slot_of(*it);
          if (!is_indexed(*it) || worker.seen_by[other] == slot + 1) continue;
          worker.seen_by[other] = static_cast<std::uint32_t>(slot + 1);
          if (!sets.wanted(slot, other)) continue;
          const std::uint32_t needed = similarity.needed(sets.size[other], sets.size[slot]);
          if (needed > sets.members[other].size()) continue;
          ++worker.found.candidates;
          const std::uint32_t shared =
              count_shared(sets.members[other], sets.members[slot], needed);
          if (shared < needed) continue;
          const auto [a, b] = std::minmax(sets.text[slot], sets.text[other]);
          worker.found.pairs.push_back({a, b, shared});
        }
      }
    }
    listed.fetch_add(worker.found.pairs.size() - before, std::memory_order_relaxed);
    run.advance(end - begin);
  });

  Compared all;
  if (listed.load() > most) {
    all.too_many = true;
    return all;
  }
  for (Worker& worker : workers) {
    all.candidates += worker.found.candidates;
    all.pairs.insert(all.pairs.end(), worker.found.pairs.begin(), worker.found.pairs.end());
    worker = {};
  }
  std::ranges::sort(all.pairs, Pair::by_rows);
  return all;
}

}  // namespace wirecopy
