#include "wirecopy/match/parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy::parts {
namespace {

const Run kRun{};

NodeSetsView view(const NodeSets& sets) { return {sets.node, sets.starts, sets.shingles}; }

NodeSets random_sets(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  NodeSets sets;
  for (std::size_t i = 0; i < count; ++i) {
    std::set<std::uint64_t> members;
    const std::size_t size = 1 + random() % 40;
    while (members.size() < size) members.insert(std::uint64_t{random() % 60} << 32 | 5);
    sets.node.push_back(std::uint64_t{random()} << 32 | random());
    sets.shingles.insert(sets.shingles.end(), members.begin(), members.end());
    sets.starts.push_back(sets.shingles.size());
  }
  return sets;
}

template <typename Record>
std::vector<Record> records(const std::string& bytes) {
  std::vector<Record> found(bytes.size() / sizeof(Record));
  if (!bytes.empty()) std::memcpy(found.data(), bytes.data(), bytes.size());
  return found;
}

// By target.
std::map<std::uint64_t, std::string> opened(const Blobs& blobs) {
  std::map<std::uint64_t, std::string> found;
  for (std::size_t i = 0; i < blobs.target.size(); ++i) {
    const auto begin = static_cast<std::size_t>(blobs.starts[i]);
    const auto end = static_cast<std::size_t>(blobs.starts[i + 1]);
    found[blobs.target[i]] += blobs.bytes.substr(begin, end - begin);
  }
  return found;
}

std::size_t in_common(const NodeSets& sets, std::size_t a, std::size_t b) {
  std::vector<std::uint64_t> both;
  std::ranges::set_intersection(sets[a], sets[b], std::back_inserter(both));
  return both.size();
}

// What a cluster does, by one process; which pairs came out connected.
std::vector<PairRecord> connect(const NodeSets& sets, const Similarity& rule, std::uint32_t parts,
                                std::uint32_t block) {
  const auto keys = opened(prefix_keys(view(sets), parts, rule, {}));
  const auto held = opened(spread_sets(view(sets), parts));
  std::map<std::uint64_t, std::string> pairs, requests, brought;
  std::map<std::uint64_t, std::vector<HeapRecord>> heaps;
  for (const auto& [part, bytes] : keys) {
    MeetOptions options{.rule = rule, .parts = parts, .block = block};
    options.part = static_cast<std::uint32_t>(part);
    const Met met = meet(records<KeyRecord>(bytes), options, kRun);
    for (const auto& [target, more] : opened(met.pairs)) pairs[target] += more;
    for (const auto& [target, more] : opened(met.requests)) requests[target] += more;
    for (const HeapRecord& heap : met.heaps) heaps[heap.target].push_back(heap);
  }
  for (const auto& [part, bytes] : requests) {
    const Blobs served = serve(held.at(part), records<RequestRecord>(bytes));
    for (const auto& [target, more] : opened(served)) brought[target] += more;
  }
  std::vector<PairRecord> edges;
  for (const auto& [target, bytes] : brought) {
    const Joined joined =
        verify(bytes, records<PairRecord>(pairs[target]), heaps[target], rule, kRun);
    edges.insert(edges.end(), joined.edges.begin(), joined.edges.end());
  }
  return components(edges);
}

TEST(Parts, ConnectWhatMatches) {
  std::size_t connected = 0;
  for (unsigned seed = 0; seed < 16; ++seed) {
    const NodeSets sets = random_sets(150, seed);
    Similarity rule;
    rule.measure = static_cast<Measure>(seed % 3);
    rule.threshold = rule.measure == Measure::kOverlap ? 20 : 0.45 + 0.05 * (seed % 7);
    std::vector<PairRecord> wanted;
    for (std::size_t a = 0; a < sets.size(); ++a) {
      for (std::size_t b = a + 1; b < sets.size(); ++b) {
        const auto needed = rule.needed(static_cast<std::uint32_t>(sets[a].size()),
                                        static_cast<std::uint32_t>(sets[b].size()));
        if (needed != Similarity::kNever && in_common(sets, a, b) >= needed) {
          wanted.push_back({sets.node[a], sets.node[b]});
        }
      }
    }
    wanted = components(wanted);
    connected += wanted.size();
    // Few parts and many; heaps in one task and in blocks.
    for (const std::uint32_t parts : {1u, 5u, 400u}) {
      for (const std::uint32_t block : {2u, 15u, 20'000u}) {
        EXPECT_EQ(connect(sets, rule, parts, block), wanted)
            << seed << ' ' << parts << ' ' << block;
      }
    }
  }
  EXPECT_GT(connected, 300);
}

TEST(Parts, BlobsKeepWhatWasPut) {
  const NodeSets sets = random_sets(50, 9);
  const auto held = opened(spread_sets(view(sets), 7));
  std::vector<RequestRecord> requests;
  for (const Node node : sets.node) {
    requests.push_back({node, 3});
    requests.push_back({node, 3});
  }
  std::string all;
  for (const auto& [part, bytes] : held) all += bytes;
  const Blobs served = serve(all, requests);
  ASSERT_EQ(served.target, std::vector<std::uint64_t>{3});
  EXPECT_EQ(served.bytes.size(), all.size());
}

TEST(Parts, OneSetIsThereOnce) {
  NodeSets twice = random_sets(1, 4);
  const auto first = std::vector(twice.shingles);
  twice.node.push_back(twice.node[0]);
  twice.shingles.insert(twice.shingles.end(), first.begin(), first.end());
  twice.starts.push_back(twice.shingles.size());
  const std::size_t one = 16 + 4 * (first.size() + first.size() % 2);
  EXPECT_EQ(spread_sets(view(twice), 3).bytes.size(), one);
}

TEST(Parts, RefuseWhatIsNoRecord) {
  EXPECT_THROW(serve("too short", {}), InputError);
  EXPECT_THROW(verify("", {{1, 2}}, {}, {}, kRun), InputError);
  const NodeSets sets = random_sets(1, 1);
  EXPECT_THROW(spread_sets(view(sets), 0), InputError);
  EXPECT_THROW(spread_sets(view(sets), kMostParts + 1), InputError);
}

}  // namespace
}  // namespace wirecopy::parts
