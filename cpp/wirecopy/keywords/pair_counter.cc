#include "wirecopy/keywords/pair_counter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "wirecopy/base/prefetch.h"
#include "wirecopy/keywords/exact_sum.h"

namespace wirecopy {
namespace {

// Parts whose pairs are held before they are added to the shards; never a matter of threads,
// because shards are thinned after each round.
constexpr std::size_t kPartsPerRound = 32;
constexpr std::uint64_t kEmpty = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kNoText = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kLookahead = 12;

// A pair where every text counts once.
struct WholeSlot {
  std::uint64_t key = kEmpty;
  std::uint64_t occurrences = 0;
  std::uint32_t having = 0;
  std::uint32_t last_text = kNoText;
  std::uint64_t lost = 0;  // occurrences that may have been dropped before this was put here

  void hit(std::uint32_t text, const TextWeights&) {
    ++occurrences;
    having += last_text != text ? 1 : 0;
    last_text = text;
  }
  double count() const { return static_cast<double>(occurrences); }
  double texts() const { return having; }
};

struct WeightedSlot {
  std::uint64_t key = kEmpty;
  ExactSum occurrences;
  ExactSum having;
  double lost = 0;
  std::uint32_t last_text = kNoText;

  void hit(std::uint32_t text, const TextWeights& weights) {
    const double weight = weights[text];
    occurrences.add(weight);
    if (last_text != text) having.add(weight);
    last_text = text;
  }
  double count() const { return occurrences.value(); }
  double texts() const { return having.value(); }
};

template <typename Slot>
double most(const Slot& slot) {
  return slot.count() + static_cast<double>(slot.lost);
}

// The pairs of one shard, by open addressing with linear probing.
template <typename Slot>
class PairTable {
 public:
  void add(const std::vector<PairHit>& hits, const TextWeights& weights) {
    for (std::size_t i = 0; i < hits.size(); ++i) {
      if (i + kLookahead < hits.size()) {
        prefetch(slots_.data() + place(hits[i + kLookahead].key));
      }
      Slot& slot = slots_[find(hits[i].key)];
      if (slot.key != kEmpty) {
        slot.hit(hits[i].text, weights);
      } else if (!closed_) {
        put(slot, hits[i].key).hit(hits[i].text, weights);
        if (++size_ * 8 > slots_.size() * 5) {
          rebuild(slots_.size() * 2, [](const Slot&) { return true; });
        }
      }
    }
  }

  // Drops at least half of what is beyond `capacity`, the rarest first.
  void thin(std::size_t capacity) {
    if (size_ <= capacity) return;
    std::vector<double> counts;
    counts.reserve(size_);
    for (const Slot& slot : slots_) {
      if (slot.key != kEmpty) counts.push_back(most(slot));
    }
    const auto least_kept = counts.end() - static_cast<std::ptrdiff_t>((capacity + 1) / 2);
    std::nth_element(counts.begin(), least_kept - 1, counts.end());
    missed_ = *(least_kept - 1);
    drop_up_to(missed_);
  }

  // Keeps the pairs that may have occurred more than `missed` and at least `min_count` times, to be
  // counted anew, and takes no others any more.
  void close(double missed, double min_count) {
    rebuild(slots_.size(),
            [&](const Slot& slot) { return most(slot) > missed && most(slot) >= min_count; });
    for (Slot& slot : slots_) {
      const std::uint64_t key = slot.key;
      slot = Slot();
      slot.key = key;
    }
    closed_ = true;
  }

  void give(double missed, double min_count, std::vector<PairCount>& out) const {
    for (const Slot& slot : slots_) {
      if (slot.key == kEmpty || !(slot.count() >= min_count && slot.count() > missed)) continue;
      out.push_back({slot.key, slot.count(), slot.texts()});
    }
  }

  double missed() const { return missed_; }

