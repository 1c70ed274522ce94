#include "wirecopy/match/seeds.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <numeric>
#include <utility>

#include "wirecopy/match/chunks.h"
#include "wirecopy/match/repeats.h"

namespace wirecopy {
namespace {

constexpr int kPartBits = 8;
constexpr std::size_t kParts = std::size_t{1} << kPartBits;
constexpr std::uint64_t kCharactersPerWord = 6;

struct Entry {
  std::uint64_t hash;
  Place place;

  static bool by_hash(const Entry& x, const Entry& y) {
    if (x.hash != y.hash) return x.hash < y.hash;
    if (x.place.text != y.place.text) return x.place.text < y.place.text;
    return x.place.word < y.place.word;
  }
};

// The fingerprints of a text. Those that stand nowhere else are dropped later, so that a shorter
// part counts.
struct Marks {
  std::span<std::uint64_t> hashes;
  std::span<std::uint32_t> positions;
};

struct Part {
  std::vector<std::uint32_t> counts;  // places of each seed
  std::vector<Place> places;
  std::uint64_t skipped = 0;
};

// Hashes are evenly spread: their next bits put each entry nearly where it belongs, and what is
// left to sort is a few entries at a time.
std::vector<Entry> sorted_by_hash(std::vector<Entry> entries) {
  constexpr std::size_t kFew = 8;
  const auto bits = static_cast<int>(std::bit_width(entries.size() / kFew));
  if (bits == 0) {
    std::ranges::sort(entries, Entry::by_hash);
    return entries;
  }
  const auto bucket = [&](const Entry& entry) {
    return static_cast<std::size_t>((entry.hash << kPartBits) >> (64 - bits));
  };
  std::vector<std::size_t> ends(std::size_t{1} << bits);
  for (const Entry& entry : entries) ++ends[bucket(entry)];
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::size_t{0});
  std::vector<Entry> sorted(entries.size());
  for (const Entry& entry : entries) sorted[ends[bucket(entry)]++] = entry;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    std::sort(sorted.data() + begin, sorted.data() + end, Entry::by_hash);
    begin = end;
  }
  return sorted;
}

// Groups the entries of a part by hash, and keeps those that are seeds.
Part group(std::vector<Entry> unsorted, std::uint32_t max_df, std::size_t split) {
  const std::vector<Entry> entries = sorted_by_hash(std::move(unsorted));
  Part part;
  for (std::size_t begin = 0; begin < entries.size();) {
    std::size_t end = begin;
    std::size_t df = 0;
    while (end < entries.size() && entries[end].hash == entries[begin].hash) {
      df += end == begin || entries[end].place.text != entries[end - 1].place.text;
      ++end;
    }
    const std::size_t count = end - begin;
    const bool shared =
        df > 1 &&
        (split == 0 || (entries[begin].place.text < split && entries[end - 1].place.text >= split));
    if (shared && (df > max_df || count > 2 * std::size_t{max_df})) {
      ++part.skipped;
    } else if (shared) {
      part.counts.push_back(static_cast<std::uint32_t>(count));
      for (std::size_t i = begin; i < end; ++i) part.places.push_back(entries[i].place);
    }
    begin = end;
  }
  return part;
}

}  // namespace

