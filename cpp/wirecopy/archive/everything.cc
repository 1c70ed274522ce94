#include "wirecopy/archive/everything.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "wirecopy/archive/finder.h"
#include "wirecopy/base/error.h"
#include "wirecopy/match/copies.h"
#include "wirecopy/match/join.h"
#include "wirecopy/match/stars.h"

namespace wirecopy {
namespace {

// Sets of mapped segments, which must stay mapped.
struct HeldCrowd {
  Crowd crowd;
  std::shared_ptr<const Snapshot> snapshot;
};

std::vector<DocId> first_by_print(const std::vector<Fingerprint>& prints, const Run& run) {
  return first_equal(prints, run, [](int, std::size_t, std::size_t) { return true; });
}

}  // namespace

Matches match_everything(const std::shared_ptr<const Snapshot>& snapshot, const Similarity& rule,
                         std::uint64_t max_pairs, const Run& requested) {
  require_answerable(snapshot->settings(), rule);
  if (!snapshot->settings().sets) {
    throw InputError("archive", "keeps no sets, which its texts would be compared by");
  }
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  const std::vector<std::uint64_t> places = snapshot->all();
  const std::size_t count = places.size();
  Matches matches;
  matches.rule = rule;
  matches.words.resize(count);
  matches.set_size.resize(count);
  std::vector<std::span<const std::uint64_t>> sets(count);
  std::vector<Fingerprint> of_set(count);
  std::vector<Fingerprint> of_text(count);
  run.begin("reading", count);
  parallel_for(run, count, 256, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto [part, text] = snapshot->at(places[row]);
      matches.words[row] = part->segment->words(text);
      of_text[row] = part->segment->print(text);
      sets[row] = part->segment->set(text);
      matches.set_size[row] = static_cast<std::uint32_t>(sets[row].size());
      of_set[row] = fingerprint(sets[row].data(), sets[row].size_bytes());
    }
    run.advance(end - begin);
  });
  matches.copy = first_by_print(of_text, run);
  matches.twin = first_by_print(of_set, run);
  for (std::size_t row = 0; row < count; ++row) {
    const auto self = static_cast<DocId>(row);
    if (matches.words[row] == 0) matches.copy[row] = self;
    if (rule.needed_as_smaller(matches.set_size[row]) == Similarity::kNever) {
      matches.twin[row] = self;
    }
  }

  std::vector<DocId> order;
  for (std::size_t row = 0; row < count; ++row) {
    if (matches.twin[row] == row && matches.words[row] > 0) {
      order.push_back(static_cast<DocId>(row));
    }
  }
  std::ranges::stable_sort(order, {}, [&](DocId row) { return matches.set_size[row]; });
  Sets slots;
  for (const DocId row : order) {
    slots.text.push_back(row);
    slots.size.push_back(matches.set_size[row]);
    slots.members.push_back(sets[row]);
  }
  Buckets buckets = prefix_buckets(slots, rule, run);
  Compared found = compare(slots, buckets, rule, max_pairs, run);
  matches.candidates = found.candidates;
  if (!found.too_many) {
    matches.pairs = std::move(found.pairs);
    return matches;
  }
  matches.capped = true;
  const auto held = std::make_shared<HeldCrowd>();
  held->snapshot = snapshot;
  held->crowd.sets = std::move(slots);
  held->crowd.buckets = std::move(buckets);
  matches.crowd = std::shared_ptr<Crowd>(held, &held->crowd);
  return matches;
}

}  // namespace wirecopy
