#include "wirecopy/match/parts.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <tuple>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/match/intersect.h"
#include "wirecopy/match/repeats.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy::parts {
namespace {

// Up to so many sets in a bucket their pairs are listed; more make a heap.
constexpr std::size_t kMostListed = 64;

// SplitMix64's last step: one number for another, and no two alike.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return z ^ z >> 31;
}

// One of `parts`, by the upper half of a number that is spread evenly.
std::uint32_t part_of(std::uint64_t number, std::uint32_t parts) {
  return static_cast<std::uint32_t>((number >> 32) * parts >> 32);
}

std::uint32_t block_of(Node node, std::uint64_t bucket, std::uint32_t blocks) {
  return blocks == 1 ? 0 : part_of(mix(node ^ mix(bucket)), blocks);
}

std::uint64_t pairs_of(std::uint64_t members) { return members * (members - 1) / 2; }

template <typename Record>
void append(std::string& bytes, const Record* records, std::size_t count) {
  if (count > 0) {
    bytes.append(reinterpret_cast<const char*>(records), count * sizeof(Record));
  }
}

// Records (ascending by target_of) as blobs.
template <typename Record, typename TargetOf, typename Put>
Blobs to_blobs(const std::vector<Record>& records, TargetOf target_of, Put put) {
  Blobs blobs;
  for (std::size_t i = 0; i < records.size();) {
    const std::uint64_t target = target_of(records[i]);
    for (; i < records.size() && target_of(records[i]) == target; ++i) put(blobs.bytes, records[i]);
    blobs.target.push_back(target);
    blobs.starts.push_back(static_cast<std::int64_t>(blobs.bytes.size()));
  }
  return blobs;
}

void require_parts(std::uint32_t parts) {
  if (parts < 1 || parts > kMostParts) {
    throw InputError("parts", "must be from 1 to " + std::to_string(kMostParts));
  }
}

// Keys gathered by part.
class KeySpreader {
 public:
  explicit KeySpreader(std::uint32_t parts) : parts_(parts) { require_parts(parts); }

  void add(std::uint64_t key, Node node, std::size_t size, bool indexed) {
    const std::uint64_t mixed = mix(key);
    records_.push_back({part_of(mixed, parts_),
                        {static_cast<std::uint32_t>(mixed),
                         static_cast<std::uint32_t>(size << 1) | std::uint32_t{indexed}, node}});
  }

  Blobs take() {
    std::vector<std::size_t> at(parts_ + std::size_t{1});
    for (const Spread& one : records_) ++at[one.part + 1];
    Blobs blobs;
    for (std::uint32_t part = 0; part < parts_; ++part) {
      if (at[part + 1] > 0) {
        blobs.target.push_back(part);
        blobs.starts.push_back(static_cast<std::int64_t>(at[part + 1] * sizeof(KeyRecord)) +
                               blobs.starts.back());
      }
      at[part + 1] += at[part];
    }
    blobs.bytes.resize(records_.size() * sizeof(KeyRecord));
    for (const Spread& one : records_) {
      std::memcpy(blobs.bytes.data() + at[one.part]++ * sizeof(KeyRecord), &one.record,
                  sizeof(KeyRecord));
    }
    return blobs;
  }

 private:
  struct Spread {
    std::uint32_t part;
    KeyRecord record;
  };
  std::uint32_t parts_;
  std::vector<Spread> records_;
};

// ---- sets as records ----------------------------------------------------------------------------

struct SetHead {
  Node node;
  std::uint64_t size;
};

std::vector<std::uint32_t> halves_of(std::span<const std::uint64_t> shingles) {
  std::vector<std::uint32_t> halves(shingles.size());
  std::ranges::transform(shingles, halves.begin(), Repeats::half);
  return halves;
}

void put_set(std::string& bytes, Node node, std::span<const std::uint32_t> halves) {
  const SetHead head{node, halves.size()};
  append(bytes, &head, 1);
  append(bytes, halves.data(), halves.size());
  if (halves.size() % 2 == 1) bytes.append(sizeof(std::uint32_t), '\0');  // heads stay aligned
}

