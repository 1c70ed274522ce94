#include "wirecopy/match/dedup.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/match/candidates.h"
#include "wirecopy/match/copies.h"
#include "wirecopy/match/intersect.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 64;

using ShingleSets = std::vector<std::vector<std::uint64_t>>;  // by text; empty where not needed

void check(const DedupOptions& options) {
  // Written so that NaN fails too.
  if (!(options.threshold > 0 && options.threshold <= 1)) {
    throw InputError("threshold", "must be above 0 and at most 1");
  }
  if (!(options.recall > 0 && options.recall < 1)) {
    throw InputError("recall", "must be above 0 and below 1");
  }
}

// Reads every text once: its number of words, and its band keys.
BandKeys sign_texts(const TextColumn& texts, const DedupOptions& options, const Banding& banding,
                    const Run& run, std::vector<std::uint32_t>& words) {
  const auto bands = static_cast<std::size_t>(banding.bands);
  const auto rows = static_cast<std::size_t>(banding.rows);
  const MinHasher hasher(banding.bands * banding.rows, options.seed);
  BandKeys keys(bands, texts.size());
  std::vector<Shingler> shinglers(static_cast<std::size_t>(run.threads),
                                  Shingler(options.shingle_size));
  std::vector<TextReader> readers(shinglers.size(), TextReader(texts));
  run.begin("reading", texts.total_bytes());
  parallel_for(
      run, texts.size(), kTextsAtATime, [&](int worker, std::size_t begin, std::size_t end) {
        Shingler& shingler = shinglers[static_cast<std::size_t>(worker)];
        TextReader& reader = readers[static_cast<std::size_t>(worker)];
        std::vector<std::uint32_t> signature(hasher.size());
        for (std::size_t text = begin; text < end; ++text) {
          run.check();
          hasher.sign(shingler.sequence(reader[text]), signature);
          words[text] = static_cast<std::uint32_t>(shingler.words().size());
          for (std::size_t band = 0; band < bands; ++band) {
            keys.set(band, text,
                     hash_bytes({reinterpret_cast<const char*>(signature.data() + band * rows),
                                 rows * sizeof(std::uint32_t)}));
          }
          run.advance(texts.stored_bytes(text));
        }
      });
  return keys;
}

// The texts that stand in some bucket, ascending.
std::vector<DocId> texts_in(const Buckets& buckets, std::size_t text_count) {
  std::vector<bool> seen(text_count);
  for (const DocId text : buckets.members) seen[text] = true;
  std::vector<DocId> texts;
  for (std::size_t text = 0; text < text_count; ++text) {
    if (seen[text]) texts.push_back(static_cast<DocId>(text));
  }
  return texts;
}

ShingleSets read_sets(const TextColumn& texts, std::span<const DocId> wanted, int shingle_size,
                      const Run& run) {
  ShingleSets sets(texts.size());
  std::vector<Shingler> shinglers(static_cast<std::size_t>(run.threads), Shingler(shingle_size));
  std::vector<TextReader> readers(shinglers.size(), TextReader(texts));
  run.begin("comparing: reading candidates", wanted.size());
  parallel_for(
      run, wanted.size(), kTextsAtATime, [&](int worker, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          run.check();
          const std::string_view text = readers[static_cast<std::size_t>(worker)][wanted[i]];
          const auto set = shinglers[static_cast<std::size_t>(worker)].set(text);
          sets[wanted[i]].assign(set.begin(), set.end());
        }
        run.advance(end - begin);
      });
  return sets;
}

// For each of `wanted`, the first with an equal set.
std::vector<DocId> first_with_set(const ShingleSets& sets, std::span<const DocId> wanted,
                                  const Run& run) {
  std::vector<Fingerprint> prints(wanted.size());
  parallel_for(run, wanted.size(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto bytes = std::as_bytes(std::span(sets[wanted[i]]));
      prints[i] = fingerprint(bytes.data(), bytes.size());
    }
  });
  std::vector<DocId> first = first_equal(prints, run, [&](int, std::size_t j, std::size_t i) {
    return sets[wanted[j]] == sets[wanted[i]];
  });
  for (DocId& i : first) i = wanted[i];
  return first;
}

// Fills `twin` and `copy`.
void find_equal(const TextColumn& texts, const ShingleSets& sets, std::span<const DocId> candidates,
                const Run& run, Matches& matches) {
  const std::vector<DocId> twins = first_with_set(sets, candidates, run);
  std::vector<bool> in_class(texts.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    matches.twin[candidates[i]] = twins[i];
    if (twins[i] != candidates[i]) in_class[twins[i]] = in_class[candidates[i]] = true;
  }
  // Equal bytes make equal sets, so copies are found among twins only.
  std::vector<DocId> with_twin;
  std::ranges::copy_if(candidates, std::back_inserter(with_twin),
                       [&](DocId text) { return in_class[text]; });
  const std::vector<DocId> copies = find_copies(texts, with_twin, CopyForm::kBytes, run);
  for (std::size_t i = 0; i < with_twin.size(); ++i) matches.copy[with_twin[i]] = copies[i];
}

