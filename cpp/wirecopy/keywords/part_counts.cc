#include "wirecopy/keywords/part_counts.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string_view>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/keywords/weights.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

// Texts that one worker counts at a time; part of no result's definition, as entries stay in the
// order of the texts.
constexpr std::size_t kChunkTexts = 256;

// Looks strings up by what a view shows.
struct TermHash : BytesHash {
  using is_transparent = void;
};
using Ids = absl::flat_hash_map<std::string, std::uint32_t, TermHash, std::equal_to<>>;

// Which part the word at a position of a text is in.
using PartOf = std::function<std::uint32_t(std::size_t text, std::size_t position)>;

struct TermEntry {
  std::uint32_t term;
  std::uint32_t part;
  double count;
  double documents;
};

struct Chunk {
  std::vector<std::string> terms;
  std::vector<TermEntry> entries;
  std::vector<std::pair<std::size_t, double>> sizes;  // index into PartCounts::sizes, addend
  std::vector<std::pair<std::size_t, double>> texts;  // part, addend
};

class ChunkCounter {
 public:
  ChunkCounter(const PartOptions& options, std::size_t parts, const Ids* only)
      : min_n_(static_cast<std::size_t>(options.min_n)),
        max_n_(static_cast<std::size_t>(options.max_n)),
        parts_(parts),
        only_(only) {}

  Chunk count(const TextColumn& texts, TextReader& reader, const PartOf& part_of,
              std::span<const double> weights, std::size_t begin, std::size_t end) {
    Chunk chunk;
    ids_.clear();
    for (std::size_t text = begin; text < end; ++text) {
      const double weight = weights.empty() ? 1 : weights[text];
      if (weight == 0 || texts.is_null(text) || part_of(text, 0) == kNoPart) continue;
      scan(reader[text]);
      if (starts_.size() == 1) chunk.texts.emplace_back(part_of(text, 0), weight);
      std::size_t first = 0;
      while (first < starts_.size() - 1) {
        // The words of one part.
        const std::uint32_t part = part_of(text, first);
        std::size_t last = starts_.size() - 1;
        if (part_of(text, last - 1) != part) {
          last = first + 1;
          while (part_of(text, last) == part) ++last;
        }
        chunk.texts.emplace_back(part, weight);
        count_words(first, last, part, weight, chunk);
        first = last;
      }
    }
    return chunk;
  }

 private:
  // The words end to end, so that each n-gram is a piece of one string.
  void scan(std::string_view text) {
    scanner_.scan(text);
    joined_.clear();
    starts_.clear();
    for (std::size_t i = 0; i < scanner_.size(); ++i) {
      starts_.push_back(joined_.size());
      joined_.append(scanner_[i]);
      joined_.push_back(' ');
    }
    starts_.push_back(joined_.size());
  }

  void count_words(std::size_t first, std::size_t last, std::uint32_t part, double weight,
                   Chunk& chunk) {
    const std::size_t words = starts_.size() - 1;
    found_.clear();
    for (std::size_t n = min_n_; n <= max_n_; ++n) {
      std::size_t ngrams = 0;
      for (std::size_t i = first; i < last && i + n <= words; ++i, ++ngrams) {
        const std::size_t size = starts_[i + n] - 1 - starts_[i];
        const std::string_view term = std::string_view(joined_).substr(starts_[i], size);
        if (only_ == nullptr) {
          auto id = ids_.find(term);
          if (id == ids_.end()) {
            id = ids_.emplace(term, static_cast<std::uint32_t>(chunk.terms.size())).first;
            chunk.terms.emplace_back(term);
          }
          found_.push_back(id->second);
        } else if (const auto id = only_->find(term); id != only_->end()) {
          found_.push_back(id->second);
        }
      }
      if (ngrams > 0) {
        chunk.sizes.emplace_back((n - min_n_) * parts_ + part,
                                 static_cast<double>(ngrams) * weight);
      }
    }
    std::sort(found_.begin(), found_.end());
    for (std::size_t i = 0; i < found_.size();) {
      std::size_t next = i + 1;
      while (next < found_.size() && found_[next] == found_[i]) ++next;
      chunk.entries.push_back({found_[i], part, static_cast<double>(next - i) * weight, weight});
      i = next;
    }
  }