// Calls use(node, its halves) for each set of a blob.
template <typename Use>
void each_set(std::string_view bytes, Use use) {
  std::vector<std::uint32_t> halves;
  while (!bytes.empty()) {
    SetHead head{};
    if (bytes.size() < sizeof(head)) throw InputError("sets", "end within a record");
    std::memcpy(&head, bytes.data(), sizeof(head));
    bytes.remove_prefix(sizeof(head));
    if (head.size > bytes.size() / sizeof(std::uint32_t)) {
      throw InputError("sets", "end within a record");
    }
    halves.resize(head.size);
    std::memcpy(halves.data(), bytes.data(), head.size * sizeof(std::uint32_t));
    use(head.node, std::span<const std::uint32_t>(halves));
    bytes.remove_prefix(
        std::min((head.size + head.size % 2) * sizeof(std::uint32_t), bytes.size()));
  }
}

// Sets to compare: a half and how often it came before, so that no member is there twice.
class Shelf {
 public:
  explicit Shelf(std::string_view bytes) {
    each_set(bytes, [&](Node node, std::span<const std::uint32_t> halves) {
      if (!slot_.try_emplace(node, nodes_.size()).second) return;
      nodes_.push_back(node);
      std::uint32_t before = 0;
      for (std::size_t i = 0; i < halves.size(); ++i) {
        before = i > 0 && halves[i] == halves[i - 1] ? before + 1 : 0;
        members_.push_back(std::uint64_t{halves[i]} << 32 | before);
      }
      starts_.push_back(members_.size());
    });
    root_.resize(nodes_.size());
    std::iota(root_.begin(), root_.end(), std::size_t{0});
  }

  std::size_t count() const { return nodes_.size(); }
  Node node(std::size_t slot) const { return nodes_[slot]; }
  std::span<const std::uint64_t> operator[](std::size_t slot) const {
    return std::span(members_).subspan(starts_[slot], starts_[slot + 1] - starts_[slot]);
  }
  std::uint32_t size(std::size_t slot) const {
    return static_cast<std::uint32_t>(starts_[slot + 1] - starts_[slot]);
  }
  std::size_t slot_of(Node node) const {
    const auto found = slot_.find(node);
    if (found == slot_.end()) throw InputError("pairs", "name a set that is not there");
    return found->second;
  }

  // Compares two sets, unless they are connected already; whether it did.
  bool compare(std::size_t a, std::size_t b, const Similarity& rule) {
    const std::size_t root_a = root_of(a);
    const std::size_t root_b = root_of(b);
    if (root_a == root_b) return false;
    const std::uint32_t needed = rule.needed(size(a), size(b));
    if (needed == Similarity::kNever) return false;
    if (count_shared((*this)[a], (*this)[b], needed) >= needed) {
      // The least node, not the first that came: a task that runs again gives the same edges.
      const bool a_first = nodes_[root_a] < nodes_[root_b];
      root_[a_first ? root_b : root_a] = a_first ? root_a : root_b;
    }
    return true;
  }

  // Every set that is connected with another one, and the first of those it is connected with.
  std::vector<PairRecord> edges() {
    std::vector<PairRecord> found;
    for (std::size_t slot = 0; slot < nodes_.size(); ++slot) {
      const std::size_t root = root_of(slot);
      if (root == slot) continue;
      const auto [a, b] = std::minmax(nodes_[slot], nodes_[root]);
      found.push_back({a, b});
    }
    return found;
  }

 private:
  std::size_t root_of(std::size_t slot) {
    while (root_[slot] != slot) slot = root_[slot] = root_[root_[slot]];
    return slot;
  }

  absl::flat_hash_map<Node, std::size_t> slot_;
  std::vector<Node> nodes_;
  std::vector<std::uint64_t> members_;
  std::vector<std::size_t> starts_{0};
  std::vector<std::size_t> root_;
};

// ---- buckets ------------------------------------------------------------------------------------

class Meeting {
 public:
  explicit Meeting(const MeetOptions& options) : options_(options) { require_parts(options.parts); }