// Which buckets each text stands in.
Buckets buckets_of_texts(const Buckets& buckets, std::size_t text_count) {
  Buckets of_text;
  of_text.starts.assign(text_count + 1, 0);
  for (const DocId text : buckets.members) ++of_text.starts[text + 1];
  std::partial_sum(of_text.starts.begin(), of_text.starts.end(), of_text.starts.begin());
  of_text.members.resize(buckets.members.size());
  std::vector<std::size_t> at(of_text.starts.begin(), of_text.starts.end() - 1);
  for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
    for (const DocId text : buckets[bucket]) {
      of_text.members[at[text]++] = static_cast<DocId>(bucket);
    }
  }
  return of_text;
}

// Compares every two texts that share a bucket, once. No list of candidates is kept: a text's
// partners are gathered, compared and forgotten, so a corpus of look-alikes costs time and not
// memory.
void compare(const Buckets& buckets, const ShingleSets& sets, const Run& run, Matches& matches) {
  const std::size_t text_count = sets.size();
  const std::vector<DocId> texts = texts_in(buckets, text_count);
  const Buckets of_text = buckets_of_texts(buckets, text_count);

  struct Worker {
    std::vector<DocId> seen_by;  // by text: the last text it was compared with, plus one
    std::vector<Pair> pairs;
    std::uint64_t candidates = 0;
  };
  std::vector<Worker> workers(static_cast<std::size_t>(run.threads));
  run.begin("comparing", texts.size());
  parallel_for(run, texts.size(), 16, [&](int w, std::size_t begin, std::size_t end) {
    Worker& worker = workers[static_cast<std::size_t>(w)];
    worker.seen_by.resize(text_count);
    for (std::size_t i = begin; i < end; ++i) {
      run.check();
      const DocId a = texts[i];
      for (const DocId bucket : of_text[a]) {
        const auto members = buckets[bucket];
        for (auto it = std::ranges::upper_bound(members, a); it != members.end(); ++it) {
          const DocId b = *it;
          if (worker.seen_by[b] == a + 1) continue;
          worker.seen_by[b] = a + 1;
          ++worker.candidates;
          const std::uint32_t needed =
              shared_needed(sets[a].size(), sets[b].size(), matches.threshold);
          const std::uint32_t shared = count_shared(sets[a], sets[b], needed);
          if (shared >= needed) worker.pairs.push_back({a, b, shared});
        }
      }
    }
    run.advance(end - begin);
  });
  for (Worker& worker : workers) {
    matches.candidates += worker.candidates;
    matches.pairs.insert(matches.pairs.end(), worker.pairs.begin(), worker.pairs.end());
    worker = {};
  }
  std::ranges::sort(matches.pairs, [](const Pair& x, const Pair& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
}

}  // namespace

Matches find_matches(const TextColumn& texts, const DedupOptions& options, const Run& requested) {
  check(options);
  if (texts.size() >= std::numeric_limits<DocId>::max()) {
    throw InputError("texts", "more than 4 billion rows");
  }
  Run run = requested;
  run.threads = std::max(run.threads, 1);

  Matches matches;
  matches.threshold = options.threshold;
  matches.banding = choose_banding(options.threshold, options.recall, options.permutations);
  matches.candidate_recall = matches.banding.candidate_probability(options.threshold);
  matches.words.resize(texts.size());
  matches.set_size.resize(texts.size());
  matches.twin.resize(texts.size());
  std::iota(matches.twin.begin(), matches.twin.end(), DocId{0});
  matches.copy = matches.twin;

  const BandKeys keys = sign_texts(texts, options, matches.banding, run, matches.words);
  std::vector<DocId> wanted;
  for (std::size_t text = 0; text < texts.size(); ++text) {
    if (matches.words[text] > 0) wanted.push_back(static_cast<DocId>(text));
  }
  run.begin("banding", keys.bands());
  const Buckets all = shared_buckets(keys, wanted, run);
  const std::vector<DocId> candidates = texts_in(all, texts.size());
  const ShingleSets sets = read_sets(texts, candidates, options.shingle_size, run);
  for (const DocId text : candidates) {
    matches.set_size[text] = static_cast<std::uint32_t>(sets[text].size());
  }
  find_equal(texts, sets, candidates, run, matches);

  std::vector<DocId> firsts;
  std::ranges::copy_if(candidates, std::back_inserter(firsts),
                       [&](DocId text) { return matches.twin[text] == text; });
  const Buckets between_firsts =
      firsts.size() == candidates.size() ? all : shared_buckets(keys, firsts, run);
  compare(between_firsts, sets, run, matches);
  return matches;
}

}  // namespace wirecopy