  std::size_t min_n_;
  std::size_t max_n_;
  std::size_t parts_;
  const Ids* only_;
  Ids ids_;
  WordScanner scanner_{WordRule::kCount};
  std::string joined_;
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> found_;
};

std::int64_t words_in(std::string_view term) {
  return 1 + std::count(term.begin(), term.end(), ' ');
}

Ids ids_of(const PartOptions& options, std::vector<std::string>& terms) {
  Ids ids;
  for (std::size_t i = 0; i < options.terms.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const std::string& given = options.terms[i];
    std::string term = normalize_term(given);
    if (term.empty()) throw InputError("terms", row, "'" + given + "' has no word in it");
    const std::int64_t n = words_in(term);
    if (n < options.min_n || n > options.max_n) {
      throw InputError("terms", row,
                       "'" + given + "' has " + std::to_string(n) + " words, and n-grams of " +
                           std::to_string(options.min_n) + " to " + std::to_string(options.max_n) +
                           " are counted");
    }
    const auto [found, is_new] = ids.try_emplace(term, static_cast<std::uint32_t>(i));
    if (!is_new) {
      throw InputError(
          "terms", row,
          "'" + given + "' is the same term as '" + options.terms[found->second] + "'");
    }
    terms.push_back(std::move(term));
  }
  return ids;
}

// Entries by term and part, those of the same added up in their order.
void gather(std::vector<TermEntry> entries, std::vector<std::string> terms, bool in_given_order,
            std::span<const double> repeats, PartCounts& counts) {
  std::stable_sort(entries.begin(), entries.end(), [](const TermEntry& x, const TermEntry& y) {
    return x.term != y.term ? x.term < y.term : x.part < y.part;
  });
  std::vector<TermEntry> summed;
  std::vector<std::size_t> starts(terms.size() + 1, 0);
  std::vector<double> frequency(terms.size(), 0);
  for (const TermEntry& entry : entries) {
    if (!summed.empty() && summed.back().term == entry.term && summed.back().part == entry.part) {
      summed.back().count += entry.count;
      summed.back().documents += entry.documents;
    } else {
      summed.push_back(entry);
      ++starts[entry.term + 1];
    }
  }
  entries = {};
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  for (TermEntry& entry : summed) {
    entry.count = whole_if_near(entry.count);
    entry.documents = whole_if_near(entry.documents);
    frequency[entry.term] += entry.count * (repeats.empty() ? 1 : repeats[entry.part]);
  }
  for (double& sum : frequency) sum = whole_if_near(sum);
  std::vector<std::size_t> order(terms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::int64_t> n;
  n.reserve(terms.size());
  for (const std::string& term : terms) n.push_back(words_in(term));
  if (!in_given_order) {
    std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
      if (n[x] != n[y]) return n[x] < n[y];
      if (frequency[x] != frequency[y]) return frequency[x] > frequency[y];
      return terms[x] < terms[y];
    });
  }
  counts.entries.reserve(summed.size());
  for (const std::size_t term : order) {
    counts.terms.push_back(terms[term]);
    counts.n.push_back(n[term]);
    for (std::size_t i = starts[term]; i < starts[term + 1]; ++i) {
      counts.entries.push_back({summed[i].part, summed[i].count, summed[i].documents});
    }
    counts.starts.push_back(counts.entries.size());
  }
}