  void add(std::span<const KeyRecord> members) {
    ++met_.buckets;
    met_.largest = std::max(met_.largest, std::uint64_t{members.size()});
    met_.together += pairs_of(members.size());
    const bool cap = options_.max_bucket > 0 && members.size() > options_.max_bucket;
    if (cap || members.size() > kMostListed) {
      // By its members: a mould fills a bucket for each of its shingles, often with the same sets.
      std::uint64_t heap = members.size();
      for (const KeyRecord& member : members) heap = mix(heap ^ member.node);
      add_heap(heap, members, cap);
      return;
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t j = i + 1; j < members.size(); ++j) add_pair(members[i], members[j]);
    }
  }

  Met finish() {
    std::ranges::sort(pairs_);
    pairs_.erase(std::ranges::unique(pairs_).begin(), pairs_.end());
    for (const PairRecord& pair : pairs_) {
      const std::uint32_t target = part_of(pair.a, options_.parts);
      requests_.push_back({pair.a, target});
      requests_.push_back({pair.b, target});
    }
    std::ranges::sort(requests_);
    requests_.erase(std::ranges::unique(requests_).begin(), requests_.end());
    // Parts are cut from the upper bits, so ascending nodes are in ascending parts.
    met_.pairs = to_blobs(
        pairs_, [&](const PairRecord& pair) { return part_of(pair.a, options_.parts); },
        [](std::string& bytes, const PairRecord& pair) { append(bytes, &pair, 1); });
    met_.requests = to_blobs(
        requests_,
        [&](const RequestRecord& request) { return part_of(request.node, options_.parts); },
        [](std::string& bytes, const RequestRecord& request) { append(bytes, &request, 1); });
    return std::move(met_);
  }

 private:
  void add_pair(const KeyRecord& x, const KeyRecord& y) {
    const auto& [smaller, larger] = x.size() <= y.size() ? std::tie(x, y) : std::tie(y, x);
    if (!smaller.indexed()) return;
    if (options_.rule.needed(smaller.size(), larger.size()) == Similarity::kNever) return;
    const auto [a, b] = std::minmax(x.node, y.node);
    pairs_.push_back({a, b});
  }

  void add_heap(std::uint64_t bucket, std::span<const KeyRecord> members, bool cap) {
    const std::size_t room = cap ? options_.max_bucket : options_.block;
    // Two blocks to a task.
    const std::size_t in_block =
        cap || members.size() <= room ? room : std::max<std::size_t>(room / 2, 1);
    const auto blocks = static_cast<std::uint32_t>((members.size() + in_block - 1) / in_block);
    std::vector<std::uint64_t> in(blocks);
    for (const KeyRecord& member : members) {
      const std::uint32_t own = block_of(member.node, bucket, blocks);
      ++in[own];
      for (std::uint32_t other = 0; other < blocks; ++other) {
        if (cap && other != own) continue;
        const auto [first, second] = std::minmax(own, other);
        requests_.push_back({member.node, target_of(bucket, first, second)});
      }
    }
    for (std::uint32_t first = 0; first < blocks; ++first) {
      for (std::uint32_t second = first; second < blocks; ++second) {
        if (cap && second != first) break;
        met_.heaps.push_back({target_of(bucket, first, second), bucket, blocks, first, second});
      }
    }
    if (!cap) return;
    ++met_.capped;
    met_.not_compared += pairs_of(members.size());
    for (const std::uint64_t count : in) met_.not_compared -= count > 0 ? pairs_of(count) : 0;
  }

  // Beyond all parts.
  static Target target_of(std::uint64_t bucket, std::uint32_t first, std::uint32_t second) {
    constexpr Target kHeap = Target{1} << 62;
    const std::uint64_t task = mix(bucket ^ mix(std::uint64_t{first} << 32 | second));
    return kHeap | (task & (kHeap - 1));
  }

  const MeetOptions& options_;
  Met met_;
  std::vector<PairRecord> pairs_;
  std::vector<RequestRecord> requests_;
};

}  // namespace

Packed pack_sets(const TextColumn& texts, int shingle_size, const Run& run) {
  Packed packed;
  Shingler shingler(shingle_size);
  TextReader reader(texts);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    run.check();
    const std::string_view text = reader[row];
    packed.content.push_back(text.empty() ? 0 : hash_bytes(text));
    const auto set = shingler.set(text);
    packed.sets.node.push_back(hash_words(set.data(), set.size()));
    packed.sets.shingles.insert(packed.sets.shingles.end(), set.begin(), set.end());
    packed.sets.starts.push_back(packed.sets.shingles.size());
    run.advance(1);
  }
  return packed;
}

Blobs spread_sets(const NodeSetsView& sets, std::uint32_t parts) {
  require_parts(parts);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (!sets[i].empty()) order.push_back(i);
  }
  std::ranges::sort(order, [&](std::size_t x, std::size_t y) {
    return sets.node[x] != sets.node[y] ? sets.node[x] < sets.node[y] : x < y;
  });
  const auto same = [&](std::size_t x, std::size_t y) { return sets.node[x] == sets.node[y]; };
  order.erase(std::ranges::unique(order, same).begin(), order.end());
  return to_blobs(
      order, [&](std::size_t i) { return part_of(sets.node[i], parts); },
      [&](std::string& bytes, std::size_t i) { put_set(bytes, sets.node[i], halves_of(sets[i])); });
}

