#include "wirecopy/keywords/counts.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

// A chunk of texts is counted by one worker; its size is part of the result's definition (it fixes
// the order in which weights are added), so it must never follow the number of threads.
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::size_t kChunkTexts = std::size_t{1} << 14;
// Chunks counted before their results are merged: the bound on memory beside the result.
constexpr std::size_t kChunksPerThread = 4;
// Terms are split by hash so that several workers can merge, each a shard of its own.
constexpr int kShardBits = 5;
constexpr std::size_t kShards = std::size_t{1} << kShardBits;
// Whole numbers are exact in a double up to here.
constexpr double kLargestTotal = 9007199254740992.0;

// Keeps copies of terms at addresses that never change.
class Arena {
 public:
  std::string_view keep(std::string_view bytes) {
    if (bytes.size() > left_) {
      const std::size_t size = std::max(kBlock, bytes.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      next_ = blocks_.back().get();
      left_ = size;
    }
    char* const copy = next_;
    std::memcpy(copy, bytes.data(), bytes.size());
    next_ += bytes.size();
    left_ -= bytes.size();
    return {copy, bytes.size()};
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 16;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

struct Key {
  std::uint64_t hash;
  std::string_view bytes;

  std::size_t shard() const { return static_cast<std::size_t>(hash >> (64 - kShardBits)); }
  friend bool operator==(const Key& a, const Key& b) {
    return a.hash == b.hash && a.bytes == b.bytes;
  }
};

struct KeyHash {
  std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.hash); }
};

struct Sums {
  double frequency = 0;
  double documents = 0;
  int n = 0;
};

struct ChunkTerm {
  Key key;
  Sums sums;
};

struct ChunkResult {
  Arena arena;
  std::array<std::vector<ChunkTerm>, kShards> terms;
  std::array<double, kMaxNgram> totals{};
  double documents = 0;
};

class Weights {
 public:
  Weights(std::span<const double> values, std::size_t texts) : values_(values) {
    if (values.empty()) return;
    if (values.size() != texts) {
      throw InputError("weights", std::to_string(values.size()) + " values for " +
                                      std::to_string(texts) + " texts");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i]) || values[i] < 0) {
        throw InputError("weights", static_cast<std::int64_t>(i),
                         std::to_string(values[i]) + "; must be finite and not negative");
      }
    }
  }
  double operator[](std::size_t text) const { return values_.empty() ? 1.0 : values_[text]; }

 private:
  std::span<const double> values_;
};

// One worker's tools, used for one chunk after another.
class ChunkCounter {
 public:
  ChunkCounter(int min_n, int max_n)
      : min_n_(static_cast<std::size_t>(min_n)), max_n_(static_cast<std::size_t>(max_n)) {}

  ChunkResult count(const TextColumn& texts, TextReader& reader, const Weights& weights,
                    std::size_t begin, std::size_t end) {
    ChunkResult result;
    tallies_.clear();
    for (std::size_t text = begin; text < end; ++text) {
      const double weight = weights[text];
      if (weight == 0 || texts.is_null(text)) continue;
      result.documents += weight;
      count_text(reader[text], static_cast<DocId>(text), weights, result);
    }
    for (auto& [key, tally] : tallies_) {
      settle(tally, weights);
      result.terms[key.shard()].push_back({key, tally.sums});
    }
    return result;
  }

 private:
  // Occurrences in the text being read are held back and weighted together, so that a term seen t
  // times in a text adds t * weight, not a sum of t roundings.
  struct Tally {
    Sums sums;
    DocId text = 0;
    std::uint32_t pending = 0;
  };

  static void settle(Tally& tally, const Weights& weights) {
    const double weight = weights[tally.text];
    tally.sums.frequency += tally.pending * weight;
    tally.sums.documents += weight;
  }

  void count_text(std::string_view text, DocId id, const Weights& weights, ChunkResult& result) {
    scanner_.scan(text);
    const std::size_t words = scanner_.size();
    for (std::size_t n = min_n_; n <= max_n_ && n <= words; ++n) {
      result.totals[n - 1] += static_cast<double>(words - n + 1) * weights[id];
    }
    if (max_n_ == 1) {
      for (std::size_t i = 0; i < words; ++i) add(scanner_[i], 1, id, weights, result.arena);
      return;
    }
    // With the words end to end, each n-gram is a piece of one string.
    joined_.clear();
    starts_.clear();
    for (std::size_t i = 0; i < words; ++i) {
      starts_.push_back(joined_.size());
      joined_.append(scanner_[i]);
      joined_.push_back(' ');
    }
    starts_.push_back(joined_.size());
    const std::string_view joined = joined_;
    for (std::size_t n = min_n_; n <= max_n_; ++n) {
      for (std::size_t i = 0; i + n <= words; ++i) {
        const std::size_t size = starts_[i + n] - 1 - starts_[i];
        add(joined.substr(starts_[i], size), static_cast<int>(n), id, weights, result.arena);
      }
    }
  }

