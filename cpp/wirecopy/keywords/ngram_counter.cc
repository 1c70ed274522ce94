#include "wirecopy/keywords/ngram_counter.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <limits>

namespace wirecopy {
namespace {

constexpr std::size_t kPartTokens = std::size_t{1} << 16;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// Finds n-grams that have the words of some given ones at some of their places.
class Pattern {
 public:
  // `places`: a bit for each place that counts.
  Pattern(std::size_t n, std::size_t places, std::span<const std::uint32_t> words,
          std::size_t vocabulary)
      : n_(n), first_(vocabulary, kNone) {
    for (std::size_t place = 0; place < n; ++place) {
      if ((places >> place & 1) != 0) places_.push_back(place);
    }
    const std::size_t rows = n == 0 ? 0 : words.size() / n;
    of_row_.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::span<const std::uint32_t> gram = words.subspan(row * n, n);
      std::uint32_t& first = first_[gram[places_[0]]];
      if (first == kNone) first = nodes_++;
      std::uint32_t node = first;
      for (std::size_t i = 1; i < places_.size(); ++i) {
        const auto [found, fresh] = next_.try_emplace(pair_key(node, gram[places_[i]]), nodes_);
        if (fresh) ++nodes_;
        node = found->second;
      }
      of_row_.push_back(node);
    }
    sums_.resize(nodes_);
  }

  void count(const Stretches& stretches, const TextWeights& weights, const Run& run) {
    std::size_t since_check = 0;
    for (std::size_t s = 0; s < stretches.size(); ++s) {
      const double weight = weights[stretches.text(s)];
      if (weight == 0) continue;
      const std::span<const std::uint32_t> ids = stretches.ids(s);
      for (std::size_t i = 0; i + n_ <= ids.size(); ++i) {
        const std::uint32_t node = find(ids.subspan(i, n_));
        if (node != kNone) sums_[node].add(weight);
        if (++since_check == kPartTokens) {
          run.check();
          since_check = 0;
        }
      }
    }
  }

  double operator[](std::size_t row) const { return sums_[of_row_[row]].value(); }

 private:
  std::uint32_t find(std::span<const std::uint32_t> gram) const {
    std::uint32_t node = first_[gram[places_[0]]];
    for (std::size_t i = 1; i < places_.size() && node != kNone; ++i) {
      const auto found = next_.find(pair_key(node, gram[places_[i]]));
      node = found == next_.end() ? kNone : found->second;
    }
    return node;
  }

  std::size_t n_;
  std::vector<std::size_t> places_;
  std::vector<std::uint32_t> first_;  // [word]: node after it, at the first place
  absl::flat_hash_map<std::uint64_t, std::uint32_t> next_;  // (node, word): node after it
  std::uint32_t nodes_ = 0;
  std::vector<std::uint32_t> of_row_;  // node at which each n-gram ends
  std::vector<ExactSum> sums_;         // [node]
};

}  // namespace

NgramCounter::NgramCounter(const Stretches& stretches, std::span<const double> weights,
                           const PairLimits& limits, const Run& run)
    : stretches_(stretches), weights_(weights), limits_(limits), run_(run) {
  for (const ExactSum& sum : word_sums(stretches.tokens(), TextWeights(weights))) {
    frequent_.push_back(sum.value() > 0 && sum.value() >= limits.min_count);
  }
}

void NgramCounter::count_next() {
  const bool pairs = levels_.empty();
  if (!pairs) number_grams();
  const std::size_t n = levels_.size() + 2;
  const TextWeights weights(weights_);
  const Parts parts(stretches_, kPartTokens);
  const auto emit = [&](std::size_t part, PairSink& sink) {
    for (const Piece& piece : parts[part]) {
      const std::uint32_t text = stretches_.text(piece.stretch);
      if (weights[text] == 0) continue;
      const std::span<const std::uint32_t> ids = stretches_.ids(piece.stretch);
      const std::uint32_t* const at = at_.data() + stretches_.begin(piece.stretch);
      for (std::size_t i = piece.begin; i < piece.end && i + n <= ids.size(); ++i) {
        const std::uint32_t last = ids[i + n - 1];
        if (pairs) {
          if (frequent_[ids[i]] && frequent_[last]) sink.add(pair_key(ids[i], last), text);
        } else if (at[i] != kNone && at[i + 1] != kNone) {
          sink.add(pair_key(at[i], last), text);
        }
      }
    }
  };
  PairCounts counts = count_pairs(parts.size(), emit, weights_, limits_, run_);
  const double missed_before = pairs ? 0 : levels_.back().missed;
  levels_.push_back({std::move(counts.pairs), std::max(counts.missed, missed_before)});
}

void NgramCounter::number_grams() {
  const std::vector<PairCount>& grams = levels_.back().grams;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> numbers;
  numbers.reserve(grams.size());
  for (std::size_t i = 0; i < grams.size(); ++i) {
    numbers.emplace(grams[i].key, static_cast<std::uint32_t>(i));
  }
  const std::size_t n = length();
  std::vector<std::uint32_t> at(stretches_.tokens().ids.size(), kNone);
  run_.begin("finding n-grams", stretches_.size());
  parallel_for(run_, stretches_.size(), 64, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      const std::span<const std::uint32_t> ids = stretches_.ids(s);
      const auto start = static_cast<std::size_t>(stretches_.begin(s));
      for (std::size_t i = 0; i + n <= ids.size(); ++i) {
        const std::uint32_t first = n == 2 ? ids[i] : at_[start + i];
        if (first == kNone) continue;
        const auto found = numbers.find(pair_key(first, ids[i + n - 1]));
        if (found != numbers.end()) at[start + i] = found->second;
      }
    }
    run_.advance(end - begin);
  });
  at_ = std::move(at);
}

std::vector<std::uint32_t> NgramCounter::words(std::size_t length, std::size_t row) const {
  std::vector<std::uint32_t> words(length);
  for (std::size_t n = length; n > 2; --n) {
    const std::uint64_t key = level(n).grams[row].key;
    words[n - 1] = second_of(key);
    row = first_of(key);
  }
  words[1] = second_of(level(2).grams[row].key);
  words[0] = first_of(level(2).grams[row].key);
  return words;
}

std::vector<JointTable> joint_tables(const Stretches& stretches,
                                     std::span<const double> weight_values, std::size_t n,
                                     std::span<const std::uint32_t> words, const Run& run) {
  const TextWeights weights(weight_values);
  const std::size_t rows = words.size() / n;
  const std::size_t cells = std::size_t{1} << n;
  ExactSum all;
  for (std::size_t s = 0; s < stretches.size(); ++s) {
    const std::size_t size = stretches.ids(s).size();
    if (size >= n) all.add(static_cast<double>(size - n + 1) * weights[stretches.text(s)]);
  }
  // at_least[row * cells + places]
  std::vector<double> at_least(rows * cells, all.value());
  run.begin("counting parts of n-grams", cells - 1);
  parallel_for(run, cells - 1, 1, [&](int, std::size_t i, std::size_t) {
    const std::size_t places = i + 1;
    Pattern pattern(n, places, words, stretches.tokens().vocabulary.size());
    pattern.count(stretches, weights, run);
    for (std::size_t row = 0; row < rows; ++row) at_least[row * cells + places] = pattern[row];
    run.advance(1);
  });
  std::vector<JointTable> tables;
  tables.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    tables.push_back(JointTable::of_at_least(n, std::span(at_least).subspan(row * cells, cells)));
  }
  return tables;
}

}  // namespace wirecopy