Blobs band_keys(const NodeSetsView& sets, std::uint32_t parts, const Banding& banding,
                std::uint64_t seed) {
  KeySpreader keys(parts);
  const auto rows = static_cast<std::size_t>(banding.rows);
  const MinHasher hasher(banding.bands * banding.rows, seed);
  std::vector<std::uint32_t> signature(hasher.size());
  absl::flat_hash_set<Node> seen;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto set = sets[i];
    if (set.empty() || !seen.insert(sets.node[i]).second) continue;
    hasher.sign(set, signature);
    for (std::size_t band = 0; std::cmp_less(band, banding.bands); ++band) {
      const std::uint64_t key =
          hash_bytes({reinterpret_cast<const char*>(signature.data() + band * rows),
                      rows * sizeof(std::uint32_t)});
      keys.add(key ^ mix(band), sets.node[i], set.size(), true);
    }
  }
  return keys.take();
}

Frequent frequent_shingles(const NodeSetsView& sets, std::uint64_t least, std::size_t most) {
  absl::flat_hash_map<std::uint64_t, std::uint64_t> counts;
  for (const std::uint64_t shingle : sets.shingles) ++counts[shingle];
  std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
  for (const auto& [shingle, count] : counts) {
    if (count >= least) found.emplace_back(count, shingle);
  }
  std::ranges::sort(found, [](const auto& x, const auto& y) {
    return x.first != y.first ? x.first > y.first : x.second < y.second;
  });
  if (found.size() > most) found.resize(most);
  Frequent frequent;
  for (const auto& [count, shingle] : found) {
    frequent.shingle.push_back(shingle);
    frequent.count.push_back(count);
  }
  return frequent;
}

Blobs prefix_keys(const NodeSetsView& sets, std::uint32_t parts, const Similarity& rule,
                  std::span<const std::uint64_t> frequent) {
  KeySpreader keys(parts);
  absl::flat_hash_map<std::uint64_t, std::uint32_t> place;
  for (std::size_t i = 0; i < frequent.size(); ++i) {
    place.try_emplace(frequent[i], static_cast<std::uint32_t>(i));
  }
  std::vector<std::uint32_t> last;  // places of the frequent members
  absl::flat_hash_set<Node> seen;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto set = sets[i];
    if (!seen.insert(sets.node[i]).second) continue;
    const auto size = static_cast<std::uint32_t>(set.size());
    const auto length = [&](std::uint32_t needed) {
      return needed > size ? std::size_t{0} : std::size_t{size} - needed + 1;
    };
    const std::size_t indexed = length(rule.needed_as_smaller(size));
    const std::size_t probed = length(rule.needed_as_larger(size));
    std::size_t taken = 0;
    const auto take = [&](std::uint64_t shingle) {
      keys.add(shingle, sets.node[i], size, taken < indexed);
      ++taken;
    };
    last.clear();
    for (const std::uint64_t shingle : set) {
      if (taken == probed) break;
      const auto found = place.find(shingle);
      if (found == place.end()) {
        take(shingle);
      } else {
        last.push_back(found->second);
      }
    }
    std::ranges::sort(last, std::greater<>());  // the least frequent first
    for (const std::uint32_t at : last) {
      if (taken == probed) break;
      take(frequent[at]);
    }
  }
  return keys.take();
}

Met meet(std::vector<KeyRecord> keys, const MeetOptions& options, const Run& run) {
  Meeting meeting(options);
  std::ranges::sort(keys, [](const KeyRecord& x, const KeyRecord& y) {
    if (x.key != y.key) return x.key < y.key;
    return x.node != y.node ? x.node < y.node : x.size_indexed > y.size_indexed;
  });
  // A set once in a bucket; indexed, where it is that by one of its members.
  const auto same = [](const KeyRecord& x, const KeyRecord& y) {
    return x.key == y.key && x.node == y.node;
  };
  keys.erase(std::ranges::unique(keys, same).begin(), keys.end());
  for (std::size_t i = 0; i < keys.size();) {
    std::size_t end = i + 1;
    while (end < keys.size() && keys[end].key == keys[i].key) ++end;
    if (end - i > 1) {
      run.check();
      meeting.add(std::span(keys).subspan(i, end - i));
    }
    i = end;
  }
  return meeting.finish();
}