  void add(std::string_view term, int n, DocId id, const Weights& weights, Arena& arena) {
    const Key key{hash_bytes(term), term};
    auto found = tallies_.find(key);
    if (found == tallies_.end()) {
      found = tallies_.try_emplace(Key{key.hash, arena.keep(term)}).first;
      found->second.sums.n = n;
      found->second.text = id;
    }
    Tally& tally = found->second;
    if (tally.text != id) {
      settle(tally, weights);
      tally.text = id;
      tally.pending = 0;
    }
    ++tally.pending;
  }

  std::size_t min_n_;
  std::size_t max_n_;
  WordScanner scanner_{WordRule::kCount};
  absl::flat_hash_map<Key, Tally, KeyHash> tallies_;
  std::string joined_;
  std::vector<std::size_t> starts_;
};

// All terms whose hash falls in one shard.
struct Shard {
  Arena arena;
  absl::flat_hash_map<Key, Sums, KeyHash> sums;

  void merge(const std::vector<ChunkTerm>& terms) {
    for (const ChunkTerm& term : terms) {
      const auto found = sums.find(term.key);
      if (found == sums.end()) {
        sums.try_emplace(Key{term.key.hash, arena.keep(term.key.bytes)}, term.sums);
      } else {
        found->second.frequency += term.sums.frequency;
        found->second.documents += term.sums.documents;
      }
    }
  }
};

struct Row {
  std::string_view term;
  Sums sums;
};

// Row numbers at which chunks begin, and the end. In bytes of UTF-8, so that they are the same
// whatever the texts are stored as.
std::vector<std::size_t> chunk_bounds(const TextColumn& texts, const Run& run) {
  std::vector<std::size_t> sizes(texts.size());
  run.begin("measuring", texts.total_bytes());
  parallel_for(run, texts.size(), 64, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t text = begin; text < end; ++text) {
      sizes[text] = texts.utf8_bytes(text);
      run.advance(texts.stored_bytes(text));
    }
  });
  std::vector<std::size_t> bounds{0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    bytes += sizes[i];
    if (bytes >= kChunkBytes || i + 1 - bounds.back() >= kChunkTexts) {
      bounds.push_back(i + 1);
      bytes = 0;
    }
  }
  if (bounds.back() != texts.size()) bounds.push_back(texts.size());
  return bounds;
}

// Seven times 1/7 is summed to a little less than 1: a sum that misses a whole number by no more
// than rounding can explain is that number. So a story with k copies of weight 1/k counts exactly
// once.
double whole_if_near(double sum) {
  const double whole = std::round(sum);
  return std::abs(sum - whole) <= 1e-12 * whole ? whole : sum;
}

void require_options(const CountOptions& options) {
  if (options.min_n < 1 || options.max_n < options.min_n || options.max_n > kMaxNgram) {
    throw InputError("ngrams", "(" + std::to_string(options.min_n) + ", " +
                                   std::to_string(options.max_n) +
                                   "); need 1 <= min <= max <= " + std::to_string(kMaxNgram));
  }
  if (!std::isfinite(options.min_df) || options.min_df < 0) {
    throw InputError("min_df",
                     std::to_string(options.min_df) + "; must be finite and not negative");
  }
}

// Moves the terms of the shards to the columns of `counts`, in their order.
void write_rows(const std::vector<Shard>& shards, double min_df, const Run& run, Counts& counts) {
  std::vector<Row> rows;
  std::size_t bytes = 0;
  for (const Shard& shard : shards) {
    run.check();
    for (const auto& [key, sums] : shard.sums) {
      Row row{key.bytes, sums};
      row.sums.frequency = whole_if_near(sums.frequency);
      row.sums.documents = whole_if_near(sums.documents);
      if (row.sums.documents < min_df) {
        ++counts.left_out;
        continue;
      }
      rows.push_back(row);
      bytes += key.bytes.size();
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.sums.n != b.sums.n) return a.sums.n < b.sums.n;
    if (a.sums.frequency != b.sums.frequency) return a.sums.frequency > b.sums.frequency;
    return a.term < b.term;
  });
  run.check();
  counts.terms.bytes.reserve(bytes);
  counts.terms.offsets.reserve(rows.size() + 1);
  counts.n.reserve(rows.size());
  counts.frequency.reserve(rows.size());
  counts.documents.reserve(rows.size());
  for (const Row& row : rows) {
    counts.terms.push_back(row.term);
    counts.n.push_back(row.sums.n);
    counts.frequency.push_back(row.sums.frequency);
    counts.documents.push_back(row.sums.documents);
  }
}

}  // namespace