SeedIndex::SeedIndex(const TextColumn& texts, std::span<const DocId> wanted, FingerprintRule rule,
                     std::uint32_t max_df, std::size_t split, std::span<std::uint32_t> words,
                     const Run& run) {
  const auto threads = static_cast<std::size_t>(run.threads);
  const auto second_side = [&](DocId text) { return split > 0 && text >= split; };
  const auto pool = std::make_shared<BufferPool>();
  std::vector<Marks> marks(wanted.size());
  std::vector<Chunks<std::uint64_t>> hash_memory;
  std::vector<Chunks<std::uint32_t>> position_memory;
  for (std::size_t i = 0; i < threads; ++i) {
    hash_memory.emplace_back(pool);
    position_memory.emplace_back(pool);
  }
  {
    std::uint64_t expected = wanted.size();
    for (const DocId text : wanted) expected += texts.stored(text).length / kCharactersPerWord;
    Repeats repeats(static_cast<std::uint64_t>(4 * rule.density() * static_cast<double>(expected)),
                    run.threads, split > 0 ? Repeats::Across::kSides : Repeats::Across::kTexts);
    std::vector<Fingerprinter> fingerprinters(threads, Fingerprinter(rule));
    std::vector<TextReader> readers(threads, TextReader(texts));
    run.begin("reading", wanted.size());
    parallel_for(run, wanted.size(), 64, [&](int w, std::size_t begin, std::size_t end) {
      const auto worker = static_cast<std::size_t>(w);
      Fingerprinter& made = fingerprinters[worker];
      for (std::size_t i = begin; i < end; ++i) {
        run.check();
        const auto fingerprints = made.read(readers[worker][wanted[i]]);
        words[wanted[i]] = static_cast<std::uint32_t>(made.words().size());
        const std::size_t count = fingerprints.size();
        hash_memory[worker].make(count);
        position_memory[worker].make(count);
        marks[i] = {hash_memory[worker].take(count), position_memory[worker].take(count)};
        std::ranges::transform(fingerprints, marks[i].hashes.begin(), &FingerprintAt::hash);
        std::ranges::transform(fingerprints, marks[i].positions.begin(), &FingerprintAt::word);
        repeats.add(w, marks[i].hashes, second_side(wanted[i]));
      }
      run.advance(end - begin);
    });
    repeats.finish(run);
    parallel_for(run, wanted.size(), 256, [&](int, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        Marks& m = marks[i];
        std::size_t kept = 0;
        for (std::size_t j = 0; j < m.hashes.size(); ++j) {
          m.hashes[kept] = m.hashes[j];
          m.positions[kept] = m.positions[j];
          kept += repeats.repeated(Repeats::half(m.hashes[j]));
        }
        m = {m.hashes.first(kept), m.positions.first(kept)};
      }
    });
  }

  std::vector<std::vector<Entry>> entries(kParts);
  std::vector<std::size_t> sizes(kParts);
  const auto part_of = [](std::uint64_t hash) {
    return static_cast<std::size_t>(hash >> (64 - kPartBits));
  };
  for (const Marks& m : marks) {
    for (const std::uint64_t hash : m.hashes) ++sizes[part_of(hash)];
  }
  for (std::size_t part = 0; part < kParts; ++part) entries[part].reserve(sizes[part]);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i % 1024 == 0) run.check();
    for (std::size_t j = 0; j < marks[i].hashes.size(); ++j) {
      const std::uint64_t hash = marks[i].hashes[j];
      entries[part_of(hash)].push_back({hash, {wanted[i], marks[i].positions[j]}});
    }
  }
  marks.clear();
  hash_memory.clear();
  position_memory.clear();

  std::vector<Part> parts(kParts);
  run.begin("sorting fingerprints", kParts);
  parallel_for(run, kParts, 1, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      parts[part] = group(std::move(entries[part]), max_df, split);
    }
    run.advance(end - begin);
  });

  text_starts_.assign(texts.size() + 1, 0);
  std::size_t total = 0;
  for (const Part& part : parts) {
    skipped_ += part.skipped;
    total += part.places.size();
    for (const Place& place : part.places) ++text_starts_[place.text + 1];
  }
  std::partial_sum(text_starts_.begin(), text_starts_.end(), text_starts_.begin());
  places_.reserve(total);
  by_text_.resize(total);
  std::vector<std::size_t> next(text_starts_.begin(), text_starts_.end() - 1);
  for (Part& part : parts) {
    run.check();
    std::size_t at = 0;
    for (const std::uint32_t count : part.counts) {
      const auto seed = static_cast<std::uint32_t>(size());
      for (const std::size_t end = at + count; at < end; ++at) {
        const Place& place = part.places[at];
        by_text_[next[place.text]++] = {place.word, seed};
        places_.push_back(place);
      }
      starts_.push_back(places_.size());
    }
    part = {};
  }
}

}  // namespace wirecopy