Blobs serve(std::string_view sets, std::vector<RequestRecord> requests) {
  std::ranges::sort(requests);
  requests.erase(std::ranges::unique(requests).begin(), requests.end());
  struct Wanted {
    Target target;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Wanted> wanted;
  std::string found;  // the sets that are wanted, once
  absl::flat_hash_set<Node> served;
  each_set(sets, [&](Node node, std::span<const std::uint32_t> halves) {
    auto at = std::ranges::lower_bound(requests, node, {}, &RequestRecord::node);
    if (at == requests.end() || at->node != node || !served.insert(node).second) return;
    const std::size_t begin = found.size();
    put_set(found, node, halves);
    for (; at != requests.end() && at->node == node; ++at) {
      wanted.push_back({at->target, begin, found.size()});
    }
  });
  std::ranges::sort(wanted, [](const Wanted& x, const Wanted& y) {
    return x.target != y.target ? x.target < y.target : x.begin < y.begin;
  });
  return to_blobs(
      wanted, [](const Wanted& one) { return one.target; },
      [&](std::string& bytes, const Wanted& one) {
        bytes.append(found, one.begin, one.end - one.begin);
      });
}

Joined verify(std::string_view sets, std::vector<PairRecord> pairs,
              std::span<const HeapRecord> given_heaps, const Similarity& rule, const Run& run) {
  Joined joined;
  Shelf shelf(sets);
  std::ranges::sort(pairs);
  pairs.erase(std::ranges::unique(pairs).begin(), pairs.end());
  joined.candidates = pairs.size();
  for (const PairRecord& pair : pairs) {
    run.check();
    joined.compared += shelf.compare(shelf.slot_of(pair.a), shelf.slot_of(pair.b), rule);
  }
  std::vector<HeapRecord> heaps(given_heaps.begin(), given_heaps.end());
  std::ranges::sort(heaps);
  heaps.erase(std::ranges::unique(heaps).begin(), heaps.end());
  if (!heaps.empty()) {
    std::vector<std::size_t> slots(shelf.count());
    std::iota(slots.begin(), slots.end(), std::size_t{0});
    std::ranges::sort(slots, [&](std::size_t x, std::size_t y) {
      const std::uint32_t size_x = shelf.size(x);
      const std::uint32_t size_y = shelf.size(y);
      return size_x != size_y ? size_x < size_y : shelf.node(x) < shelf.node(y);
    });
    std::vector<std::uint32_t> block(slots.size());
    for (const HeapRecord& heap : heaps) {
      for (std::size_t i = 0; i < slots.size(); ++i) {
        block[i] = block_of(shelf.node(slots[i]), heap.bucket, heap.blocks);
      }
      for (std::size_t i = 0; i < slots.size(); ++i) {
        run.check();
        const std::uint32_t least = rule.needed_as_larger(shelf.size(slots[i]));
        // From the nearest in size on: most of a mould are, and once connected they are passed
        // over.
        for (std::size_t j = i; j > 0 && shelf.size(slots[j - 1]) >= least;) {
          --j;
          if (heap.first != heap.second && block[i] == block[j]) continue;
          joined.compared += shelf.compare(slots[i], slots[j], rule);
        }
      }
    }
  }
  joined.edges = shelf.edges();
  return joined;
}

std::vector<PairRecord> components(std::span<const PairRecord> edges) {
  std::vector<Node> nodes;
  for (const PairRecord& edge : edges) nodes.insert(nodes.end(), {edge.a, edge.b});
  std::ranges::sort(nodes);
  nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
  const auto place_of = [&](Node node) {
    return static_cast<std::size_t>(std::ranges::lower_bound(nodes, node) - nodes.begin());
  };
  std::vector<std::size_t> root(nodes.size());
  std::iota(root.begin(), root.end(), std::size_t{0});
  const auto root_of = [&](std::size_t at) {
    while (root[at] != at) at = root[at] = root[root[at]];
    return at;
  };
  for (const PairRecord& edge : edges) {
    const std::size_t a = root_of(place_of(edge.a));
    const std::size_t b = root_of(place_of(edge.b));
    root[std::max(a, b)] = std::min(a, b);
  }
  std::vector<PairRecord> least;
  least.reserve(nodes.size());
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    least.push_back({nodes[at], nodes[root_of(at)]});
  }
  return least;
}

}  // namespace wirecopy::parts