PartCounts count_by(const TextColumn& texts, std::size_t parts, const PartOf& part_of,
                    std::span<const double> weights, const PartOptions& options, const Run& run) {
  PartCounts counts;
  counts.parts = parts;
  counts.min_n = options.min_n;
  counts.max_n = options.max_n;
  counts.sizes.assign(static_cast<std::size_t>(options.max_n - options.min_n + 1) * parts, 0);
  counts.texts.assign(parts, 0);
  std::vector<std::string> terms;
  Ids ids = ids_of(options, terms);
  const bool given = !options.terms.empty();

  const std::size_t chunks = (texts.size() + kChunkTexts - 1) / kChunkTexts;
  const auto workers = static_cast<std::size_t>(std::max(run.threads, 1));
  std::vector<ChunkCounter> counters(workers, ChunkCounter(options, parts, given ? &ids : nullptr));
  std::vector<TextReader> readers(workers, TextReader(texts));
  std::vector<Chunk> results(std::min(chunks, workers * 4));
  std::vector<TermEntry> entries;
  run.begin("counting", texts.size());
  for (std::size_t first = 0; first < chunks; first += results.size()) {
    const std::size_t some = std::min(results.size(), chunks - first);
    parallel_for(run, some, 1, [&](int worker, std::size_t i, std::size_t) {
      const auto w = static_cast<std::size_t>(worker);
      const std::size_t begin = (first + i) * kChunkTexts;
      const std::size_t end = std::min(begin + kChunkTexts, texts.size());
      results[i] = counters[w].count(texts, readers[w], part_of, weights, begin, end);
      run.advance(end - begin);
    });
    for (std::size_t i = 0; i < some; ++i) {
      Chunk& chunk = results[i];
      for (const auto& [at, size] : chunk.sizes) counts.sizes[at] += size;
      for (const auto& [part, weight] : chunk.texts) counts.texts[part] += weight;
      std::vector<std::uint32_t> known;
      known.reserve(chunk.terms.size());
      for (std::string& term : chunk.terms) {
        const auto [id, is_new] = ids.try_emplace(term, static_cast<std::uint32_t>(terms.size()));
        if (is_new) terms.push_back(std::move(term));
        known.push_back(id->second);
      }
      for (TermEntry entry : chunk.entries) {
        if (!given) entry.term = known[entry.term];
        entries.push_back(entry);
      }
      chunk = Chunk();
    }
    run.check();
  }
  for (double& size : counts.sizes) size = whole_if_near(size);
  for (double& weight : counts.texts) weight = whole_if_near(weight);
  gather(std::move(entries), std::move(terms), given, options.repeats, counts);
  run.check();
  return counts;
}

}  // namespace

PartCounts count_in_parts(const TextColumn& texts, std::span<const std::uint32_t> part_of,
                          std::size_t parts, std::span<const double> weights,
                          const PartOptions& options, const Run& run) {
  if (part_of.size() != texts.size()) throw InputError("by", "must have one value per text");
  for (std::size_t i = 0; i < part_of.size(); ++i) {
    if (part_of[i] != kNoPart && part_of[i] >= parts) {
      throw InputError("by", static_cast<std::int64_t>(i), "no such part");
    }
  }
  return count_by(
      texts, parts, [part_of](std::size_t text, std::size_t) { return part_of[text]; }, weights,
      options, run);
}

PartCounts count_in_equal_parts(const TextColumn& texts, std::size_t parts,
                                std::span<const double> weights, const PartOptions& options,
                                const Run& run) {
  std::vector<std::uint64_t> before(texts.size() + 1, 0);
  const auto workers = static_cast<std::size_t>(std::max(run.threads, 1));
  std::vector<WordScanner> scanners(workers, WordScanner(WordRule::kCount));
  std::vector<TextReader> readers(workers, TextReader(texts));
  run.begin("measuring", texts.size());
  parallel_for(run, texts.size(), 64, [&](int worker, std::size_t begin, std::size_t end) {
    const auto w = static_cast<std::size_t>(worker);
    for (std::size_t text = begin; text < end; ++text) {
      if (texts.is_null(text) || (!weights.empty() && weights[text] == 0)) continue;
      scanners[w].scan(readers[w][text]);
      before[text + 1] = scanners[w].size();
    }
    run.advance(end - begin);
  });
  std::partial_sum(before.begin(), before.end(), before.begin());
  const std::uint64_t all = std::max<std::uint64_t>(before.back(), 1);
  // Parts below 2^31 and words below 2^32 leave room in 64 bits.
  const auto part_of = [&](std::size_t text, std::size_t position) {
    // An empty text at the very end is in the last part.
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(before[text] + position, all - 1) *
                                      parts / all);
  };
  return count_by(texts, parts, part_of, weights, options, run);
}

}  // namespace wirecopy