 private:
  std::size_t place(std::uint64_t key) const {
    // The highest bits are the shard's, the same for all keys here.
    return static_cast<std::size_t>(PairSink::mix(key) >> 20) & (slots_.size() - 1);
  }
  // The slot of the key, or the empty one where it belongs.
  std::size_t find(std::uint64_t key) const {
    std::size_t i = place(key);
    while (slots_[i].key != key && slots_[i].key != kEmpty) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  Slot& put(Slot& slot, std::uint64_t key) {
    slot.key = key;
    slot.lost = static_cast<decltype(slot.lost)>(missed_);
    return slot;
  }
  void drop_up_to(double count) {
    rebuild(slots_.size(), [count](const Slot& slot) { return most(slot) > count; });
  }
  template <typename Keep>
  void rebuild(std::size_t size, Keep keep) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    size_ = 0;
    for (const Slot& slot : old) {
      if (slot.key == kEmpty || !keep(slot)) continue;
      slots_[find(slot.key)] = slot;
      ++size_;
    }
  }

  std::vector<Slot> slots_{std::vector<Slot>(256)};
  std::size_t size_ = 0;
  double missed_ = 0;
  bool closed_ = false;
};

template <typename Slot>
class Counter {
 public:
  Counter(std::size_t parts, const std::function<void(std::size_t, PairSink&)>& emit,
          const TextWeights& weights, const PairLimits& limits, const Run& run)
      : parts_(parts), emit_(emit), weights_(weights), limits_(limits), run_(run) {}

  PairCounts count() {
    read("counting pairs");
    double missed = 0;
    for (const PairTable<Slot>& table : tables_) missed = std::max(missed, table.missed());
    if (missed > 0) {
      parallel_for(run_, kPairShards, 1, [&](int, std::size_t shard, std::size_t) {
        tables_[shard].close(missed, limits_.min_count);
      });
      read("counting the pairs that are left");
    }
    std::vector<std::vector<PairCount>> found(kPairShards);
    parallel_for(run_, kPairShards, 1, [&](int, std::size_t shard, std::size_t) {
      tables_[shard].give(missed, limits_.min_count, found[shard]);
      tables_[shard] = PairTable<Slot>();
    });
    PairCounts result;
    result.missed = missed;
    std::size_t size = 0;
    for (const std::vector<PairCount>& pairs : found) size += pairs.size();
    result.pairs.reserve(size);
    for (const std::vector<PairCount>& pairs : found) {
      result.pairs.insert(result.pairs.end(), pairs.begin(), pairs.end());
    }
    return result;
  }

 private:
  void read(const char* stage) {
    run_.begin(stage, parts_);
    const std::size_t capacity = std::max<std::size_t>(1, limits_.max_pairs / kPairShards);
    sinks_.resize(std::min(parts_, kPartsPerRound));
    for (std::size_t first = 0; first < parts_; first += sinks_.size()) {
      const std::size_t count = std::min(sinks_.size(), parts_ - first);
      parallel_for(run_, count, 1, [&](int, std::size_t i, std::size_t) {
        sinks_[i].clear();
        emit_(first + i, sinks_[i]);
      });
      // Part after part within each shard: the order of the sums.
      parallel_for(run_, kPairShards, 1, [&](int, std::size_t shard, std::size_t) {
        for (std::size_t i = 0; i < count; ++i) {
          tables_[shard].add(sinks_[i].shard(shard), weights_);
        }
        tables_[shard].thin(capacity);
      });
      run_.advance(count);
    }
  }

  std::size_t parts_;
  const std::function<void(std::size_t, PairSink&)>& emit_;
  const TextWeights& weights_;
  const PairLimits& limits_;
  const Run& run_;
  std::vector<PairSink> sinks_;
  std::vector<PairTable<Slot>> tables_{kPairShards};
};

}  // namespace

PairCounts count_pairs(std::size_t parts, const std::function<void(std::size_t, PairSink&)>& emit,
                       std::span<const double> weight_values, const PairLimits& limits,
                       const Run& run) {
  const TextWeights weights(weight_values);
  if (weights.all_one()) return Counter<WholeSlot>(parts, emit, weights, limits, run).count();
  return Counter<WeightedSlot>(parts, emit, weights, limits, run).count();
}

}  // namespace wirecopy