Counts count_terms(const TextColumn& texts, std::span<const double> weight_values,
                   const CountOptions& options, const Run& run) {
  require_options(options);
  const Weights weights(weight_values, texts.size());
  const std::vector<std::size_t> bounds = chunk_bounds(texts, run);
  const std::size_t chunks = bounds.size() - 1;
  const std::size_t workers = static_cast<std::size_t>(std::max(run.threads, 1));

  std::vector<ChunkCounter> counters;
  counters.reserve(workers);
  for (std::size_t i = 0; i < workers; ++i) counters.emplace_back(options.min_n, options.max_n);
  std::vector<TextReader> readers(workers, TextReader(texts));
  std::vector<Shard> shards(kShards);
  std::array<double, kMaxNgram> totals{};
  Counts counts;

  run.begin("counting", texts.total_bytes());
  std::vector<ChunkResult> results(std::min(chunks, workers * kChunksPerThread));
  for (std::size_t first = 0; first < chunks; first += results.size()) {
    const std::size_t count = std::min(results.size(), chunks - first);
    parallel_for(run, count, 1, [&](int worker, std::size_t i, std::size_t) {
      const std::size_t begin = bounds[first + i];
      const std::size_t end = bounds[first + i + 1];
      const auto w = static_cast<std::size_t>(worker);
      results[i] = counters[w].count(texts, readers[w], weights, begin, end);
      std::uint64_t bytes = 0;
      for (std::size_t text = begin; text < end; ++text) bytes += texts.stored_bytes(text);
      run.advance(bytes);
    });
    // Chunk after chunk within each shard: the order of the sums.
    parallel_for(run, kShards, 1, [&](int, std::size_t shard, std::size_t) {
      for (std::size_t i = 0; i < count; ++i) shards[shard].merge(results[i].terms[shard]);
    });
    for (std::size_t i = 0; i < count; ++i) {
      counts.document_total += results[i].documents;
      for (std::size_t n = 0; n < totals.size(); ++n) totals[n] += results[i].totals[n];
      results[i] = ChunkResult();
    }
  }

  counts.texts = static_cast<std::int64_t>(texts.size());
  counts.min_n = options.min_n;
  counts.max_n = options.max_n;
  counts.document_total = whole_if_near(counts.document_total);
  for (int n = options.min_n; n <= options.max_n; ++n) {
    counts.totals.push_back(whole_if_near(totals[static_cast<std::size_t>(n - 1)]));
    if (!(counts.totals.back() <= kLargestTotal)) {
      throw InputError("weights", "too large: all words together weigh more than 2^53");
    }
  }
  write_rows(shards, options.min_df, run, counts);
  return counts;
}

Table counts_table(const Counts& counts, std::span<const std::int64_t> rows) {
  Strings terms;
  std::vector<std::int64_t> n;
  std::vector<double> frequency;
  std::vector<double> documents;
  std::vector<double> per_million;
  n.reserve(rows.size());
  frequency.reserve(rows.size());
  documents.reserve(rows.size());
  per_million.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<std::size_t>(rows[i]);
    if (rows[i] < 0 || row >= counts.size()) {
      throw InputError("rows", static_cast<std::int64_t>(i),
                       std::to_string(rows[i]) + "; there are " + std::to_string(counts.size()));
    }
    terms.push_back(counts.terms[row]);
    n.push_back(counts.n[row]);
    frequency.push_back(counts.frequency[row]);
    documents.push_back(counts.documents[row]);
    per_million.push_back(counts.frequency[row] / counts.total(counts.n[row]) * 1e6);
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("n", std::move(n));
  table.add("frequency", std::move(frequency));
  table.add("documents", std::move(documents));
  table.add("per_million", std::move(per_million));
  return table;
}

TermIndex index_terms(const Counts& counts) {
  TermIndex index;
  index.reserve(counts.size());
  for (std::size_t row = 0; row < counts.size(); ++row) index.emplace(counts.terms[row], row);
  return index;
}

std::string normalize_term(std::string_view text) {
  WordScanner scanner(WordRule::kCount);
  scanner.scan(text);
  std::string term;
  for (std::size_t i = 0; i < scanner.size(); ++i) {
    if (i > 0) term.push_back(' ');
    term.append(scanner[i]);
  }
  return term;
}

Stopwords::Stopwords(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = normalize_term(words[i]);
    if (word.find(' ') != std::string::npos) {
      throw InputError("stopwords", "'" + words[i] + "' is more than one word ('" + word + "')");
    }
    if (!word.empty()) words_.insert(std::move(word));
  }
}

bool Stopwords::at_edge_of(std::string_view term) const {
  if (words_.empty()) return false;
  const std::size_t first_end = std::min(term.find(' '), term.size());
  if (words_.contains(term.substr(0, first_end))) return true;
  const std::size_t last_space = term.rfind(' ');
  return last_space != std::string_view::npos && words_.contains(term.substr(last_space + 1));
}

}  // namespace wirecopy
